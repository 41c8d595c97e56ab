"""Telling a seller's channel of a shipment (O10).

What is to be told is a row, written by the reaction to the shipment. A worker claims it by putting its
next try off, tells the shop with no transaction open (a shop may take its time), and notes what came of
it. Killed in between, it is tried again when that time has come; whoever tells looks first what the shop
knows. When it fails, it is tried again after 1, 2, 4 … minutes, at most six hours apart, and given up
after a week.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction

from parley.channels.connectors.table import connector_of
from parley.channels.models import Connection, Telling
from parley.channels.reasons import Trouble
from parley.journal.events import Event
from parley.journal.models import Entry
from parley.journal.moment import now
from parley.journal.recording import record
from parley.orders.events import ChannelTold, OrderShipped
from parley.orders.models import Order, Shipment
from parley.orders.moving import seen_by_part

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
LONGEST_TRY = timedelta(minutes=10)
"""More than all the questions of one try may take, each with its time limit."""
GIVEN_UP_AFTER = timedelta(days=7)

log = logging.getLogger(__name__)


def tell_of_shipment(event: Event, entry: Entry) -> None:
    """Reaction to OrderShipped: note that the order's channel is to be told, if it can be."""
    from parley.channels.jobs import tell_channels

    assert isinstance(event, OrderShipped)
    shipment = Shipment.objects.select_related("consignment__order__channel").get(pk=event.shipment)
    order = shipment.consignment.order
    connector = connector_of(order.channel.kind)
    if connector is None or connector.tell is None or not order.external_id:
        return
    Telling.objects.get_or_create(shipment=shipment, defaults={"channel": order.channel})
    tell_channels.configure().defer(timestamp=0)


def tell_due(limit: int = 50) -> int:
    """Tell of what is due, each in a transaction of its own; gives how many were seen to."""
    seen_to = 0
    while seen_to < limit and _tell_next():
        seen_to += 1
    return seen_to


def _tell_next() -> bool:
    telling = _claimed()
    if telling is None:
        return False
    order = Order.objects.defer("words").get(pk=telling.shipment.consignment.order_id)
    trouble = _tell(telling, order)
    with transaction.atomic():
        if trouble is None:
            _told(telling, order)
        else:
            _postpone(telling, order, trouble)
    return True


def _claimed() -> Telling | None:
    """What is due longest, put off for as long as one try may take: nobody else tells of it meanwhile."""
    with transaction.atomic():
        telling = (
            Telling.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("shipment__consignment", "channel")
            .filter(try_at__lte=now())
            .order_by("try_at")
            .first()
        )
        if telling is not None:
            telling.try_at = now() + LONGEST_TRY
            telling.save(update_fields=["try_at"])
    return telling


def _tell(telling: Telling, order: Order) -> Trouble | None:
    """Tell the shop; gives what kept us from it, if anything did."""
    try:
        _ask(telling, order)
    except Trouble as trouble:
        return trouble
    except Exception:
        log.exception("The channel can't be told of shipment %s", telling.shipment_id)
        return Trouble("unexpected")
    return None


def _ask(telling: Telling, order: Order) -> None:
    connector = connector_of(telling.channel.kind)
    connection = Connection.objects.filter(pk=telling.channel_id).first()
    if connector is None or connector.tell is None or connection is None:
        raise Trouble("not_there", for_good=True)
    connector.tell(connection, order, telling.shipment)


def _told(telling: Telling, order: Order) -> None:
    telling.try_at, telling.trouble = None, {}
    telling.attempts += 1
    telling.save(update_fields=["try_at", "trouble", "attempts"])
    Shipment.objects.filter(pk=telling.shipment_id).update(told_at=now())
    _record(telling, order, "")


def _postpone(telling: Telling, order: Order, trouble: Trouble) -> None:
    over = trouble.for_good or now() - telling.since > GIVEN_UP_AFTER
    wait = min(FIRST_WAIT * 2 ** min(telling.attempts, 10), LONGEST_WAIT)
    first = not telling.trouble
    telling.try_at = None if over else now() + max(wait, timedelta(seconds=trouble.wait))
    telling.attempts += 1
    telling.trouble = trouble.reason
    telling.save(update_fields=["try_at", "trouble", "attempts"])
    if first or over:
        _record(telling, order, _written(trouble.reason))


def _written(why: dict[str, str]) -> str:
    """As `orders.troubles` reads it."""
    return f"{why['code']}:{why.get('value', '')}"


def _record(telling: Telling, order: Order, trouble: str) -> None:
    seen = seen_by_part(order, telling.shipment.consignment)
    event = ChannelTold(order=order.pk, seen=seen, shipment=telling.shipment_id, trouble=trouble)
    record(event, by=None)
