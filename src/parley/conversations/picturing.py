"""Thumbnails: small, re-drawn pictures, so that no page shows a stranger's bytes."""

from __future__ import annotations

import io
import threading
import uuid

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageOps

from parley.conversations.models import Attachment

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
ORIENTATION = 0x0112
LAST_UPRIGHT = 4
"""EXIF orientations above this one lie on their side."""
EDGE = 480
"""Pixels of the longer edge."""
MAX_PIXELS = 60_000_000
"""A picture of more pixels than this is not opened: it is a bomb, or of no use as a thumbnail."""
MAX_UNPACKED = 36_000_000
"""And one is not unpacked that would be so large even after its decoder has shrunk it, as that of a
photograph does: a quarter of a megabyte of PNG can take up seven hundred."""

_one_at_a_time = threading.Lock()
"""What one large picture takes there is room for, and not for as many as a worker has jobs."""


def make_thumbnail(attachment_id: uuid.UUID) -> bool:
    """Draw the thumbnail of an image attachment; False when it is none or can't be drawn."""
    attachment = Attachment.objects.filter(pk=attachment_id).first()
    if attachment is None or not attachment.is_image or attachment.thumbnail:
        return False
    if attachment.kept_back:
        return False
    made = store_small(attachment.stored_as)
    if made is None:
        return False
    path, width, height = made
    Attachment.objects.filter(pk=attachment.pk).update(thumbnail=path, width=width, height=height)
    return True


def store_small(stored_as: str) -> tuple[str, int, int] | None:
    """Draw the stored picture small, and store that beside it: its path, and the picture's own size.

    None when it is no picture, or one that can't be drawn.
    """
    try:
        with _one_at_a_time:
            drawn = _draw(stored_as)
    except (OSError, ValueError, Image.DecompressionBombError, SyntaxError):
        return None
    if drawn is None:
        return None
    picture, width, height = drawn
    return default_storage.save(f"{stored_as}.webp", ContentFile(picture)), width, height


def _draw(stored_as: str) -> tuple[bytes, int, int] | None:
    with (
        default_storage.open(stored_as) as file,
        Image.open(file, formats=FORMATS) as opened,
    ):
        width, height = opened.size
        if width * height > MAX_PIXELS:
            return None
        opened.draft("RGB", (EDGE * 2, EDGE * 2))
        if opened.width * opened.height > MAX_UNPACKED:
            return None
        if opened.getexif().get(ORIENTATION, 1) > LAST_UPRIGHT:
            width, height = height, width
        picture = _small(opened)
        out = io.BytesIO()
        picture.save(out, "WEBP", quality=80)
        return out.getvalue(), width, height


def _small(opened: Image.Image) -> Image.Image:
    """The picture upright and shrunk; shrunk first, so that all else is done to few pixels."""
    mode = "RGBA" if opened.has_transparency_data else "RGB"
    # A palette has no colours between its own, so that it can't be shrunk as it is.
    picture = opened.convert(mode) if opened.mode in ("1", "P", "PA") else opened
    picture.thumbnail((EDGE, EDGE))
    return ImageOps.exif_transpose(picture).convert(mode)
