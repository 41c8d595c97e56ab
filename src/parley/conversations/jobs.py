from __future__ import annotations

import uuid

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from parley.conversations import attaching, picturing


@app.task(name="conversations.make_thumbnail", queue="files", retry=RetryStrategy(max_attempts=5))
def make_thumbnail(attachment_id: str) -> None:
    """Draw an attachment's thumbnail; a repeat does nothing."""
    picturing.make_thumbnail(uuid.UUID(attachment_id))


@app.periodic(cron="17 * * * *")
@app.task(name="conversations.discard_unsent", queue="files", pass_context=False)
def discard_unsent(timestamp: int) -> None:
    """Throw away uploads that no message claimed."""
    attaching.discard_unsent()
