"""Who is told of what beside tickets: one row of `MATTERS` for each kind of event.

To tell of something new, write what `Told` it makes, and give it a row here and in
`site/reactions.py`, and words in `wording.py` (and, if it is about a page, a name in `subjects.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from parley.channels.events import ChannelLost, DeliveryFailed
from parley.channels.models import Connection, Delivery
from parley.channels.reasons import reason
from parley.exports.events import ExportFailed
from parley.exports.models import Export
from parley.journal.events import Event
from parley.notifications.models import Kind, Notice
from parley.orders.events import OrderUnpaid
from parley.orders.models import Channel, Order
from parley.parties.access import members_of
from parley.parties.events import JoinAsked
from parley.parties.models import JoinRequest, Membership, Role


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


def _channel_lost(event: ChannelLost) -> Matter | None:
    connection = Connection.objects.select_related("channel").filter(pk=event.channel).first()
    if connection is None:
        return None
    return _of_channel(event, connection.channel, connection.trouble or reason(event.code))


def _delivery_failed(event: DeliveryFailed) -> Matter | None:
    found = Delivery.objects.select_related("channel").defer("body").filter(pk=event.delivery)
    delivery = found.first()
    if delivery is None:
        return None
    return _of_channel(event, delivery.channel, delivery.reason or reason(event.code))


def _of_channel(event: Event, channel: Channel, why: dict[str, str]) -> Matter:
    """To the seller's owners, but those who have not yet read of the same: a shop sends thousands."""
    path = f"/settings/channels/{channel.pk}/"
    people = _who_have_read(_owners(members_of(channel.seller_id)), event, path)
    facts = {"name": channel.name, "reason": why}
    return Matter(Kind.CHANNEL_TROUBLE, channel.seller_id, people, path=path, facts=facts)


def _join_asked(event: JoinAsked) -> Matter | None:
    """To the company's owners, but those who have not yet read of another who asks."""
    asked = JoinRequest.objects.filter(pk=event.request, approved_at=None, declined_at=None).first()
    if asked is None:
        return None
    path = "/settings/people/"
    owners = tuple(m for m in members_of(event.party) if m.role == Role.OWNER)
    people = _who_have_read(owners, event, path)
    facts = {"name": asked.name}
    return Matter(Kind.JOIN_ASKED, event.party, people, path=path, facts=facts)


def _who_have_read(
    people: tuple[Membership, ...], event: Event, path: str
) -> tuple[Membership, ...]:
    """Those of `people` who have no unread notice of the same on the same page."""
    unread = Notice.objects.filter(
        person__in=[one.person_id for one in people],
        event=type(event).__name__,
        path=path,
        read_at=None,
    )
    know = set(unread.values_list("person_id", flat=True))
    return tuple(one for one in people if one.person_id not in know)


MATTERS: dict[type[Event], Callable[[Any], Matter | None]] = {
    OrderUnpaid: _unpaid,
    ExportFailed: _export_failed,
    ChannelLost: _channel_lost,
    DeliveryFailed: _delivery_failed,
    JoinAsked: _join_asked,
}
