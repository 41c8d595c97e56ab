from __future__ import annotations

from procrastinate.contrib.django import app

from parley.tickets import completing, snoozing


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
