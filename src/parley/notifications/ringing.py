"""Ringing the bell: people's open windows are told to look again."""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.db import connection

from parley.journal.recording import CHANNEL

TOGETHER = 200
"""People in one notification: PostgreSQL takes less than 8000 bytes in each."""


def ring(people: Sequence[int]) -> None:
    """Let the bells of these people look again, in all their windows, once this commits."""
    payloads = [_payload(people[i : i + TOGETHER]) for i in range(0, len(people), TOGETHER)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, unnest(%s::text[]))", [CHANNEL, payloads])


def _payload(people: Sequence[int]) -> str:
    return json.dumps({"topics": [f"person/{person}" for person in people]})
