"""Receiving what platforms send: stored first, answered, and only then understood.

A delivery is a row before the platform gets its answer. A job understands it: claimed by a conditional
UPDATE with a time after which it is taken for lost, so that a worker killed at any moment loses nothing;
order and delivery are settled in one transaction. What fails for a reason of ours is tried again, ever
later; what can't be mapped is listed with its reason until somebody has it tried again.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import connection as database
from django.db import transaction
from django.db.models import F

from parley.channels import events
from parley.channels.access import deliveries_of, worked_by
from parley.channels.connectors.shape import Connector, Heard, Told
from parley.channels.connectors.table import connector_of
from parley.channels.models import Connection, Delivery, DeliveryState
from parley.channels.reasons import Unmappable, reason
from parley.journal.moment import now
from parley.journal.recording import record
from parley.orders.models import Channel, Order
from parley.orders.taking import NotWanted, take_in
from parley.parties.models import Membership

LARGEST = 2 * 2**20
"""Bytes of a delivery: Shopify's and WooCommerce's orders are a few kilobytes."""
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=2)
MOST_ATTEMPTS = 12
_KEPT_HEADERS = ("content-type", "user-agent")
_OURS = ("x-shopify-", "x-wc-")
_SIGNATURES = frozenset({"x-shopify-hmac-sha256", "x-wc-webhook-signature"})

log = logging.getLogger(__name__)


class KeyUsedOtherwise(Exception):
    """A delivery of this id is there, and holds something else."""


def keep(
    channel: Channel,
    body: bytes,
    heard: Heard,
    *,
    headers: Mapping[str, str] | None = None,
    by: Membership | None = None,
) -> tuple[Delivery, bool]:
    """Store a delivery as it came; gives it, and whether it is new. It is understood by a job.

    `by` is whose token sent it; None for a platform. One that was delivered before is not stored
    again. Raises KeyUsedOtherwise.
    """
    digest = hashlib.sha256(body).hexdigest()
    with transaction.atomic():
        delivery, new = Delivery.objects.get_or_create(
            channel=channel,
            delivery_id=heard.delivery_id,
            defaults={
                "topic": heard.topic,
                "headers": _kept(headers or {}),
                "body": body,
                "sha256": digest,
                "membership": by,
            },
        )
        if not new and by is not None and delivery.sha256 != digest:
            raise KeyUsedOtherwise
        if new:
            Connection.objects.filter(pk=channel.pk).update(succeeded_at=now())
            _understand_later(delivery)
    return delivery, new


def refuse(connection: Connection) -> None:
    """Count a delivery that was wrongly signed: nothing of it is kept."""
    Connection.objects.filter(pk=connection.pk).update(refused=F("refused") + 1)


def understand(delivery_id: int) -> None:
    """Make an order of a delivery that waits, or note why there is none. A repeat does nothing."""
    delivery = _claim(delivery_id)
    if delivery is None:
        return
    try:
        with transaction.atomic():
            order = _take(delivery)
            _settle(delivery, DeliveryState.TAKEN, order=order)
    except NotWanted:
        _settle(delivery, DeliveryState.IGNORED, why=reason("not_wanted"))
    except Unmappable as problem:
        _not_mapped(delivery, problem.reason)
    except Exception:
        log.exception("Delivery %s can't be taken in", delivery.pk)
        _wait_or_give_up(delivery)


def sweep(limit: int = 200) -> int:
    """Understand what waits: what failed before, and what a killed worker left. Gives how many."""
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING, try_at__lte=now())
    keys = list(waiting.order_by("try_at").values_list("id", flat=True)[:limit])
    for key in keys:
        understand(key)
    return len(keys)


def try_again(delivery_id: int, *, by: Membership) -> Delivery:
    """Have a delivery that failed, or was passed over, understood anew.

    Raises Delivery.DoesNotExist.
    """
    with transaction.atomic():
        found = deliveries_of(by).filter(channel__in=worked_by(by).order_by().values("id"))
        delivery = found.get(pk=delivery_id)
        done = (DeliveryState.FAILED, DeliveryState.IGNORED)
        waits = Delivery.objects.filter(pk=delivery.pk, state__in=done).update(
            state=DeliveryState.WAITING, attempts=0, try_at=now(), reason={}
        )
        if waits:
            record(
                events.DeliveryTriedAgain(
                    channel=delivery.channel_id,
                    seen=(delivery.channel.seller_id,),
                    delivery=delivery.pk,
                ),
                by=by,
            )
            _understand_later(delivery)
    return delivery


def body_of(delivery: Delivery) -> bytes:
    """The raw body of a delivery that the reader was shown."""
    return bytes(Delivery.objects.values_list("body", flat=True).get(pk=delivery.pk))


def told_in(body: bytes) -> Told:
    """The JSON object in a body. Raises Unmappable."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise Unmappable("not_json") from None
    if not isinstance(told, dict):
        raise Unmappable("not_json")
    return told


