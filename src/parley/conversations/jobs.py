from __future__ import annotations

import uuid

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from parley.conversations import attaching, picturing, scanning
from parley.conversations.clamd import ScannerDown


@app.task(name="conversations.make_thumbnail", queue="files", retry=RetryStrategy(max_attempts=5))
def make_thumbnail(attachment_id: str) -> None:
    """Draw an attachment's thumbnail; a repeat does nothing."""
    picturing.make_thumbnail(uuid.UUID(attachment_id))


@app.periodic(cron="17 * * * *")
@app.task(name="conversations.discard_unsent", queue="files", pass_context=False)
def discard_unsent(timestamp: int) -> None:
    """Throw away uploads that no message claimed."""
    attaching.discard_unsent()


@app.task(name="conversations.scan_file", queue="files")
def scan_file(attachment_id: str) -> None:
    """Have an upload looked at for viruses; while the scanner is away, it waits for the sweep."""
    try:
        scanning.scan(uuid.UUID(attachment_id))
    except ScannerDown as trouble:
        scanning.LOG.warning("the virus scanner is away, a file waits: %s", trouble)


@app.periodic(cron="* * * * *")
@app.task(
    name="conversations.scan_waiting",
    queue="files",
    queueing_lock="conversations.scan_waiting",
    lock="conversations.scan_waiting",
    pass_context=False,
)
def scan_waiting(timestamp: int) -> None:
    """Show the scanner the uploads that still wait for it."""
    scanning.scan_waiting()
