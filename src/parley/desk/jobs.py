from __future__ import annotations

from procrastinate.contrib.django import app

from parley.desk import bulk, looking, routing


@app.periodic(cron="* * * * *")
@app.task(name="desk.hand_out", queue="sweeps", queueing_lock="desk.hand_out")
def hand_out(timestamp: int) -> None:
    """Hand out what waits in teams' queues: somebody has come back, or their hours began."""
    routing.hand_out_waiting()


@app.periodic(cron="*/10 * * * *")
@app.task(name="desk.forget_gone", queue="sweeps", queueing_lock="desk.forget_gone")
def forget_gone(timestamp: int) -> None:
    """Drop what is not known any more of who looks at tickets."""
    looking.forget_gone()


@app.task(name="desk.bulk", queue="default")
def work_bulk(bulk_id: int) -> None:
    """Go on with a change to many tickets."""
    bulk.work(bulk_id)


@app.periodic(cron="* * * * * */30")
@app.task(name="desk.bulks", queue="sweeps", queueing_lock="desk.bulks")
def work_bulks(timestamp: int) -> None:
    """Go on with the changes to many tickets whose job was lost with its worker."""
    for bulk_id in bulk.under_way():
        bulk.work(bulk_id)
