"""Fetching what was changed in a shop since the last time: no outage of the other side loses an order.

`fetched_until` moves with each page that is stored, so that a fetch killed or cut off half way goes on
from there. What was changed shortly before is read again, since clocks differ; it is stored once.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from parley.channels import events
from parley.channels.connectors.shape import Connector, Heard, Page, Told
from parley.channels.connectors.table import connector_of
from parley.channels.models import Connection
from parley.channels.reasons import Trouble, Unmappable
from parley.channels.receiving import FETCHED, keep
from parley.journal.moment import now
from parley.journal.recording import record
from parley.orders.taking import known_versions

EVERY = timedelta(minutes=5)
OVERLAP = timedelta(minutes=10)
LEASE = timedelta(minutes=15)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
SHORT_WAIT = 5.0
"""Seconds that a shop may ask us to wait and we do, instead of coming back later."""
MOST_SHORT_WAITS = 3

log = logging.getLogger(__name__)


def due(limit: int = 200) -> list[int]:
    """The channels to be read now."""
    found = Connection.objects.filter(fetch_at__lte=now(), channel__active=True)
    return list(found.order_by("fetch_at").values_list("pk", flat=True)[:limit])


def fetch(channel_id: int) -> int:
    """Read what was changed in the shop and store it; gives how many orders are new or changed.

    One at a time reads a channel; what fails is tried again, ever later, and told once.
    """
    connection = _claim(channel_id)
    if connection is None:
        return 0
    connector = connector_of(connection.channel.kind)
    if connector is None or connector.fetch is None:
        Connection.objects.filter(pk=connection.pk).update(fetch_at=None)
        return 0
    began, kept = now(), 0
    try:
        for attempt in range(MOST_SHORT_WAITS + 1):
            try:
                kept += _read(connection, connector)
                break
            except Trouble as trouble:
                if not _wait_a_little(trouble, attempt):
                    raise
        _succeed(connection, began)
    except Trouble as trouble:
        _postpone(connection, trouble)
    return kept


def _read(connection: Connection, connector: Connector) -> int:
    assert connector.fetch is not None
    kept = 0
    for page in connector.fetch(connection, connection.fetched_until - OVERLAP):
        with transaction.atomic():
            kept += _keep(connection, connector, page)
            if page.until is not None and page.until > connection.fetched_until:
                connection.fetched_until = page.until
            Connection.objects.filter(pk=connection.pk).update(
                fetched_until=connection.fetched_until, fetch_at=now() + LEASE
            )
    return kept


def _keep(connection: Connection, connector: Connector, page: Page) -> int:
    """Store the orders of a page but those that are known as they are."""
    ids = [str(told.get("id", "")) for told in page.orders]
    known = known_versions(connection.channel, ids)
    kept = 0
    for told in page.orders:
        if _is_known(connector, told, known, connection.settings):
            continue
        heard = Heard(delivery_id=_delivery_id(connector, told), topic=FETCHED)
        body = json.dumps(told, ensure_ascii=True, sort_keys=True).encode()
        kept += keep(connection.channel, body, heard)[1]
    return kept


def _delivery_id(connector: Connector, told: Told) -> str:
    assert connector.key_of is not None
    try:
        return f"{FETCHED}:{connector.key_of(told)}"[:200]
    except Unmappable:
        return f"{FETCHED}:{hashlib.sha256(repr(told).encode()).hexdigest()}"


def _is_known(
    connector: Connector, told: Told, known: Mapping[str, datetime | None], settings: Any
) -> bool:
    as_of = known.get(str(told.get("id", "")))
    if as_of is None:
        return False
    try:
        changed_at = connector.order_of(told, settings).changed_at
    except Unmappable:
        return False
    return changed_at is not None and changed_at <= as_of


def _claim(channel_id: int) -> Connection | None:
    due_now = Connection.objects.filter(pk=channel_id, channel__active=True, fetch_at__lte=now())
    if not Connection.objects.filter(pk__in=due_now.values("pk"), fetch_at__lte=now()).update(
        fetch_at=now() + LEASE
    ):
        return None
    return Connection.objects.select_related("channel").get(pk=channel_id)


def _wait_a_little(trouble: Trouble, attempt: int) -> bool:
    """Whether the shop asked for a moment's patience, and has had it."""
    short = trouble.reason["code"] == "rate" and trouble.wait <= SHORT_WAIT
    if not short or attempt == MOST_SHORT_WAITS:
        return False
    time.sleep(trouble.wait)
    return True


def _succeed(connection: Connection, began: datetime) -> None:
    with transaction.atomic():
        Connection.objects.filter(pk=connection.pk).update(
            fetched_until=max(connection.fetched_until, began),
            fetch_at=now() + EVERY,
            attempts=0,
            trouble={},
            trouble_at=None,
            succeeded_at=now(),
        )
        if connection.trouble:
            channel = connection.channel
            seen = (channel.seller_id,)
            record(events.ChannelFound(channel=channel.pk, seen=seen), by=None)


def _postpone(connection: Connection, trouble: Trouble) -> None:
    wait = min(FIRST_WAIT * 2 ** min(connection.attempts, 10), LONGEST_WAIT)
    again = now() + max(wait, timedelta(seconds=trouble.wait))
    log.warning("Channel %s can't be read: %s", connection.pk, trouble)
    with transaction.atomic():
        Connection.objects.filter(pk=connection.pk).update(
            fetch_at=again,
            attempts=connection.attempts + 1,
            trouble=trouble.reason,
            trouble_at=connection.trouble_at or now(),
        )
        if not connection.trouble:
            channel = connection.channel
            event = events.ChannelLost(
                channel=channel.pk, seen=(channel.seller_id,), code=trouble.reason["code"]
            )
            record(event, by=None)
