from __future__ import annotations

from procrastinate.contrib.django import app

from parley.mailboxes import forgetting, limiting, taking


@app.task(name="mailboxes.take", queue="mail_in")
def take_mail(mail_id: int) -> None:
    """Take a mail in; a repeat does nothing, and the sweep comes back for one whose worker died."""
    taking.take(mail_id)


@app.periodic(cron="* * * * *")
@app.task(
    name="mailboxes.sweep", queue="sweeps", queueing_lock="mailboxes.sweep", pass_context=False
)
def sweep(timestamp: int) -> None:
    """Take in what waits: mails that failed before, and those that a killed worker left."""
    taking.sweep()


@app.periodic(cron="23 3 * * *")
@app.task(
    name="mailboxes.forget", queue="sweeps", queueing_lock="mailboxes.forget", pass_context=False
)
def forget(timestamp: int) -> None:
    """Throw away the bytes of mails that are old enough, and which addresses were answered when."""
    forgetting.forget_raw()
    limiting.forget_answers()
