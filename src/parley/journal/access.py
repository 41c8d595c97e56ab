"""The door to entries."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from parley.journal.models import Entry
from parley.postgres.questions import Given


def entries_of(subject: str | Given, kinds: Iterable[str] | None = None) -> QuerySet[Entry]:
    """The entries of one subject (`ticket:10042`), oldest first, of the given kinds or all.

    The caller's room has decided that the reader may see the subject, and which kinds of it.
    """
    entries = Entry.objects.filter(subject=subject).order_by("id")
    return entries.filter(kind__in=list(kinds)) if kinds is not None else entries
