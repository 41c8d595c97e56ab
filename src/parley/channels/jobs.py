from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from parley.channels import fetching, importing, receiving, telling


@app.task(name="channels.understand_delivery", queue="orders", retry=RetryStrategy(max_attempts=3))
def understand_delivery(delivery_id: int) -> None:
    """Make an order of a delivery; a repeat does nothing."""
    receiving.understand(delivery_id)


@app.periodic(cron="* * * * *")
@app.task(name="channels.sweep", queue="sweeps", queueing_lock="channels")
def sweep(timestamp: int) -> None:
    """See to what waits: deliveries that failed before, files whose worker died, shops to be read."""
    receiving.sweep()
    for file_id in importing.lost():
        take_in_file.defer(file_id=file_id)
    for channel_id in fetching.due():
        fetch_channel.defer(channel_id=channel_id)


@app.task(name="channels.fetch", queue="channels")
def fetch_channel(channel_id: int) -> None:
    """Read what was changed in a shop; the sweep comes back for what fails."""
    fetching.fetch(channel_id)


@app.periodic(cron="* * * * *")
@app.task(name="channels.tell", queue="channels")
def tell_channels(timestamp: int) -> None:
    """Tell shops of shipments; the tick each minute sees to those that failed before."""
    telling.tell_due()


@app.task(name="channels.take_in_file", queue="files")
def take_in_file(file_id: int) -> None:
    """Take in the orders of a file; the sweep comes back for one whose worker died."""
    importing.take_in_file(file_id)
