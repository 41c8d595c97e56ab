"""Waiting for one another, where there is no row yet that could be locked."""

from __future__ import annotations

from django.db import connection


def one_at_a_time(*about: object) -> None:
    """Wait until no other transaction is about the same; it is, until this one ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [":".join(map(str, about))]
        )
