from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from parley.orders import advancing, linking, releasing, settling_again


@app.task(
    name="orders.retry_matching",
    queue="orders",
    retry=RetryStrategy(max_attempts=10, exponential_wait=3),
)
def retry_matching(channel: int | None, listing_id: str, sku: str) -> None:
    """A product or a listing has appeared: match the orders that waited for it."""
    linking.retry_matching(channel=channel, listing_id=listing_id, sku=sku)


BATCH = 100


@app.periodic(cron="* * * * * */20")
@app.task(name="orders.sweep_orders", queue="sweeps", queueing_lock="orders")
def sweep_orders(timestamp: int) -> None:
    """Take the orders on whose time has come."""
    while advancing.sweep(BATCH) == BATCH:
        continue


@app.task(
    name="orders.settle_unpaid",
    queue="orders",
    retry=RetryStrategy(max_attempts=10, exponential_wait=3),
)
def settle_unpaid(seller_id: int, currency: str) -> None:
    """Money has come to a seller's balance: settle the orders that lacked it."""
    settling_again.settle_unpaid(seller_id, currency)


@app.task(
    name="orders.look_again",
    queue="orders",
    retry=RetryStrategy(max_attempts=10, exponential_wait=3),
)
def look_again(supplier: int) -> None:
    """A supplier ships elsewhere now: look at its waiting orders again."""
    releasing.look_again(supplier)


@app.periodic(cron="*/10 * * * *")
@app.task(name="orders.match_latest", queue="orders", queueing_lock="match_latest")
def match_latest(timestamp: int) -> None:
    """Match once more what arrived in the very moment in which its product did."""
    linking.match_latest()
