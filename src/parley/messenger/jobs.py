from __future__ import annotations

from procrastinate.contrib.django import app

from parley.messenger import limiting, visiting


@app.periodic(cron="23 * * * *")
@app.task(name="messenger.forget", queue="files", pass_context=False)
def forget(timestamp: int) -> None:
    """Throw away keys that have run out, and what is left of rates that nobody uses up."""
    visiting.forget_old_keys()
    limiting.forget_full()
