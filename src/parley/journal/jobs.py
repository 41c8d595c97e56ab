from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from parley.journal import recording


@app.task(
    name="journal.tell_later",
    queue="reactions",
    retry=RetryStrategy(max_attempts=20, exponential_wait=3),
)
def tell_later(entry_id: int) -> None:
    """Run an entry's later reactions; a repeat does nothing."""
    recording.run_later(entry_id)
