from __future__ import annotations

from procrastinate.contrib.django import app

from parley.notifications import mailing


@app.periodic(cron="* * * * *")
@app.task(name="notifications.send_mails", queue="mail")
def send_mails(timestamp: int) -> None:
    """Send the mails that are due; the tick each minute sees to those that failed before."""
    mailing.send_due()


@app.periodic(cron="0 * * * *")
@app.task(name="notifications.send_digests", queue="mail")
def send_digests(timestamp: int) -> None:
    """Send the day's digest to everyone for whom it is eight in the morning."""
    mailing.send_digests()
