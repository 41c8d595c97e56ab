from __future__ import annotations

import uuid

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from parley.catalogue import picturing


@app.task(name="catalogue.draw_small", queue="files", retry=RetryStrategy(max_attempts=5))
def draw_small(image_id: str) -> None:
    """Draw a product's picture small; a repeat does nothing."""
    picturing.draw_small(uuid.UUID(image_id))
