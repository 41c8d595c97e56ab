"""What pictures and papers are drawn with."""

from __future__ import annotations

from functools import cache
from random import Random

from PIL import ImageDraw, ImageFont

Colour = tuple[int, int, int]
Point = tuple[float, float]
Area = tuple[float, float, float, float]

INK: Colour = (34, 34, 38)


def barcode(pen: ImageDraw.ImageDraw, rng: Random, area: Area) -> None:
    """Fill `area` with the bars of a code that says nothing."""
    left, top, right, bottom = area
    x = left
    while x < right - 6:
        width = rng.choice([2, 2, 3, 5])
        pen.rectangle((x, top, x + width, bottom), fill=INK if pen.mode == "RGB" else 20)
        x += width + rng.choice([2, 3, 4, 6])


@cache
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own font: it has Latin letters only, and is on every machine."""
    return ImageFont.load_default(size)


def shade(colour: Colour, factor: float) -> Colour:
    """A colour darker (below 1) or lighter (above)."""
    red, green, blue = (min(255, max(0, round(part * factor))) for part in colour)
    return red, green, blue
