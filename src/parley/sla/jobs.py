from __future__ import annotations

from procrastinate.contrib.django import app

from parley.sla import sweeping


@app.periodic(cron="* * * * * */20")
@app.task(name="sla.sweep_clocks", queue="sweeps", queueing_lock="clocks")
def sweep_clocks(timestamp: int) -> None:
    """Tell of the clocks that are due soon or have run out."""
    sweeping.sweep()
