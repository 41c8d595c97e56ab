"""Photos as people send them: parcels, labels, goods whole and broken."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from PIL import Image, ImageDraw, ImageFilter

from parley.demo.strokes import INK, Colour, Point, barcode, font, shade

_CARDBOARD: list[Colour] = [(196, 154, 108), (181, 138, 92), (205, 168, 124), (172, 128, 88)]
_FLOORS: list[Colour] = [(214, 208, 198), (150, 146, 142), (122, 100, 80), (188, 196, 200)]
_GOODS: list[Colour] = [
    (62, 105, 144), (168, 72, 60), (92, 128, 96), (212, 188, 140), (90, 84, 110), (60, 60, 64),
]  # fmt: skip


def _crushed_box(rng: Random) -> Image.Image:
    image, pen = _floor(rng)
    side = shade(rng.choice(_CARDBOARD), 1.0)
    left, top, width, height = 210 + rng.randrange(60), 250, 470, 330
    _box(pen, (left, top), (width, height), side)
    corner = (left + width, top + height - 90.0)
    for n in range(9):
        reach = 150 - n * 14
        points = [
            (corner[0] + rng.randrange(-8, 9), corner[1] - reach / 2 + rng.randrange(-14, 15)),
            (corner[0] - reach + rng.randrange(-14, 15), corner[1] + rng.randrange(-20, 21)),
            (corner[0] - reach / 3, corner[1] + reach / 2 + rng.randrange(-14, 15)),
        ]
        pen.polygon(points, fill=shade(side, 0.92 - n * 0.06))
    pen.line(
        [(left + 40, top + 120), (corner[0] - 150, corner[1] - 10)], fill=shade(side, 0.7), width=5
    )
    _tape(pen, left, top, width, height)
    _small_label(pen, rng, left + 40, top + 150)
    return image


def _label(rng: Random) -> Image.Image:
    image = Image.new("RGB", (960, 720), rng.choice(_CARDBOARD))
    pen = ImageDraw.Draw(image)
    for _ in range(60):
        y = rng.randrange(720)
        pen.line(
            [(0, y), (960, y + rng.randrange(-6, 7))], fill=shade(_CARDBOARD[0], 0.97), width=2
        )
    pen.rectangle((170, 90, 790, 640), fill=(247, 246, 241), outline=(190, 188, 180), width=3)
    pen.text((200, 115), rng.choice(["TRACKED 48", "EXPRESS 24", "PARCEL CONNECT"]), INK, font(44))
    pen.line([(170, 185), (790, 185)], fill=INK, width=4)
    pen.text((200, 205), "SHIP TO", (120, 120, 124), font(22))
    for n, width in enumerate([330, 270, 300, 190]):
        # Names and addresses on the demo's labels are inked over: they are nobody's.
        pen.rectangle((200, 240 + n * 34, 200 + width, 262 + n * 34), fill=(60, 62, 70))
    pen.text((200, 390), f"{rng.choice(['0.8', '1.1', '2.4'])} kg      1 / 1", INK, font(34))
    barcode(pen, rng, (210, 460, 750, 580))
    pen.text((300, 588), f"{rng.randrange(10**11, 10**12)}", INK, font(30))
    if rng.random() < 0.5:
        pen.polygon([(520, 70), (850, 120), (820, 300), (500, 250)], fill=(252, 250, 238))
        barcode(pen, rng, (560, 150, 780, 230))
    return image.rotate(
        rng.uniform(-6, 6), resample=Image.Resampling.BILINEAR, fillcolor=(150, 116, 80)
    )


def _street(rng: Random) -> Image.Image:
    image, pen = _floor(rng)
    pen.rectangle((120, 560, 840, 600), fill=(70, 74, 80))
    for x in (200, 760):
        pen.ellipse((x - 44, 590, x + 44, 678), fill=(30, 30, 34))
        pen.ellipse((x - 16, 618, x + 16, 650), fill=(150, 150, 154))
    pen.line([(840, 580), (890, 180)], fill=(70, 74, 80), width=16)
    bottom = 560.0
    for _ in range(3):
        width, height = rng.randrange(240, 420), rng.randrange(110, 160)
        left = rng.randrange(150, 830 - width - 60)
        _box(pen, (left, bottom - height), (width, height), rng.choice(_CARDBOARD))
        _small_label(pen, rng, left + 24, bottom - height + 30)
        bottom -= height + 20
    return image


def _product(rng: Random) -> Image.Image:
    image, pen = _floor(rng)
    _goods(pen, rng)
    return image


def _broken(rng: Random) -> Image.Image:
    image, pen = _floor(rng)
    colour = _goods(pen, rng)
    for _ in range(3):
        x, y = rng.randrange(400, 560), rng.randrange(220, 300)
        crack: list[Point] = [(x, y)]
        for _ in range(8):
            x, y = x + rng.randrange(-34, 35), y + rng.randrange(14, 40)
            crack.append((x, y))
        pen.line(crack, fill=shade(colour, 0.35), width=rng.randrange(3, 7))
    for _ in range(12):
        x, y, size = rng.randrange(180, 780), rng.randrange(570, 670), rng.randrange(8, 34)
        shard = [(x, y), (x + size, y + rng.randrange(-9, 10)), (x + size / 2, y + size)]
        pen.polygon(shard, fill=shade(colour, rng.uniform(0.7, 1.15)))
    return image


PHOTOS: dict[str, Callable[[Random], Image.Image]] = {
    "parcel-crushed": _crushed_box,
    "parcel-label": _label,
    "parcel-street": _street,
    "product-broken": _broken,
    "product-photo": _product,
}


def _floor(rng: Random) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    colour = rng.choice(_FLOORS)
    image = Image.new("RGB", (960, 720), shade(colour, 1.12))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 500, 960, 720), fill=shade(colour, 0.85))
    for x in range(-400, 1400, 130):
        pen.line(
            [(480 + (x - 480) * 0.8, 500), (480 + (x - 480) * 2.2, 720)],
            fill=shade(colour, 0.78),
            width=3,
        )
    pen.ellipse((170, 560, 830, 690), fill=shade(colour, 0.62))
    return image, pen


def _box(pen: ImageDraw.ImageDraw, corner: Point, size: Point, side: Colour) -> None:
    (left, top), (width, height) = corner, size
    depth = min(width, height) * 0.35
    lid = [
        (left, top),
        (left + depth, top - depth / 2),
        (left + width + depth, top - depth / 2),
        (left + width, top),
    ]
    flank = [
        (left + width, top),
        (left + width + depth, top - depth / 2),
        (left + width + depth, top + height - depth / 2),
        (left + width, top + height),
    ]
    pen.rectangle((left, top, left + width, top + height), fill=side)
    pen.polygon(lid, fill=shade(side, 1.15))
    pen.polygon(flank, fill=shade(side, 0.78))


def _tape(pen: ImageDraw.ImageDraw, left: float, top: float, width: float, height: float) -> None:
    middle = left + width / 2
    pen.rectangle((middle - 26, top, middle + 26, top + height * 0.35), fill=(226, 204, 168))


def _small_label(pen: ImageDraw.ImageDraw, rng: Random, left: float, top: float) -> None:
    pen.rectangle((left, top, left + 130, top + 88), fill=(246, 245, 240))
    barcode(pen, rng, (left + 12, top + 44, left + 118, top + 78))
    pen.rectangle((left + 12, top + 12, left + 90, top + 20), fill=(90, 92, 98))
    pen.rectangle((left + 12, top + 26, left + 70, top + 34), fill=(90, 92, 98))


def _goods(pen: ImageDraw.ImageDraw, rng: Random) -> Colour:
    colour = rng.choice(_GOODS)
    light = shade(colour, 1.25)
    shape = rng.randrange(3)
    if shape == 0:
        pen.ellipse((350, 210, 610, 600), fill=colour)
        pen.rectangle((430, 130, 530, 250), fill=colour)
        pen.ellipse((416, 110, 544, 156), fill=shade(colour, 0.8))
        pen.ellipse((392, 270, 440, 480), fill=light)
    elif shape == 1:
        pen.rounded_rectangle((290, 240, 670, 600), radius=46, fill=colour)
        pen.ellipse((390, 320, 570, 500), fill=shade(colour, 0.6))
        pen.rounded_rectangle((310, 258, 330, 580), radius=10, fill=light)
    else:
        pen.polygon([(330, 600), (400, 190), (560, 190), (630, 600)], fill=colour)
        pen.polygon([(358, 580), (416, 210), (446, 210), (410, 580)], fill=light)
        pen.rectangle((400, 172, 560, 200), fill=shade(colour, 0.75))
    return colour


def as_photographed(image: Image.Image, rng: Random) -> Image.Image:
    """Blurred a little, lit from one corner, grainy: not a drawing any more."""
    light = Image.radial_gradient("L").resize(image.size).point([255 - n // 2 for n in range(256)])
    dark = Image.new("RGB", image.size, (24, 20, 22))
    lit = Image.composite(image, dark, light)
    grain = Image.effect_noise((240, 180), 26).resize(image.size).convert("RGB")
    return Image.blend(lit.filter(ImageFilter.GaussianBlur(rng.uniform(0.8, 1.8))), grain, 0.07)
