from __future__ import annotations

from procrastinate.contrib.django import app

from parley.desk import routing


@app.periodic(cron="* * * * *")
@app.task(name="desk.hand_out", queue="sweeps", queueing_lock="desk.hand_out")
def hand_out(timestamp: int) -> None:
    """Hand out what waits in teams' queues: somebody has come back, or their hours began."""
    routing.hand_out_waiting()
