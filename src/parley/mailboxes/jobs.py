from __future__ import annotations

from procrastinate.contrib.django import app

from parley.mailboxes import forgetting, limiting, reconciling, taking


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
    forgetting.forget_strays()
    limiting.forget_answers()


@app.task(name="mailboxes.compare", queue="mailboxes")
def compare_mailbox(mailbox_id: int) -> None:
    """Compare what a mailbox holds with what was taken in."""
    reconciling.compare(mailbox_id)


@app.task(name="mailboxes.take_missing", queue="mailboxes")
def take_missing_mails(mailbox_id: int) -> None:
    """Take in what a mailbox holds and the ledger has not; a repeat finds nothing."""
    reconciling.take_missing_now(mailbox_id)
