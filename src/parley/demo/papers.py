"""Screenshots, and the papers of commerce."""

from __future__ import annotations

from random import Random

from PIL import Image, ImageDraw

from parley.demo.strokes import Point, barcode, font


def screenshot(rng: Random) -> Image.Image:
    """A window of somebody's browser, 1180 × 700 pixels."""
    image = Image.new("RGB", (1180, 700), (246, 247, 249))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, 1180, 46), fill=(222, 225, 230))
    for n, dot in enumerate([(236, 106, 94), (244, 191, 79), (98, 197, 84)]):
        pen.ellipse((18 + n * 24, 16, 32 + n * 24, 30), fill=dot)
    pen.rounded_rectangle((120, 9, 900, 37), radius=14, fill=(255, 255, 255))
    pen.text(
        (140, 13),
        "market.harbour.example/" + rng.choice(["listings", "orders", "channels", "catalogue"]),
        (90, 94, 102),
        font(18),
    )
    pen.rectangle((0, 46, 190, 700), fill=(32, 52, 74))
    for n in range(7):
        pen.rounded_rectangle(
            (22, 82 + n * 46, 22 + rng.randrange(80, 140), 98 + n * 46),
            radius=6,
            fill=(120, 146, 170),
        )
    pen.rounded_rectangle(
        (220, 74, 1150, 150), radius=10, fill=(253, 236, 234), outline=(214, 88, 76), width=2
    )
    pen.text(
        (246, 86),
        rng.choice(["Something went wrong", "This could not be saved", "Connection refused"]),
        (150, 40, 30),
        font(26),
    )
    pen.text(
        (246, 120),
        f"Reference {rng.randrange(10**7, 10**8):x}-{rng.randrange(1000, 9999)}",
        (150, 40, 30),
        font(18),
    )
    for row in range(9):
        y = 180 + row * 54
        pen.line([(220, y + 44), (1150, y + 44)], fill=(226, 229, 234), width=2)
        for x, most in ((236, 260), (560, 180), (800, 120), (1010, 110)):
            pen.rounded_rectangle(
                (x, y + 12, x + rng.randrange(most // 2, most), y + 28),
                radius=6,
                fill=(176, 183, 192),
            )
    return image


_TITLES = {
    "invoice": "INVOICE",
    "packing-list": "PACKING LIST",
    "delivery-note": "PROOF OF DELIVERY",
    "certificate": "CERTIFICATE",
    "quote": "QUOTATION",
    "return-label": "RETURN LABEL",
}
_STATEMENTS = {
    "delivery-note": [
        "Consignment {}",
        "Delivered to the address on the label, between 11:00 and 15:00.",
        "Received by: see signature.",
        "Condition of the outer box: closed, tape untouched.",
        "The driver's device recorded the place of delivery.",
    ],
    "certificate": [
        "Certificate number {}",
        "We confirm that the product named in the annex complies with the",
        "standards that apply to it in the United Kingdom and in the Union.",
        "Tested by an independent laboratory; the report is kept on file.",
        "This certificate is valid for three years from the date of issue.",
        "It may be copied in full only.",
    ],
}
_GOODS_WORDS = [
    "Carton, single wall",
    "Household goods",
    "Spare parts",
    "Shipping, tracked 48",
    "Handling",
    "Textiles",
]


def paper(kind: str, rng: Random) -> Image.Image:
    """A sheet of A4 at 100 dots per inch, such as an `invoice`. Raises KeyError for no such kind."""
    image = Image.new("L", (827, 1169), 255)
    pen = ImageDraw.Draw(image)
    pen.rectangle((70, 70, 757, 78), fill=40)
    pen.text((70, 100), _TITLES[kind], 20, font(44))
    pen.text((70, 160), f"No. {rng.randrange(10_000, 99_999)}    Page 1 of 1", 90, font(20))
    if kind in ("invoice", "quote", "packing-list"):
        _lines_of_goods(pen, rng, priced=kind != "packing-list")
    elif kind == "return-label":
        barcode(pen, rng, (130, 420, 700, 640))
        pen.text((240, 660), f"RET {rng.randrange(10**9, 10**10)}", 20, font(36))
        pen.text((130, 760), "Tape this label over the old barcode.", 40, font(26))
    else:
        _statement(pen, kind, rng)
    pen.text((70, 1090), "Drawn for the demonstration marketplace", 150, font(16))
    return image


def _lines_of_goods(pen: ImageDraw.ImageDraw, rng: Random, *, priced: bool) -> None:
    total = 0.0
    for n in range(rng.randrange(3, 7)):
        y = 280 + n * 52
        quantity, price = rng.randrange(1, 9), rng.randrange(200, 6000) / 100
        total += quantity * price
        pen.text((70, y), rng.choice(_GOODS_WORDS), 30, font(22))
        pen.text((480, y), f"{quantity} pcs", 30, font(22))
        if priced:
            pen.text((640, y), f"{quantity * price:9.2f}", 30, font(22))
        pen.line([(70, y + 38), (757, y + 38)], fill=200, width=1)
    if priced:
        pen.text((480, 680), "Total GBP", 20, font(26))
        pen.text((640, 680), f"{total:9.2f}", 20, font(26))


def _statement(pen: ImageDraw.ImageDraw, kind: str, rng: Random) -> None:
    for n, sentence in enumerate(_STATEMENTS[kind]):
        pen.text((70, 280 + n * 44), sentence.format(rng.randrange(100_000, 999_999)), 60, font(20))
    x = 110
    scribble: list[Point] = []
    for _ in range(14):
        scribble.append((x, 860 + rng.randrange(-34, 35)))
        x += rng.randrange(12, 28)
    pen.line(scribble, fill=30, width=4, joint="curve")
    pen.line([(90, 910), (460, 910)], fill=120, width=2)
    pen.text((90, 920), "Signature", 110, font(18))
