"""Pictures of articles: received, drawn anew without what else their files carried, kept with the article."""

from __future__ import annotations

import hashlib
import io
import threading
from typing import NamedTuple

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image as Pillow
from PIL import ImageOps

from parley.conversations.attaching import FileTooLarge, clean_name
from parley.conversations.picturing import FORMATS, MAX_PIXELS, MAX_UNPACKED
from parley.help_centre.events import ArticleImageAdded
from parley.help_centre.models import Article, Image
from parley.help_centre.roles import must_write
from parley.journal.moment import now
from parley.journal.recording import record
from parley.parties.models import Membership

MOST_IMAGES = 100
"""Pictures that one article may have."""
EDGE = 2000
"""Pixels of the longer edge, to which larger pictures are shrunk."""
_ENDINGS = {"PNG": "png", "JPEG": "jpg"}

_one_at_a_time = threading.Lock()
"""What one large picture takes there is room for, and not for as many as there are requests."""


class NoPicture(ValueError):
    """By its content the file is no picture, or one that can't be drawn. `name` is the file's."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class TooManyImages(ValueError):
    """The article has MOST_IMAGES already."""


class _Drawn(NamedTuple):
    content: bytes
    ending: str
    media_type: str
    width: int
    height: int


def add_image(
    article: Article, language: str, name: str, file: File[bytes], *, by: Membership
) -> Image:
    """Keep a picture with `article` for its text in `language`; one it has already is given again.

    It is drawn anew, upright, at most EDGE pixels wide or high, and without what the file told
    besides: where and by whom it was taken. One that moves stands still. `path` of what is given
    is how the article's Markdown names it.

    Raises NotAnEditor, FileTooLarge, NoPicture and TooManyImages; then nothing is kept.
    """
    must_write(by)
    name = clean_name(name)
    if file.size > settings.FILE_LIMIT:
        raise FileTooLarge(name, file.size, settings.FILE_LIMIT)
    drawn = _draw(file, name)
    sha256 = hashlib.sha256(drawn.content).hexdigest()
    slug = article.path.rpartition("/")[2]
    path = f"images/{slug[:100]}-{sha256[:8]}.{drawn.ending}"
    with transaction.atomic():
        Article.objects.select_for_update().get(pk=article.pk)
        known = Image.objects.filter(article=article, language=language, sha256=sha256).first()
        if known is not None:
            return known
        if Image.objects.filter(article=article).count() >= MOST_IMAGES:
            raise TooManyImages
        return _kept(Image(article=article, language=language, path=path), sha256, drawn, by)


def _kept(image: Image, sha256: str, drawn: _Drawn, by: Membership) -> Image:
    stored_as = default_storage.save(f"articles/{now():%Y/%m}/{sha256}", ContentFile(drawn.content))
    image.media_type, image.size, image.sha256 = drawn.media_type, len(drawn.content), sha256
    image.stored_as, image.width, image.height = stored_as, drawn.width, drawn.height
    try:
        image.save()
        record(ArticleImageAdded(article=image.article_id, path=image.path), by=by)
    except BaseException:
        default_storage.delete(stored_as)
        raise
    return image


def _draw(file: File[bytes], name: str) -> _Drawn:
    try:
        with _one_at_a_time, Pillow.open(file, formats=FORMATS) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise NoPicture(name)
            photo = opened.format == "JPEG"
            opened.draft("RGB", (EDGE, EDGE))
            if opened.width * opened.height > MAX_UNPACKED:
                raise NoPicture(name)
            return _drawn(opened, "JPEG" if photo else "PNG")
    except NoPicture:
        raise
    except (OSError, ValueError, SyntaxError, Pillow.DecompressionBombError):
        raise NoPicture(name) from None


def _drawn(opened: Pillow.Image, kind: str) -> _Drawn:
    """Screenshots stay sharp as PNG, photographs small as JPEG."""
    mode = "RGBA" if opened.has_transparency_data else "RGB"
    picture = ImageOps.exif_transpose(opened).convert(mode)
    picture.thumbnail((EDGE, EDGE))
    # A fresh picture: nothing but its pixels goes along.
    plain = Pillow.new(mode, picture.size)
    plain.paste(picture)
    out = io.BytesIO()
    if kind == "JPEG":
        plain.convert("RGB").save(out, "JPEG", quality=88, progressive=True)
    else:
        plain.save(out, "PNG")
    return _Drawn(out.getvalue(), _ENDINGS[kind], f"image/{kind.lower()}", *plain.size)
