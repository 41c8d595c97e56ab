"""Stocking the suppliers' shelves: products with pictures, where they ship to, and by what."""

from __future__ import annotations

import hashlib
import io
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from random import Random

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from parley.catalogue.models import Product, ProductImage, ShippingService, Terms
from parley.conversations.picturing import EDGE
from parley.demo.casting import Cast, Company
from parley.demo.lexemes import write_words
from parley.demo.reading_content import content
from parley.demo.trade.depicting import depict, shape_of
from parley.demo.trade.wares import Ware, wares

_NEVER_ON_STOCK = 0.06
_OFF_OFFER = 0.02


@dataclass(frozen=True)
class Stock:
    """The products and shipping services as rows: by ware, and by the supplier's key."""

    products: dict[Ware, Product]
    services: dict[str, tuple[ShippingService, ...]]

    def on_offer(self, among: Iterable[Ware]) -> list[Ware]:
        return [ware for ware in among if self.products[ware].active]


def stock_up(cast: Cast, moment: datetime, rng: Random) -> Stock:
    """Put everything that is offered on the shelves, as of `moment`."""
    suppliers = {one.written.key: one for one in cast.companies if one.written.kind == "supplier"}
    made = [_product(ware, suppliers[ware.supplier], moment, rng) for ware in wares()]
    Product.objects.bulk_create(made)
    write_words(
        Product,
        [(row.pk, f"{row.title} {row.sku} {row.supplier_product_id}") for row in made],
    )
    products = dict(zip(wares(), made, strict=True))
    _terms(suppliers, moment)
    _pictures(products, moment, rng)
    return Stock(products, {key: _services(one) for key, one in suppliers.items()})


def _product(ware: Ware, supplier: Company, moment: datetime, rng: Random) -> Product:
    none_left = rng.random() < _NEVER_ON_STOCK
    return Product(
        supplier=supplier.party,
        sku=ware.sku,
        supplier_product_id=ware.own_id,
        title=ware.title,
        description=ware.description,
        price_minor=ware.price_minor,
        vat_bp=ware.vat_bp,
        stock=0 if none_left else int(rng.triangular(2, 400, 40)),
        weight_grams=ware.grams,
        active=rng.random() >= _OFF_OFFER,
        created_at=moment,
        updated_at=moment,
        words="",
    )


def _terms(suppliers: dict[str, Company], moment: datetime) -> None:
    written = content("terms")
    Terms.objects.bulk_create(
        Terms(supplier=one.party, not_shipped_to=text, updated_at=moment)
        for key, one in suppliers.items()
        if (text := written[key].get("not_shipped_to", ""))
    )


def _services(supplier: Company) -> tuple[ShippingService, ...]:
    written = content("terms")[supplier.written.key]["services"]
    return tuple(
        ShippingService.objects.bulk_create(
            ShippingService(
                supplier=supplier.party,
                name=name,
                carrier=carrier,
                price_minor=price,
                days=days,
                position=position,
            )
            for position, (name, carrier, price, days) in enumerate(written)
        )
    )


def _pictures(products: dict[Ware, Product], moment: datetime, rng: Random) -> None:
    """Give those a picture whose shape can be drawn: most of the first supplier's, some of others'."""
    drawn = {title: _drawn(title) for title in {ware.title for ware in products} if shape_of(title)}
    ProductImage.objects.bulk_create(
        _image(product, drawn[ware.title], moment, rng)
        for ware, product in products.items()
        if ware.title in drawn
    )


@dataclass(frozen=True)
class _Drawn:
    """A picture, and the same as small as `conversations.picturing` draws it."""

    large: bytes
    small: bytes


def _image(product: Product, drawn: _Drawn, moment: datetime, rng: Random) -> ProductImage:
    identifier = uuid.UUID(int=rng.getrandbits(128), version=4)
    place = f"products/{moment:%Y/%m}/{identifier.hex}"
    return ProductImage(
        id=identifier,
        product=product,
        name=f"{product.sku.lower()}.jpg",
        size=len(drawn.large),
        media_type="image/jpeg",
        sha256=hashlib.sha256(drawn.large).hexdigest(),
        stored_as=default_storage.save(place, ContentFile(drawn.large)),
        thumbnail=default_storage.save(f"{place}-small", ContentFile(drawn.small)),
    )


def _drawn(title: str) -> _Drawn:
    image = depict(title).resize((640, 480), Image.Resampling.LANCZOS)
    return _Drawn(_jpeg(image), _jpeg(image.resize((EDGE, EDGE * 3 // 4))))


def _jpeg(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=78, optimize=True)
    return file.getvalue()