def _take(delivery: Delivery) -> Order:
    channel = delivery.channel
    connector = connector_of(channel.kind)
    assert connector is not None
    if delivery.topic not in connector.topics and delivery.topic != FETCHED:
        raise Unmappable("topic", value=delivery.topic)
    arrived = connector.order_of(told_in(bytes(delivery.body)), _settings(connector, channel))
    delivery.external_id = arrived.external_id
    return take_in(channel, arrived, by=delivery.membership)


FETCHED = "fetched"
"""The topic of what we fetched ourselves."""


def _settings(connector: Connector, channel: Channel) -> Mapping[str, Any]:
    found = Connection.objects.filter(pk=channel.pk).values_list("settings", flat=True).first()
    return found or {}


def _claim(delivery_id: int) -> Delivery | None:
    """The delivery, if it is due; nobody else gets it until it is taken for lost."""
    waiting = Delivery.objects.filter(
        pk=delivery_id, state=DeliveryState.WAITING, try_at__lte=now()
    )
    tried = waiting.values_list("attempts", flat=True).first()
    if tried is None:
        return None
    lost_at = now() + min(FIRST_WAIT * 2 ** min(tried, 10), LONGEST_WAIT)
    if not waiting.filter(attempts=tried).update(attempts=tried + 1, try_at=lost_at):
        return None
    return Delivery.objects.select_related("channel", "membership__party").get(pk=delivery_id)


def _not_mapped(delivery: Delivery, why: dict[str, str]) -> None:
    """What is about something else is passed over; what we can't read is for a person to see."""
    if why["code"] in ("topic", "no_lines"):
        _settle(delivery, DeliveryState.IGNORED, why=why)
        return
    _fail(delivery, why)


def _wait_or_give_up(delivery: Delivery) -> None:
    if delivery.attempts >= MOST_ATTEMPTS:
        _fail(delivery, reason("given_up"))
    else:
        Delivery.objects.filter(pk=delivery.pk).update(reason=reason("unexpected"))


def _fail(delivery: Delivery, why: dict[str, str]) -> None:
    with transaction.atomic():
        _settle(delivery, DeliveryState.FAILED, why=why)
        record(
            events.DeliveryFailed(
                channel=delivery.channel_id,
                seen=(delivery.channel.seller_id,),
                delivery=delivery.pk,
                code=why["code"],
            ),
            by=None,
        )


def _settle(
    delivery: Delivery,
    state: DeliveryState,
    *,
    order: Order | None = None,
    why: dict[str, str] | None = None,
) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(
        state=state, reason=why or {}, order=order, external_id=delivery.external_id
    )


def _understand_later(delivery: Delivery) -> None:
    from parley.channels.jobs import understand_delivery

    assert database.in_atomic_block
    understand_delivery.defer(delivery_id=delivery.pk)


def _kept(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers worth keeping: what the platform says of the delivery; signatures are not."""
    return {
        name: value[:200].replace("\x00", "")
        for name, value in headers.items()
        if (name in _KEPT_HEADERS or name.startswith(_OURS)) and name not in _SIGNATURES
    }
