"""Files that people attach, made when they are needed."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload


def photo(name: str, colour: str = "steelblue", size: tuple[int, int] = (640, 420)) -> FilePayload:
    """A photograph, as far as a machine can tell."""
    image = Image.new("RGB", size, colour)
    ImageDraw.Draw(image).rectangle((60, 60, size[0] - 60, size[1] - 60), fill="peru", width=4)
    data = io.BytesIO()
    image.save(data, "JPEG", quality=70)
    return {"name": name, "mimeType": "image/jpeg", "buffer": data.getvalue()}


def document(name: str, kilobytes: int = 40) -> FilePayload:
    """A PDF of that size, or what passes for one."""
    data = b"%PDF-1.4\n" + b"% nothing to see\n" * (kilobytes * 64)
    return {"name": name, "mimeType": "application/pdf", "buffer": data[: kilobytes * 1024]}
