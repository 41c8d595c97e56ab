"""Pictures of products: received, kept beside the attachments, drawn small, taken away."""

from __future__ import annotations

import hashlib
import uuid

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max

from parley.catalogue import events
from parley.catalogue.access import products_visible_to
from parley.catalogue.keeping import own_product
from parley.catalogue.models import Product, ProductImage
from parley.conversations.attaching import FileTooLarge, clean_name, media_type_of
from parley.conversations.picturing import store_small
from parley.conversations.scanning import must_be_clean
from parley.journal.moment import now
from parley.journal.recording import record
from parley.parties.models import Membership

MOST_IMAGES = 10
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


class NoPicture(ValueError):
    """By its content the file is no picture of a kind that can be shown. `name` is the file's."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class TooManyImages(ValueError):
    """The product has MOST_IMAGES already."""


def add_image(product_id: int, name: str, file: File[bytes], *, by: Membership) -> ProductImage:
    """Keep a picture of one's own product; its small one is drawn by a job.

    Raises Product.DoesNotExist, FileTooLarge, NoPicture, TooManyImages and FileNotTaken (by the virus
    scanner); then nothing is kept.
    """
    name = clean_name(name)
    if file.size > settings.FILE_LIMIT:
        raise FileTooLarge(name, file.size, settings.FILE_LIMIT)
    media_type, sha256 = _look_at(file, name)
    must_be_clean(file, name)
    identifier = uuid.uuid4()
    path = ""
    try:
        with transaction.atomic():
            product = own_product(product_id, by=by)
            place = _next_place(product)
            path = default_storage.save(f"products/{now():%Y/%m}/{identifier.hex}", file)
            image = ProductImage.objects.create(
                id=identifier,
                product=product,
                position=place,
                name=name,
                size=file.size,
                media_type=media_type,
                sha256=sha256,
                stored_as=path,
            )
            record(
                events.ProductImageAdded(
                    product=product.pk, supplier=product.supplier_id, name=name
                ),
                by=by,
            )
            _small_one_later(image)
    except BaseException:
        if path:
            default_storage.delete(path)
        raise
    return image


def remove_image(image_id: uuid.UUID, *, by: Membership) -> Product:
    """Take a picture of one's own product away. Raises ProductImage.DoesNotExist."""
    with transaction.atomic():
        image = ProductImage.objects.select_related("product").get(
            pk=image_id, product__supplier=by.party_id
        )
        product = image.product
        record(
            events.ProductImageRemoved(
                product=product.pk, supplier=product.supplier_id, name=image.name
            ),
            by=by,
        )
        image.delete()
        for path in filter(None, (image.stored_as, image.thumbnail)):
            transaction.on_commit(lambda path=path: default_storage.delete(path))  # type: ignore[misc]
    return product


def image_visible_to(reader: Membership, image_id: uuid.UUID) -> ProductImage:
    """A picture of a product that `reader` may see. Raises ProductImage.DoesNotExist."""
    image = ProductImage.objects.get(pk=image_id)
    if not products_visible_to(reader).filter(pk=image.product_id).exists():
        raise ProductImage.DoesNotExist
    return image


def draw_small(image_id: uuid.UUID) -> bool:
    """Draw the small picture; False when there is one, or it can't be drawn. A repeat does nothing."""
    image = ProductImage.objects.filter(pk=image_id, thumbnail="").first()
    made = store_small(image.stored_as) if image else None
    if made is None:
        return False
    return bool(ProductImage.objects.filter(pk=image_id).update(thumbnail=made[0]))


def _look_at(file: File[bytes], name: str) -> tuple[str, str]:
    """The file's type, as its content tells it, and its SHA-256. Raises NoPicture."""
    digest, head = hashlib.sha256(), b""
    for chunk in file.chunks():
        head = head or chunk[:8192]
        digest.update(chunk)
    file.seek(0)
    media_type = media_type_of(head, name) if head else ""
    if media_type not in PICTURES:
        raise NoPicture(name)
    return media_type, digest.hexdigest()


def _next_place(product: Product) -> int:
    if product.images.count() >= MOST_IMAGES:
        raise TooManyImages
    last: int | None = product.images.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _small_one_later(image: ProductImage) -> None:
    from parley.catalogue.jobs import draw_small as later

    later.defer(image_id=str(image.pk))
