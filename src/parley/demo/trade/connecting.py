"""How the sellers' channels are reached, and what they delivered lately, as it came."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from parley.channels import events
from parley.channels.connectors.table import connector_of
from parley.channels.models import (
    Connection,
    Delivery,
    DeliveryState,
    FileRow,
    FileState,
    OrderFile,
    Outcome,
)
from parley.channels.reasons import Unmappable, reason
from parley.demo.trade.chronicle import Chronicle
from parley.demo.trade.deals import Deal
from parley.demo.trade.payloads import payload
from parley.demo.trade.shops import Shop, Way
from parley.ledger.money import plain
from parley.orders.models import ChannelKind

LATELY = 12
"""How many deliveries are kept of a channel."""
FILES = 3
UNREACHABLE = "gifts.bramblefinch.example"
"""The channel whose keys were taken back."""
_TOPICS = {ChannelKind.SHOPIFY: "orders/create", ChannelKind.WOOCOMMERCE: "order.created"}
_AGENTS = {
    ChannelKind.SHOPIFY: "Shopify-Captain-Hook",
    ChannelKind.WOOCOMMERCE: "WooCommerce/9.8.5 Hookshot (WordPress/6.8)",
    ChannelKind.JSON: "warehouse-till/2.4",
}
_COLUMNS = ["Order number", "Date", "Item", "SKU", "Quantity", "Price", "Recipient", "Address",
            "Town", "Postcode", "Country"]  # fmt: skip
_MAPPING = ["id", "placed_at", "title", "sku", "quantity", "price", "name", "street", "city",
            "postcode", "country"]  # fmt: skip


class Connecting:
    """Writes connections, deliveries and uploaded files; the orders they made have to be there."""

    def __init__(
        self, shops: Mapping[str, Shop], present: datetime, chronicle: Chronicle, rng: Random
    ) -> None:
        self._shops = shops
        self._present = present
        self._chronicle = chronicle
        self._rng = rng

    def write(self, deals: Iterable[Deal], since: datetime) -> None:
        """Write all of it; the channels were connected at `since`."""
        by_channel: dict[int, list[Deal]] = defaultdict(list)
        for deal in deals:
            if deal.external_id:
                by_channel[deal.way.channel.pk].append(deal)
        for shop in self._shops.values():
            for way in shop.ways:
                arrived = by_channel[way.channel.pk]
                self._connect(shop, way, arrived, since)
                if way.kind == ChannelKind.FILE:
                    self._files(shop, way, arrived[-FILES:])
                else:
                    self._deliveries(way, arrived[-LATELY:])

    def _connect(self, shop: Shop, way: Way, arrived: Sequence[Deal], since: datetime) -> None:
        channel = way.channel
        stem = channel.name.split(".")[0].lower()
        addresses = {
            ChannelKind.SHOPIFY: f"{stem}.myshopify.example",
            ChannelKind.WOOCOMMERCE: f"https://{channel.name}",
        }
        address = addresses.get(ChannelKind(way.kind))
        connection = Connection(
            channel=channel,
            settings={"address": address, "take": "paid"} if address else {},
            secrets={name: f"demo-{name}" for name in _secrets_of(way)},
            fetched_until=self._present,
            succeeded_at=arrived[-1].arrived_at if arrived else None,
        )
        if channel.name == UNREACHABLE:
            connection.trouble, connection.attempts = reason("sign_in"), 4
            connection.trouble_at = self._present - timedelta(hours=3)
            lost = events.ChannelLost(channel=channel.pk, seen=(channel.seller_id,), code="sign_in")
            self._chronicle.record(lost, connection.trouble_at)
        connection.save()
        added = events.ChannelAdded(
            channel=channel.pk, seen=(channel.seller_id,), kind=way.kind, name=channel.name
        )
        self._chronicle.record(added, since, shop.company.people[0])

    def _deliveries(self, way: Way, deals: Sequence[Deal]) -> None:
        rows = [self._delivery(way, payload(deal), deal) for deal in deals]
        if deals:
            rows.insert(-2, self._not_understood(way, deals[-1]))
        made = Delivery.objects.bulk_create(rows)
        for row in made:
            if row.state == DeliveryState.FAILED:
                failed = events.DeliveryFailed(
                    channel=way.channel.pk,
                    seen=(way.channel.seller_id,),
                    delivery=row.pk,
                    code=row.reason["code"],
                )
                self._chronicle.record(failed, row.received_at)

    def _delivery(self, way: Way, told: Mapping[str, Any], deal: Deal | None) -> Delivery:
        body = json.dumps(told, ensure_ascii=False, indent=1).encode()
        kind = ChannelKind(way.kind)
        at = (deal and deal.arrived_at) or self._present
        return Delivery(
            channel=way.channel,
            delivery_id=f"{self._rng.getrandbits(128):032x}",
            topic=_TOPICS.get(kind, ""),
            external_id=str(told.get("id", "")),
            headers={"content-type": "application/json", "user-agent": _AGENTS.get(kind, "")},
            body=body,
            sha256=hashlib.sha256(body).hexdigest(),
            received_at=at,
            state=DeliveryState.TAKEN,
            attempts=1,
            try_at=at,
            order_id=deal.id if deal else None,
        )

    def _not_understood(self, way: Way, like: Deal) -> Delivery:
        """One with a mistake in it, and the reason that its connector gives."""
        told = payload(like)
        told["id"] = f"{told['id']}9" if isinstance(told["id"], str) else told["id"] + 9
        line = told["line_items" if "line_items" in told else "lines"][0]
        line["quantity"] = self._rng.choice(["two", "1 pair", "2,5"])
        delivery = self._delivery(way, told, None)
        delivery.received_at = like.placed_at - timedelta(minutes=25)
        connector = connector_of(way.kind)
        assert connector is not None
        try:
            connector.order_of(told, {"take": "paid"})
        except Unmappable as why:
            delivery.state, delivery.reason = DeliveryState.FAILED, why.reason
        return delivery

    def _files(self, shop: Shop, way: Way, deals: Sequence[Deal]) -> None:
        for number, deal in enumerate(deals, 1):
            by = deal.person or shop.company.people[0]
            at = deal.arrived_at or deal.placed_at
            rows = _rows(deal)
            refused = number == len(deals)
            if refused:
                rows.append({**rows[-1], "id": f"{deal.channel_number}b", "quantity": "a few"})
            content = _csv(rows)
            file = OrderFile.objects.create(
                channel=way.channel,
                membership=by.membership,
                person_id=by.membership.person_id,
                name=f"orders-{at:%d-%m}.csv",
                stored_as=default_storage.save(
                    f"orders/{way.channel.pk}/{number}", ContentFile(content)
                ),
                size=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
                columns=_COLUMNS,
                mapping=dict(zip(_COLUMNS, _MAPPING, strict=True)),
                state=FileState.DONE,
                rows=len(rows),
                done=len(rows),
                made=1,
                refused=int(refused),
                uploaded_at=at - timedelta(minutes=2),
                started_at=at - timedelta(seconds=1),
                finished_at=at,
            )
            FileRow.objects.bulk_create(_row(file, n, row, deal) for n, row in enumerate(rows, 2))


def _secrets_of(way: Way) -> list[str]:
    connector = connector_of(way.kind)
    return [field.name for field in connector.fields if field.secret] if connector else []


def _rows(deal: Deal) -> list[dict[str, str]]:
    to = deal.buyer
    return [
        {
            "id": deal.channel_number,
            "placed_at": f"{deal.placed_at:%d/%m/%Y}",
            "title": line.title,
            "sku": line.sku,
            "quantity": str(line.quantity),
            "price": plain(line.sold_for_minor, "GBP"),
            "name": to.name,
            "street": to.street.replace("\n", ", "),
            "city": to.city,
            "postcode": to.postcode,
            "country": to.country,
        }
        for line in deal.lines
    ]


def _row(file: OrderFile, number: int, values: dict[str, str], deal: Deal) -> FileRow:
    is_refused = values["id"] != deal.channel_number
    return FileRow(
        file=file,
        number=number,
        external_id=values["id"],
        values=values,
        outcome=Outcome.REFUSED if is_refused else Outcome.MADE,
        reason=reason("unreadable", where="quantity", value="a few") if is_refused else {},
        order_id=None if is_refused else deal.id,
    )


def _csv(rows: Sequence[dict[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    writer.writerows(list(row.values()) for row in rows)
    return text.getvalue().encode()
