"""Thumbnails are drawn anew, upright and small; what can't be drawn has none."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cast import Cast
from parley.conversations.attaching import receive
from parley.conversations.models import Attachment
from parley.conversations.picturing import EDGE, make_thumbnail


def picture(
    size: tuple[int, int], kind: str = "PNG", mode: str = "RGB", orientation: int = 0
) -> bytes:
    """A picture, blue at the top and red below."""
    image = Image.new(mode, size, "red")
    image.paste(Image.new(mode, (size[0], size[1] // 2), "blue"), (0, 0))
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
    out = io.BytesIO()
    image.save(out, kind, exif=exif)
    return out.getvalue()


def kept(cast: Cast, data: bytes) -> Attachment:
    return receive(cast.seller, "photo", SimpleUploadedFile("photo", data))


def thumbnail(attachment: Attachment) -> Image.Image:
    attachment.refresh_from_db()
    with default_storage.open(attachment.thumbnail) as file:
        return Image.open(io.BytesIO(file.read()))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_gets_a_small_one(cast: Cast, kind: str) -> None:
    attachment = kept(cast, picture((1200, 600), kind))
    assert make_thumbnail(attachment.pk)
    small = thumbnail(attachment)
    assert (small.format, small.size) == ("WEBP", (EDGE, EDGE // 2))
    assert (attachment.width, attachment.height) == (1200, 600)


def test_it_is_drawn_once(cast: Cast) -> None:
    attachment = kept(cast, picture((20, 20)))
    assert make_thumbnail(attachment.pk)
    assert not make_thumbnail(attachment.pk)
    assert thumbnail(attachment).size == (20, 20)


@pytest.mark.parametrize(("orientation", "turned"), [(1, False), (3, False), (6, True), (8, True)])
def test_a_photo_stands_upright(cast: Cast, orientation: int, turned: bool) -> None:
    attachment = kept(cast, picture((900, 600), "JPEG", orientation=orientation))
    assert make_thumbnail(attachment.pk)
    small = thumbnail(attachment)
    size = (320, 480) if turned else (480, 320)
    assert small.size == size
    assert (attachment.width, attachment.height) == ((600, 900) if turned else (900, 600))
    assert "exif" not in small.info, "where a photo was taken stays with the photo"


def test_what_is_clear_stays_clear(cast: Cast) -> None:
    image = Image.new("RGBA", (10, 10), (255, 0, 0, 0))
    out = io.BytesIO()
    image.save(out, "PNG")
    attachment = kept(cast, out.getvalue())
    assert make_thumbnail(attachment.pk)
    assert thumbnail(attachment).convert("RGBA").getpixel((5, 5))[3] == 0  # type: ignore[index]


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is `width` × `height` pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\x00" * 1_000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(10_000, 7_000), (30_000, 30_000), (2**31 - 1, 2**31 - 1)])
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_bomb_is_not_opened(cast: Cast, size: tuple[int, int]) -> None:
    attachment = kept(cast, bomb(*size))
    assert attachment.is_image
    assert not make_thumbnail(attachment.pk)
    attachment.refresh_from_db()
    assert attachment.thumbnail == ""


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n",
        bomb(10, 10)[:40],
        picture((300, 300))[:200],
        b"GIF89a/*<script>alert(1)</script>*/",
        b"\xff\xd8\xff\xe0<html>",
        b"RIFF\x24\x00\x00\x00WEBPVP8 ",
    ],
)
def test_what_cannot_be_drawn_has_no_thumbnail(cast: Cast, data: bytes) -> None:
    attachment = kept(cast, data)
    assert not make_thumbnail(attachment.pk)


def test_what_is_no_picture_has_no_thumbnail(cast: Cast) -> None:
    attachment = kept(cast, b"%PDF-1.7 ...")
    assert not make_thumbnail(attachment.pk)
