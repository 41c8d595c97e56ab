from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from parley.orders import linking


@app.task(
    name="orders.retry_matching",
    queue="orders",
    retry=RetryStrategy(max_attempts=10, exponential_wait=3),
)
def retry_matching(channel: int | None, listing_id: str, sku: str) -> None:
    """A product or a listing has appeared: match the orders that waited for it."""
    linking.retry_matching(channel=channel, listing_id=listing_id, sku=sku)
