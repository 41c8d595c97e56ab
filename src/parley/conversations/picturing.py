"""Thumbnails: small, re-drawn pictures, so that no page shows a stranger's bytes."""

from __future__ import annotations

import io
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


def make_thumbnail(attachment_id: uuid.UUID) -> bool:
    """Draw the thumbnail of an image attachment; False when it is none or can't be drawn."""
    attachment = Attachment.objects.filter(pk=attachment_id).first()
    if attachment is None or not attachment.is_image or attachment.thumbnail:
        return False
    try:
        drawn = _draw(attachment)
    except (OSError, ValueError, Image.DecompressionBombError, SyntaxError):
        return False
    if drawn is None:
        return False
    picture, width, height = drawn
    path = default_storage.save(f"{attachment.stored_as}.webp", ContentFile(picture))
    Attachment.objects.filter(pk=attachment.pk).update(thumbnail=path, width=width, height=height)
    return True


def _draw(attachment: Attachment) -> tuple[bytes, int, int] | None:
    with (
        default_storage.open(attachment.stored_as) as file,
        Image.open(file, formats=FORMATS) as opened,
    ):
        width, height = opened.size
        if width * height > MAX_PIXELS:
            return None
        opened.draft("RGB", (EDGE * 2, EDGE * 2))
        if opened.getexif().get(ORIENTATION, 1) > LAST_UPRIGHT:
            width, height = height, width
        mode = "RGBA" if opened.has_transparency_data else "RGB"
        picture = ImageOps.exif_transpose(opened).convert(mode)
        picture.thumbnail((EDGE, EDGE))
        out = io.BytesIO()
        picture.save(out, "WEBP", quality=80)
        return out.getvalue(), width, height
