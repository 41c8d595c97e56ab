from __future__ import annotations

from procrastinate.contrib.django import app

from parley.tickets import completing, sending, snoozing


@app.periodic(cron="* * * * * */30")
@app.task(name="tickets.complete_by_themselves", queue="sweeps", queueing_lock="completions")
def complete_by_themselves(timestamp: int) -> None:
    """Complete, and remind of, answered tickets whose time has come."""
    while completing.claim_reminders() == completing.BATCH:
        pass
    while completing.claim_completions() == completing.BATCH:
        pass


@app.periodic(cron="* * * * * */20")
@app.task(name="tickets.wake", queue="sweeps", queueing_lock="waking")
def wake_snoozed(timestamp: int) -> None:
    """Bring back the tickets that were put aside until now."""
    while snoozing.claim_woken() == snoozing.BATCH:
        pass


@app.task(name="tickets.send_reply", queue="reactions")
def send_reply(unsent_id: int) -> None:
    """Send a reply whose time to be taken back is over, and whatever else is due."""
    sending.send_due()


@app.periodic(cron="* * * * * */10")
@app.task(name="tickets.send_replies", queue="sweeps", queueing_lock="sending")
def send_replies(timestamp: int) -> None:
    """Send the replies whose job was lost with its worker."""
    while sending.send_due() == sending.BATCH:
        pass
