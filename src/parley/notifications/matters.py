"""Who is told of what beside tickets: one row of `MATTERS` for each kind of event.

To tell of something new, write what `Told` it makes, and give it a row here and in
`site/reactions.py`, and words in `wording.py` (and, if it is about a page, a name in `subjects.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from parley.exports.events import ExportFailed
from parley.exports.models import Export
from parley.journal.events import Event
from parley.notifications.models import Kind
from parley.orders.events import OrderUnpaid
from parley.orders.models import Order
from parley.parties.access import members_of
from parley.parties.models import Membership, Role


@dataclass(frozen=True)
class Matter:
    """What to tell of an event: to whom of which party, and what it is about."""

    kind: Kind
    party: int
    people: tuple[Membership, ...]
    order: int | None = None
    path: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def matter_of(event: Event) -> Matter | None:
    """What to tell of the event; None if nothing."""
    return MATTERS[type(event)](event)


def _unpaid(event: OrderUnpaid) -> Matter | None:
    order = Order.objects.only("seller_id", "person_id").get(pk=event.order)
    members = members_of(order.seller_id)
    facts = {"currency": event.currency, "lacking_minor": event.lacking_minor}
    return Matter(
        Kind.ORDER_UNPAID,
        order.seller_id,
        _owners(members, and_also=order.person_id),
        order=event.order,
        facts=facts | {"reason": event.reason},
    )


def _owners(
    members: Iterable[Membership], *, and_also: int | None = None
) -> tuple[Membership, ...]:
    """The owners of a party (all of its people, if it has none), and one person more."""
    everybody = tuple(members)
    heads = tuple(m for m in everybody if m.role == Role.OWNER or m.person_id == and_also)
    return heads if any(m.role == Role.OWNER for m in heads) else everybody


def _export_failed(event: ExportFailed) -> Matter | None:
    export = Export.objects.only("name").filter(pk=event.export).first()
    if export is None:
        return None
    return Matter(
        Kind.EXPORT_FAILED,
        event.party,
        _owners(members_of(event.party)),
        path=f"/settings/exports/{event.export}/",
        facts={"name": export.name, "trouble": event.trouble},
    )


MATTERS: dict[type[Event], Callable[[Any], Matter | None]] = {
    OrderUnpaid: _unpaid,
    ExportFailed: _export_failed,
}
