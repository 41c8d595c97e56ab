"""What the addresses of products can name: a product of Northwind Supply's, its picture, a service."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from cast import Cast
from parley.catalogue.models import Product, ProductImage, ShippingService
from parley.postgres.text_search import Words


def offered(cast: Cast) -> dict[str, Callable[[str], str]]:
    """The words of those addresses, and what stands for each; a picture is a new one every time."""
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
        "<uuid:image>": lambda name: str(_picture(product).pk),
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
