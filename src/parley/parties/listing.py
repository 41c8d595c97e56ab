"""Listing parties, page by page."""

from __future__ import annotations

from django.db.models import Q, Subquery

from parley.parties.access import parties_of_kind
from parley.parties.models import Party


def parties_after(kind: str, after: int | None, size: int) -> list[Party]:
    """Up to `size` parties of `kind` by name, from behind the party `after` on."""
    parties = parties_of_kind(kind).order_by("name", "id")
    if after is not None:
        last = Subquery(Party.objects.filter(pk=after, kind=kind).values("name")[:1])
        parties = parties.filter(Q(name__gt=last) | Q(name=last, id__gt=after))
    return list(parties[:size])
