"""What the addresses of products can name: a product of Northwind Supply's, its picture, a service.

And those of orders made by hand: a draft of Bright Home's with one line. And a file to import.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from cast import Cast
from parley.catalogue.models import Product, ProductImage, ShippingService
from parley.feeds.models import Feed, FeedRun
from parley.feeds.receiving import upload
from parley.orders.drafting import add_item, begin
from parley.orders.models import Order, OrderLine
from parley.postgres.text_search import Words


def offered(cast: Cast) -> dict[str, Callable[[str], str]]:
    """The words of those addresses, and what stands for each.

    A picture and a draft are new ones every time, since somebody may throw them away.
    """
    product = Product.objects.create(
        supplier=cast.northwind,
        sku="KET-1",
        title="Enamel stove kettle",
        price_minor=2000,
        stock=5,
        words=Words("Enamel stove kettle KET-1"),
    )
    service = ShippingService.objects.create(supplier=cast.northwind, name="Post", price_minor=300)
    return {
        "<int:product>": lambda name: str(product.pk),
        "<int:service>": lambda name: str(service.pk),
        "<int:feed>": lambda name: str(_feed(cast).pk),
        "<int:imported>": lambda name: str(_imported(cast).pk),
        "<uuid:image>": lambda name: str(_picture(product).pk),
        "<int:draft>": lambda name: str(_draft(cast, product).pk),
        # The draft's, which stands before it in every address.
        "<int:item>": lambda name: str(OrderLine.objects.latest("pk").pk),
    }


def _picture(product: Product) -> ProductImage:
    return ProductImage.objects.create(
        id=uuid.uuid4(),
        product=product,
        name="kettle.png",
        size=4,
        media_type="image/png",
        sha256="0" * 64,
        stored_as=default_storage.save("kettle.png", ContentFile(b"RIFF")),
        thumbnail=default_storage.save("kettle.webp", ContentFile(b"RIFF")),
    )


def _draft(cast: Cast, product: Product) -> Order:
    recipient = {"name": "Ann", "street": "1 Mill Lane", "city": "Leeds"}
    order = begin({**recipient, "postcode": "LS1 1AA", "country": "GB"}, by=cast.seller)
    add_item(order.pk, product.pk, 1, by=cast.seller)
    return order


def _feed(cast: Cast) -> Feed:
    return Feed.objects.create(
        supplier=cast.northwind, name=str(uuid.uuid4()), kind="folder", file_name="stock.csv"
    )


def _imported(cast: Cast) -> FeedRun:
    return upload(ContentFile(b"SKU,Stock\nKET-1,3\n"), "stock.csv", by=cast.supplier)
