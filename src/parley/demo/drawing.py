"""Drawing the files people attach: photos of parcels and goods, screenshots, papers as PDF.

Everything is drawn from a seed, so that the same demo has the same files, and is small: a photo has
some 40 KB, a paper some 30.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from random import Random

from PIL import Image

from parley.demo.papers import paper, screenshot
from parley.demo.photographs import PHOTOS, as_photographed

VARIANTS = 4
"""How many different pictures there are of each kind."""

_NAMES = {
    "parcel-crushed": ("crushed-box.jpg", "помятая коробка.jpg"),
    "parcel-label": ("label.jpg", "этикетка.jpg"),
    "parcel-street": ("box-at-the-depot.jpg", "коробка на складе.jpg"),
    "product-broken": ("broken.jpg", "повреждение.jpg"),
    "product-photo": ("photo.jpg", "фото товара.jpg"),
    "screenshot": ("screenshot.png", "снимок экрана.png"),
    "invoice": ("invoice.pdf", "счёт.pdf"),
    "packing-list": ("packing-list.pdf", "упаковочный лист.pdf"),
    "delivery-note": ("proof-of-delivery.pdf", "накладная.pdf"),
    "certificate": ("certificate.pdf", "сертификат.pdf"),
    "quote": ("quote.pdf", "предложение.pdf"),
    "return-label": ("return-label.pdf", "этикетка возврата.pdf"),
}
KINDS = tuple(_NAMES)
"""The kinds of files that scripts may name."""


@dataclass(frozen=True)
class Drawn:
    """A file as it would be uploaded."""

    name: str
    content: bytes


def draw(kind: str, variant: int, language: str) -> Drawn:
    """The file of `kind` in one of its VARIANTS, named in the sender's language.

    Raises KeyError for a kind there is not.
    """
    english, russian = _NAMES[kind]
    variant %= VARIANTS
    name = russian if language == "ru" else english
    stem, dot, ending = name.rpartition(".")
    name = name if variant % 3 == 0 else f"{stem}-{variant + 1}{dot}{ending}"
    return Drawn(name, _content(kind, variant))


@cache
def _content(kind: str, variant: int) -> bytes:
    rng = Random(f"{kind}/{variant}")  # noqa: S311 - the same picture every time
    if kind in PHOTOS:
        return _jpeg(as_photographed(PHOTOS[kind](rng), rng))
    if kind == "screenshot":
        return _png(screenshot(rng))
    return _pdf(paper(kind, rng))


def _jpeg(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=72, optimize=True)
    return file.getvalue()


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.quantize(64).save(file, "PNG", optimize=True)
    return file.getvalue()


def _pdf(image: Image.Image) -> bytes:
    file = io.BytesIO()
    # A fixed date keeps the file the same from run to run.
    image.save(file, "PDF", resolution=100.0, creationDate=None, modDate=None, producer="Parley")
    return file.getvalue()
