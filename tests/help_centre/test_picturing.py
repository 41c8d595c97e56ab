"""Pictures of articles: told by their content, drawn anew, kept once."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image as Pillow

from cast import Cast
from parley.conversations.attaching import FileTooLarge
from parley.help_centre import picturing
from parley.help_centre.models import Article, Collection
from parley.help_centre.picturing import NoPicture, TooManyImages, add_image
from parley.help_centre.roles import NotAnEditor


@pytest.fixture
def article(cast: Cast, settings: Any, tmp_path: Any) -> Article:
    settings.MEDIA_ROOT = tmp_path
    shelf = Collection.objects.create(slug="orders")
    return Article.objects.create(collection=shelf, path="orders/ship-an-order")


def picture(
    kind: str = "PNG", size: tuple[int, int] = (64, 40), **options: Any
) -> ContentFile[bytes]:
    out = io.BytesIO()
    Pillow.new("RGB", size, "teal").save(out, kind, **options)
    return ContentFile(out.getvalue())


def test_a_picture_is_kept_with_its_size_and_named_for_the_article(
    cast: Cast, article: Article
) -> None:
    image = add_image(article, "en", "Снимок экрана.png", picture(), by=cast.agent)
    assert image.path.startswith("images/ship-an-order-")
    assert image.path.endswith(".png")
    assert (image.width, image.height, image.media_type) == (64, 40, "image/png")
    assert add_image(article, "en", "again.png", picture(), by=cast.lead) == image
    assert add_image(article, "ru", "ru.png", picture(), by=cast.lead).path == image.path


def test_a_photograph_loses_what_its_file_told_besides(cast: Cast, article: Article) -> None:
    exif = Pillow.Exif()
    exif[0x010E] = "taken at home"
    exif[0x0112] = 6  # lies on its side
    file = picture("JPEG", (400, 200), exif=exif)
    image = add_image(article, "en", "photo.png", file, by=cast.agent)
    assert (image.width, image.height, image.media_type) == (200, 400, "image/jpeg")
    with default_storage.open(image.stored_as) as kept:
        assert b"taken at home" not in kept.read()


def test_a_large_picture_is_shrunk(cast: Cast, article: Article) -> None:
    image = add_image(article, "en", "wide.png", picture(size=(4000, 100)), by=cast.agent)
    assert (image.width, image.height) == (2000, 50)


def test_what_is_no_picture_is_refused(
    cast: Cast, article: Article, settings: Any, monkeypatch: Any
) -> None:
    for junk in (b"<svg onload=alert(1)>", b"", b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, b"%PDF-1.7"):
        with pytest.raises(NoPicture):
            add_image(article, "en", "x.png", ContentFile(junk), by=cast.lead)
    with pytest.raises(NoPicture):
        add_image(article, "en", "bomb.png", picture(size=(9000, 7000)), by=cast.lead)
    monkeypatch.setattr(picturing, "MOST_IMAGES", 0)
    with pytest.raises(TooManyImages):
        add_image(article, "en", "one.png", picture(), by=cast.lead)
    settings.FILE_LIMIT = 10
    with pytest.raises(FileTooLarge):
        add_image(article, "en", "big.png", picture(), by=cast.lead)
    with pytest.raises(NotAnEditor):
        add_image(article, "en", "x.png", picture(), by=cast.seller)
