from __future__ import annotations

from procrastinate.contrib.django import app

from parley.reports import backlog, folding


@app.periodic(cron="* * * * * */20")
@app.task(name="reports.fold", queue="sweeps", queueing_lock="fold_reports")
def fold(timestamp: int) -> None:
    """Count what has happened, some of it at a time: other sweeps want their turn, too."""
    for _batch in range(20):
        if not folding.fold():
            return


@app.periodic(cron="7 * * * *")
@app.task(name="reports.take_backlogs", queue="sweeps", queueing_lock="backlogs")
def take_backlogs(timestamp: int) -> None:
    """Once a day is over, wherever the marketplace is: how many tickets were open at its end."""
    backlog.take_backlogs()


@app.task(name="reports.follow_zone", queue="sweeps")
def follow_zone() -> None:
    """Move what is counted to the days of another zone."""
    folding.note_of_other_zone()
    folding.fold_all()
    backlog.take_backlogs(anew=True)
