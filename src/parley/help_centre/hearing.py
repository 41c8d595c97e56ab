"""What readers tell the editors: what they searched for and did not find, and what they thought."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from parley.help_centre.events import MissedSearchSettled
from parley.help_centre.models import MissedSearch, Opinion
from parley.help_centre.roles import may_write, must_write
from parley.journal.moment import now
from parley.journal.recording import record
from parley.parties.models import Membership
from parley.postgres.keysets import Keyset, Page


def missed_searches(
    reader: Membership, cursor: str = "", *, settled: bool = False, size: int = 50
) -> Page[MissedSearch]:
    """What was searched for and not found, the most wanted first, a page at a time.

    Raises NotAnEditor and CursorUnreadable.
    """
    must_write(reader)
    keyset = Keyset(("times", "id"), cursor, size)
    rows = MissedSearch.objects.filter(settled_at__isnull=not settled)
    return keyset.page(list(keyset.cut(rows)))


def missed_search(reader: Membership, key: int) -> MissedSearch:
    """One of them. Raises MissedSearch.DoesNotExist."""
    return _seen_by(reader).get(pk=key)


def settle(key: int, *, by: Membership) -> MissedSearch:
    """An editor has seen to it: it leaves the list until it is missed anew.

    Raises MissedSearch.DoesNotExist.
    """
    with transaction.atomic():
        missed = _seen_by(by).select_for_update().get(pk=key)
        if missed.settled_at is None:
            missed.settled_at = now()
            missed.save(update_fields=["settled_at"])
            record(MissedSearchSettled(missed=missed.pk, words=missed.words), by=by)
    return missed


def opinions(
    reader: Membership, cursor: str = "", *, article: int | None = None, size: int = 50
) -> Page[Opinion]:
    """What readers said of all articles, or of one, the latest first, a page at a time.

    Those who only said that it helped are counted, not listed. Raises NotAnEditor, CursorUnreadable.
    """
    must_write(reader)
    keyset = Keyset(("id",), cursor, size)
    rows = Opinion.objects.exclude(helped=True, reason="").select_related("article")
    if article is not None:
        rows = rows.filter(article=article)
    return keyset.page(list(keyset.cut(rows)))


def _seen_by(reader: Membership) -> QuerySet[MissedSearch]:
    return MissedSearch.objects.all() if may_write(reader) else MissedSearch.objects.none()
