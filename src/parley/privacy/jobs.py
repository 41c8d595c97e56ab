from __future__ import annotations

from procrastinate.contrib.django import app

from parley.privacy import retaining


@app.periodic(cron="41 2 * * *")
@app.task(name="privacy.keep_to_rules", queue="sweeps", pass_context=False)
def keep_to_rules(timestamp: int) -> None:
    """Remove what is older than its rule allows; a repeat finds nothing left."""
    retaining.keep_to_rules()
