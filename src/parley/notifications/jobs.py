from __future__ import annotations

from procrastinate.contrib.django import app

from parley.notifications import counting, digesting, mailing


@app.periodic(cron="* * * * *")
@app.task(name="notifications.send_mails", queue="mail")
def send_mails(timestamp: int) -> None:
    """Send the mails that are due; the tick each minute sees to those that failed before."""
    if mailing.send_due() == mailing.BATCH:
        send_mails.configure().defer(timestamp=timestamp)


@app.periodic(cron="*/15 * * * *")
@app.task(name="notifications.send_digests", queue="mail")
def send_digests(timestamp: int) -> None:
    """Send the digests that are due: it is eight o'clock somewhere, on a quarter of an hour."""
    digesting.send_digests()


@app.periodic(cron="23 3 * * *")
@app.task(name="notifications.recount", queue="mail")
def recount(timestamp: int) -> None:
    """Set right the numbers in the bells."""
    counting.recount_all()
