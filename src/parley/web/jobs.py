from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from parley.web.account import resetting


@app.task(
    name="web.send_reset_link",
    queue="mail",
    retry=RetryStrategy(max_attempts=6, exponential_wait=4),
)
def send_reset_link(email: str) -> None:
    """Send the link for a new password, if the address is somebody's."""
    resetting.send_reset_link(email)
