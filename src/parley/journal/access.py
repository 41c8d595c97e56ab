"""The door to entries."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from parley.journal.models import Entry
from parley.postgres.questions import Given, one_of


def entries_of(subject: str | Given, kinds: Iterable[str] | None = None) -> QuerySet[Entry]:
    """The entries of one subject (`ticket:10042`), oldest first, of the given kinds or all.

    The caller's room has decided that the reader may see the subject, and which kinds of it.
    """
    entries = Entry.objects.filter(subject=subject).order_by("id")
    return entries.filter(kind__in=list(kinds)) if kinds is not None else entries


def entries_of_any(subjects: str, kinds: Iterable[str]) -> QuerySet[Entry]:
    """The same of several subjects, for a question: `subjects` names what gives them."""
    return Entry.objects.filter(one_of(subjects, "subject"), kind__in=list(kinds)).order_by("id")


LOOKED_BACK = 2_000
"""Entries. No list of the latest looks further back, however much of other kinds there is."""


def latest_entries(kinds: Iterable[str], most: int) -> QuerySet[Entry]:
    """The latest entries of these kinds, newest first: at most so many, of the last few thousand.

    For the operator's people, who may know of all of them.
    """
    last = Entry.objects.order_by("-id").values("id")[:LOOKED_BACK]
    return Entry.objects.filter(id__in=last, kind__in=list(kinds)).order_by("-id")[:most]
