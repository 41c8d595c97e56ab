"""The door to exports: a supplier's own people look, its owners manage; the operator looks on."""

from __future__ import annotations

from django.db.models import OuterRef, QuerySet, Subquery

from parley.exports.models import Export, Run
from parley.parties.models import Membership, PartyKind, Role


def may_look(reader: Membership) -> bool:
    """Whether exports are anything to the reader: sellers have none."""
    return reader.is_operator or reader.party.kind == PartyKind.SUPPLIER


def may_manage(reader: Membership) -> bool:
    """Whether the reader sets exports up for their party and may download its files."""
    return reader.party.kind == PartyKind.SUPPLIER and reader.role == Role.OWNER


def exports_visible_to(reader: Membership) -> QuerySet[Export]:
    """The exports of the reader's own party, by name; all of them for the operator."""
    if reader.is_operator:
        return Export.objects.select_related("supplier").order_by("supplier__name", "name", "id")
    if not may_look(reader):
        return Export.objects.none()
    own = Export.objects.select_related("supplier").filter(supplier=reader.party_id)
    return own.order_by("name", "id")


def exports_managed_by(reader: Membership) -> QuerySet[Export]:
    """Those the reader may change and run."""
    return exports_visible_to(reader) if may_manage(reader) else Export.objects.none()


def with_last_run(exports: QuerySet[Export]) -> QuerySet[Export]:
    """The exports, each with the state, the moment and the orders of its last run."""
    last = Run.objects.filter(export=OuterRef("pk")).order_by("-id")
    return exports.annotate(
        last_state=Subquery(last.values("state")[:1]),
        last_at=Subquery(last.values("asked_at")[:1]),
        last_orders=Subquery(last.values("orders")[:1]),
    )


def runs_visible_to(reader: Membership) -> QuerySet[Run]:
    """The runs of those exports, the newest first."""
    runs = Run.objects.select_related("person", "export", "again_of")
    return runs.filter(export__in=exports_visible_to(reader).order_by().values("id")).order_by(
        "-id"
    )
