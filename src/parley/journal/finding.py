"""Reading the journal by time: all of it, or of one kind, one person, one subject, some days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from parley.journal.models import Entry
from parley.postgres.keysets import Keyset, Page

PAGE = 50
AT_A_TIME = 1000
"""Entries that are held at once while all that fit are read."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which entries. `since` and `until` are moments, the second of them not included."""

    kind: str = ""
    subject: str = ""
    person: int | None = None
    since: datetime | None = None
    until: datetime | None = None


def find_entries(wanted: Wanted, *, cursor: str = "") -> Page[Entry]:
    """A page of entries, the latest first. Raises CursorUnreadable.

    For the operator's administrators: an entry says what happened, whoever may know of it.
    """
    keyset = Keyset(("at", "id"), cursor, PAGE)
    return keyset.page(list(keyset.cut(_fitting(wanted))))


def all_entries(wanted: Wanted) -> Iterator[list[Entry]]:
    """All that fit, the latest first, so many at a time; each batch is one query along the index."""
    cursor: str | None = ""
    while cursor is not None:
        keyset = Keyset(("at", "id"), cursor, AT_A_TIME)
        page = keyset.page(list(keyset.cut(_fitting(wanted))))
        yield list(page.rows)
        cursor = page.older


def _fitting(wanted: Wanted) -> QuerySet[Entry]:
    entries = Entry.objects.all()
    if wanted.kind:
        entries = entries.filter(kind=wanted.kind)
    if wanted.subject:
        entries = entries.filter(subject=wanted.subject)
    if wanted.person is not None:
        entries = entries.filter(person_id=wanted.person)
    if wanted.since is not None:
        entries = entries.filter(at__gte=wanted.since)
    if wanted.until is not None:
        entries = entries.filter(at__lt=wanted.until)
    return entries
