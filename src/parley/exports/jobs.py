from __future__ import annotations

from procrastinate.contrib.django import app

from parley.exports import asking, making, running


@app.task(name="exports.carry_out", queue="exports")
def carry_out(run_id: int) -> None:
    """Carry out one run, as far as it goes now."""
    running.carry_out(run_id)


@app.periodic(cron="* * * * *")
@app.task(name="exports.sweep", queue="sweeps", queueing_lock="exports")
def sweep(timestamp: int) -> None:
    """Ask for the runs that are due, and take up those that are to be tried again."""
    asking.ask_due()
    for run_id in asking.due_runs():
        carry_out.defer(run_id=run_id)


@app.periodic(cron="41 3 * * *")
@app.task(name="exports.discard_old", queue="files")
def discard_old(timestamp: int) -> None:
    """Let go of the files of runs long over."""
    making.discard_old()
