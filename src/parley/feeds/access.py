"""The doors to imports: a supplier's own, and for the operator all."""

from __future__ import annotations

from django.db.models import QuerySet

from parley.feeds.models import Feed, FeedRow, FeedRun
from parley.parties.models import Membership


def feeds_of(reader: Membership) -> QuerySet[Feed]:
    """The scheduled imports of the reader's company, by name."""
    feeds = Feed.objects.order_by("name")
    return feeds if reader.is_operator else feeds.filter(supplier=reader.party_id)


def runs_of(reader: Membership) -> QuerySet[FeedRun]:
    """The files it had imported, or is about to, the latest first."""
    runs = FeedRun.objects.order_by("-pk")
    return runs if reader.is_operator else runs.filter(supplier=reader.party_id)


def refused_rows_of(run: FeedRun) -> QuerySet[FeedRow]:
    """The rows of a run, reached through its door, that were not applied, in the file's order."""
    return run.refused_rows.order_by("number")
