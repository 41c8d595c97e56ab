from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from parley.feeds import applying, receiving


@app.task(
    name="feeds.carry_out", queue="feeds", retry=RetryStrategy(max_attempts=10, exponential_wait=3)
)
def carry_out(run_id: int) -> None:
    """Apply a file; broken off, it goes on where it was."""
    applying.carry_out(run_id)


@app.task(
    name="feeds.fetch_feed", queue="feeds", retry=RetryStrategy(max_attempts=3, exponential_wait=3)
)
def fetch_feed(feed_id: int) -> None:
    """Look for a feed's file, and queue it if it is new."""
    receiving.fetch(feed_id)


@app.periodic(cron="* * * * *")
@app.task(name="feeds.sweep", queue="sweeps", queueing_lock="feeds")
def sweep(timestamp: int) -> None:
    """Have the feeds looked at whose time has come."""
    receiving.fetch_due()
