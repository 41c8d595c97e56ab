"""Telling open streams that something changed which is no entry: words so far, somebody typing."""

from __future__ import annotations

import json

from django.db import connection

from parley.journal.recording import CHANNEL


def tell(*topics: str) -> None:
    """Let the streams of these live topics know: at once, or when the transaction commits."""
    if not topics:
        return
    payload = json.dumps({"topics": topics})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])
