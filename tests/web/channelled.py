"""What the addresses of channels can name: Bright Home's channels, and what came by them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from cast import Cast
from parley.channels.models import Connection, Delivery, OrderFile
from parley.orders.models import Channel, ChannelKind, Listing, Order, OrderLine, Stage

_numbers = itertools.count(1)


def channelled(cast: Cast) -> dict[str, Callable[[str], str]]:
    """The words of those addresses; what an action takes away is made anew each time."""
    return {
        "<int:channel>": lambda name: str(channel(cast).pk),
        "<channel>": lambda name: str(channel(cast, ChannelKind.JSON).pk),
        "<int:delivery>": lambda name: str(delivery(cast).pk),
        "<delivery>": lambda name: str(delivery(cast, ChannelKind.JSON).pk),
        "<int:file>": lambda name: str(order_file(cast).pk),
        "<int:listing>": lambda name: str(listing(cast).pk),
        "<int:line>": lambda name: str(unlinked(cast).lines.get().pk),
        "<int:order>": lambda name: str(unlinked(cast).pk),
        "<slug:kind>": lambda name: "shopify",
        "<slug:hook>": lambda name: channel(cast).connection.key,
    }


def channel(cast: Cast, kind: str = ChannelKind.SHOPIFY, **settings: Any) -> Channel:
    """The channel of a kind that Bright Home has."""
    found, new = Channel.objects.get_or_create(
        seller=cast.bright_home, kind=kind, name=f"bright-home {kind}"
    )
    if new:
        Connection.objects.create(
            channel=found,
            settings={"address": "bright-home.example", "take": "paid", **settings},
            secrets={"token": "shpat_1", "key": "ck_1", "secret": "cs_1", "webhook_secret": "hush"},
        )
    return found


def delivery(cast: Cast, kind: str = ChannelKind.SHOPIFY, **fields: Any) -> Delivery:
    """Something that came by it and could not be understood."""
    filled: dict[str, Any] = {
        "channel": channel(cast, kind),
        "delivery_id": f"d-{next(_numbers)}",
        "topic": "orders/create",
        "body": b"{}",
        "sha256": "0" * 64,
        "state": "failed",
        "reason": {"code": "missing", "where": "id"},
    }
    return Delivery.objects.create(**filled | fields)


def order_file(cast: Cast, content: bytes = b"Order number,SKU,Qty\n77,KET-100,1\n") -> OrderFile:
    """A file of orders that was uploaded."""
    return OrderFile.objects.create(
        channel=channel(cast, ChannelKind.FILE),
        person=cast.seller.person,
        membership=cast.seller,
        name="orders.csv",
        stored_as=default_storage.save("orders.csv", ContentFile(content)),
        size=len(content),
        sha256="0" * 64,
        columns=["Order number", "SKU", "Qty"],
        mapping={"Order number": "id", "SKU": "sku", "Qty": "quantity"},
    )


def listing(cast: Cast) -> Listing:
    """An item of the channel that is linked."""
    from parley.catalogue.models import Product
    from parley.postgres.text_search import Words

    product, _new = Product.objects.get_or_create(
        supplier=cast.northwind,
        sku="LINKED-1",
        defaults={"title": "A linked vase", "price_minor": 900, "words": Words("A linked vase")},
    )
    return Listing.objects.create(
        channel=channel(cast), listing_id=f"item-{next(_numbers)}", product=product
    )


def unlinked(cast: Cast) -> Order:
    """An order of an item that nobody knows, shown as not linked."""
    number = next(_numbers)
    order = Order.objects.create(
        seller=cast.bright_home,
        channel=channel(cast),
        external_id=f"ext-{number}",
        channel_number=f"#{number}",
        stage=Stage.NOT_LINKED,
    )
    OrderLine.objects.create(order=order, sku="NOBODYS-1", title="A vase", quantity=1)
    return order
