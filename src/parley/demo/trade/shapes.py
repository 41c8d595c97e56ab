"""The shapes of goods, as a catalogue shows them: each stands on the same line, in one colour."""

from __future__ import annotations

import math
from collections.abc import Callable

from PIL import ImageDraw

from parley.demo.strokes import Colour, Point, shade

Pen = ImageDraw.ImageDraw
Shape = Callable[[Pen, Colour], None]

FLOOR = 600
"""Where things stand, of 720; their middle is at 480 of 960."""
_METAL: Colour = (176, 180, 186)
_WOOD: Colour = (178, 132, 86)
_PAPER: Colour = (246, 244, 238)


def pot(pen: Pen, colour: Colour) -> None:
    """A pot with its lid on."""
    for x in (262, 640):
        pen.rounded_rectangle((x, 380, x + 58, 420), radius=18, outline=_METAL, width=13)
    pen.rounded_rectangle((300, 320, 660, FLOOR), radius=44, fill=colour)
    pen.rounded_rectangle((322, 352, 346, 560), radius=12, fill=shade(colour, 1.3))
    pen.ellipse((288, 286, 672, 352), fill=shade(colour, 0.82))
    pen.ellipse((318, 268, 642, 326), fill=shade(colour, 1.1))
    pen.rounded_rectangle((446, 232, 514, 284), radius=16, fill=shade(colour, 0.55))


def pan(pen: Pen, colour: Colour) -> None:
    """A pan, seen from above."""
    pen.rounded_rectangle((640, 396, 880, 440), radius=20, fill=shade(colour, 0.7))
    pen.ellipse((838, 406, 866, 430), fill=_PAPER)
    pen.ellipse((200, 240, 680, 596), fill=colour)
    pen.ellipse((228, 262, 652, 574), fill=shade(colour, 0.74))
    for x in range(300, 600, 46):
        reach = math.sqrt(max(0, 1 - ((x - 440) / 200) ** 2)) * 140
        pen.line([(x, 418 - reach), (x, 418 + reach)], fill=shade(colour, 0.95), width=10)


def mugs(pen: Pen, colour: Colour) -> None:
    """Two mugs."""
    for x, height, tint in ((250, 210, 0.8), (470, 230, 1.0)):
        top, body = FLOOR - height, shade(colour, tint)
        pen.ellipse((x + 150, top + 50, x + 262, top + 168), outline=body, width=24)
        pen.rounded_rectangle((x, top, x + 200, FLOOR), radius=30, fill=body)
        pen.ellipse((x, top - 22, x + 200, top + 26), fill=shade(body, 1.15))
        pen.ellipse((x + 16, top - 12, x + 184, top + 18), fill=shade(body, 0.55))


def board(pen: Pen, colour: Colour) -> None:
    """A board to chop on, with a hole to hang it by."""
    pen.rounded_rectangle((250, 190, 650, FLOOR), radius=44, fill=colour)
    pen.rounded_rectangle((400, 96, 500, 260), radius=40, fill=colour)
    pen.ellipse((430, 122, 470, 162), fill=_PAPER)
    for n, x in enumerate(range(290, 640, 44)):
        bend = 12 if n % 2 else -9
        grain = [(x, 230), (x + bend, 340), (x - bend, 460), (x, 570)]
        pen.line(grain, fill=shade(colour, 0.88), width=5, joint="curve")


def kettle(pen: Pen, colour: Colour) -> None:
    """A kettle with spout and handle."""
    pen.polygon([(350, 470), (190, 330), (216, 308), (380, 400)], fill=shade(colour, 0.85))
    pen.arc((360, 130, 600, 430), 180, 360, fill=shade(colour, 0.5), width=26)
    pen.polygon([(310, FLOOR), (372, 330), (588, 330), (650, FLOOR)], fill=colour)
    pen.polygon([(346, 570), (396, 352), (424, 352), (392, 570)], fill=shade(colour, 1.35))
    pen.ellipse((368, 304, 592, 352), fill=shade(colour, 0.8))
    pen.ellipse((460, 280, 500, 318), fill=shade(colour, 0.45))


def jars(pen: Pen, colour: Colour) -> None:
    """Three jars with wooden lids."""
    for x, height in ((230, 250), (400, 320), (570, 250)):
        top = FLOOR - height
        pen.rounded_rectangle((x, top, x + 150, FLOOR), radius=26, fill=(222, 230, 230))
        pen.rounded_rectangle((x + 12, top + 90, x + 138, FLOOR - 12), radius=18, fill=colour)
        pen.rounded_rectangle((x + 20, top + 20, x + 34, FLOOR - 30), radius=7, fill=_PAPER)
        pen.rounded_rectangle((x - 6, top - 34, x + 156, top + 12), radius=14, fill=_WOOD)


def press(pen: Pen, colour: Colour) -> None:
    """A French press, half full."""
    pen.rounded_rectangle((570, 300, 690, 530), radius=40, outline=shade(colour, 0.5), width=26)
    pen.rounded_rectangle((350, 250, 600, FLOOR), radius=24, fill=(216, 226, 228))
    pen.rectangle((362, 400, 588, 586), fill=(92, 62, 44))
    pen.rounded_rectangle((372, 270, 390, 570), radius=9, fill=_PAPER)
    pen.line([(475, 140), (475, 400)], fill=_METAL, width=12)
    pen.ellipse((446, 106, 504, 160), fill=shade(colour, 0.5))
    pen.rounded_rectangle((338, 214, 612, 262), radius=20, fill=colour)


def bowl(pen: Pen, colour: Colour) -> None:
    """A bowl."""
    pen.chord((230, 180, 730, FLOOR), 0, 180, fill=colour)
    pen.rectangle((400, 578, 560, FLOOR), fill=shade(colour, 0.8))
    pen.ellipse((230, 340, 730, 440), fill=shade(colour, 1.15))
    pen.ellipse((262, 356, 698, 430), fill=shade(colour, 0.6))


def dish(pen: Pen, colour: Colour) -> None:
    """A dish to bake in, with two handles."""
    for x in (176, 704):
        pen.rounded_rectangle((x, 430, x + 80, 480), radius=22, fill=shade(colour, 0.85))
    pen.polygon([(220, 420), (740, 420), (690, FLOOR), (270, FLOOR)], fill=colour)
    pen.ellipse((220, 370, 740, 470), fill=shade(colour, 1.2))
    pen.ellipse((252, 386, 708, 456), fill=shade(colour, 0.68))


def utensils(pen: Pen, colour: Colour) -> None:
    """Spoons and spatulas."""
    for n, x in enumerate((300, 410, 520, 630)):
        top = 170 + 24 * (n % 2)
        pen.rounded_rectangle((x - 12, top + 120, x + 12, FLOOR), radius=12, fill=_WOOD)
        if n % 2:
            pen.rounded_rectangle((x - 44, top, x + 44, top + 170), radius=26, fill=colour)
        else:
            pen.ellipse((x - 46, top, x + 46, top + 160), fill=shade(colour, 0.85))


def lamp(pen: Pen, colour: Colour) -> None:
    """A lamp with a shade."""
    pen.rectangle((468, 330, 492, 580), fill=_WOOD)
    pen.rounded_rectangle((380, 568, 580, FLOOR), radius=16, fill=shade(_WOOD, 0.8))
    pen.polygon([(330, 390), (400, 160), (560, 160), (630, 390)], fill=colour)
    pen.polygon([(372, 376), (424, 176), (456, 176), (424, 376)], fill=shade(colour, 1.2))


def cushion(pen: Pen, colour: Colour) -> None:
    """A cushion, buttoned in the middle."""
    for x, y in ((262, 210), (698, 210), (262, 590), (698, 590)):
        pen.ellipse((x - 34, y - 34, x + 34, y + 34), fill=shade(colour, 0.9))
    pen.rounded_rectangle((250, 200, 710, FLOOR), radius=90, fill=shade(colour, 0.9))
    pen.rounded_rectangle((268, 218, 692, 582), radius=100, fill=colour)
    for corner in ((330, 290), (630, 290), (330, 510), (630, 510)):
        pen.line([corner, (480, 400)], fill=shade(colour, 0.93), width=7)
    pen.ellipse((462, 382, 498, 418), fill=shade(colour, 0.78))


def vase(pen: Pen, colour: Colour) -> None:
    """A ribbed vase."""
    left: list[Point] = [(430, 190), (440, 290), (360, 420), (380, 540), (410, FLOOR)]
    right = [(960 - x, y) for x, y in reversed(left)]
    pen.polygon([*left, *right], fill=colour)
    for n in range(-3, 4):
        rib = [(480 + n * 11, 200), (480 + n * 30, 420), (480 + n * 18, 590)]
        pen.line(rib, fill=shade(colour, 1.2 if n < 0 else 0.85), width=7, joint="curve")
    pen.ellipse((426, 174, 534, 208), fill=shade(colour, 0.6))


def clock(pen: Pen, colour: Colour) -> None:
    """A wall clock."""
    pen.ellipse((270, 150, 690, 570), fill=colour)
    pen.ellipse((300, 180, 660, 540), fill=_PAPER)
    for hour in range(12):
        turn = math.pi * hour / 6
        way = math.sin(turn), -math.cos(turn)
        marks = [(480 + way[0] * reach, 360 + way[1] * reach) for reach in (138, 164)]
        pen.line(marks, fill=(60, 60, 64), width=8)
    pen.line([(480, 360), (410, 300)], fill=(60, 60, 64), width=14)
    pen.line([(480, 360), (560, 260)], fill=(60, 60, 64), width=9)
    pen.ellipse((466, 346, 494, 374), fill=(60, 60, 64))


def basket(pen: Pen, colour: Colour) -> None:
    """A woven basket."""
    pen.arc((330, 150, 630, 560), 190, 350, fill=shade(colour, 0.7), width=22)
    pen.polygon([(270, 330), (690, 330), (640, FLOOR), (320, FLOOR)], fill=colour)
    for row in range(6):
        y = 350 + row * 42
        for x in range(310 + 20 * (row % 2), 640, 44):
            weave = (x, y, x + 26, y + 22)
            pen.rounded_rectangle(weave, radius=10, fill=shade(colour, 0.82))
    pen.rounded_rectangle((258, 312, 702, 350), radius=18, fill=shade(colour, 0.75))


def curtains(pen: Pen, colour: Colour) -> None:
    """A pair of curtains."""
    pen.rounded_rectangle((180, 120, 780, 140), radius=10, fill=shade(_WOOD, 0.7))
    for left in (210, 510):
        for fold in range(6):
            x = left + fold * 40
            tint = shade(colour, 0.85 + 0.12 * (fold % 3))
            pen.polygon([(x, 136), (x + 40, 136), (x + 46, FLOOR), (x - 6, FLOOR)], fill=tint)


def candle(pen: Pen, colour: Colour) -> None:
    """A candle in its jar, lit."""
    pen.polygon([(480, 200), (510, 270), (480, 300), (450, 270)], fill=(244, 190, 90))
    pen.line([(480, 290), (480, 340)], fill=(70, 62, 56), width=7)
    pen.rounded_rectangle((370, 330, 590, FLOOR), radius=26, fill=colour)
    pen.ellipse((370, 312, 590, 356), fill=shade(colour, 1.2))
    pen.rectangle((400, 420, 560, 530), fill=_PAPER)
    pen.rectangle((424, 456, 536, 466), fill=(120, 116, 110))
    pen.rectangle((444, 484, 516, 492), fill=(160, 156, 150))


def hooks(pen: Pen, colour: Colour) -> None:
    """A board with five hooks."""
    pen.rounded_rectangle((180, 290, 780, 380), radius=18, fill=_WOOD)
    for x in (260, 370, 480, 590, 700):
        pen.ellipse((x - 22, 318, x + 22, 362), fill=colour)
        pen.arc((x - 36, 360, x + 36, 450), 0, 180, fill=shade(colour, 0.8), width=16)
        pen.line([(x - 30, 350), (x - 30, 410)], fill=shade(colour, 0.8), width=14)


def shelf(pen: Pen, colour: Colour) -> None:
    """A shelf with books on it."""
    for n, tint in enumerate([(92, 128, 96), (168, 92, 70), (212, 188, 140), (62, 105, 144)]):
        pen.rectangle((280 + n * 40, 270 - 14 * (n % 2), 312 + n * 40, 400), fill=tint)
    pen.ellipse((560, 320, 650, 402), fill=(206, 200, 190))
    pen.rounded_rectangle((200, 400, 760, 440), radius=10, fill=colour)
    pen.rectangle((200, 428, 760, 446), fill=shade(colour, 0.75))


def cabinet(pen: Pen, colour: Colour) -> None:
    """A cabinet with two doors."""
    pen.rounded_rectangle((260, 140, 700, FLOOR), radius=14, fill=shade(colour, 0.85))
    for left in (278, 486):
        pen.rounded_rectangle((left, 158, left + 196, 582), radius=8, fill=colour)
        pen.rectangle((left + 24, 184, left + 172, 556), outline=shade(colour, 0.9), width=5)
    for x in (456, 496):
        pen.ellipse((x, 356, x + 14, 384), fill=(90, 84, 76))


def folded(pen: Pen, colour: Colour) -> None:
    """A pile of folded cloth."""
    for n, tint in enumerate((0.82, 1.0, 1.16, 0.92)):
        bottom = FLOOR - n * 82
        cloth = (250 + n * 8, bottom - 78, 710 - n * 8, bottom)
        pen.rounded_rectangle(cloth, radius=34, fill=shade(colour, tint))
        pen.line([(290, bottom - 26), (690, bottom - 26)], fill=shade(colour, tint * 0.88), width=5)


def mat(pen: Pen, colour: Colour) -> None:
    """A mat on the floor."""
    pen.polygon([(280, 330), (680, 330), (800, FLOOR), (160, FLOOR)], fill=shade(colour, 0.75))
    pen.polygon([(296, 346), (664, 346), (766, 580), (194, 580)], fill=colour)
    for row in range(5):
        y, wide = 374 + row * 44, 170 + row * 20
        pen.line([(480 - wide, y), (480 + wide, y)], fill=shade(colour, 0.88), width=9)


def mirror(pen: Pen, colour: Colour) -> None:
    """A round mirror."""
    pen.ellipse((260, 130, 700, 570), fill=colour)
    pen.ellipse((288, 158, 672, 542), fill=(206, 220, 226))
    for x, wide in ((380, 30), (450, 14)):
        pen.line([(x, 440), (x + 160, 220)], fill=(232, 240, 243), width=wide)


def frames(pen: Pen, colour: Colour) -> None:
    """Three picture frames."""
    for area in ((220, 260, 430, 560), (450, 180, 740, 400), (450, 420, 640, 580)):
        left, top, right, bottom = area
        pen.rectangle(area, fill=colour)
        pen.rectangle((left + 18, top + 18, right - 18, bottom - 18), fill=_PAPER)
        pen.rectangle((left + 48, top + 48, right - 48, bottom - 48), fill=(176, 196, 186))


def table(pen: Pen, colour: Colour) -> None:
    """A low table."""
    for x in (290, 640):
        pen.polygon(
            [(x, 300), (x + 30, 300), (x + 26, FLOOR), (x + 4, FLOOR)], fill=shade(colour, 0.8)
        )
    pen.rectangle((310, 460, 650, 486), fill=shade(colour, 0.9))
    pen.rounded_rectangle((240, 270, 720, 316), radius=14, fill=colour)


def ladder(pen: Pen, colour: Colour) -> None:
    """A ladder to hang towels on."""
    for y in range(190, 560, 76):
        pen.rounded_rectangle((350, y, 610, y + 24), radius=10, fill=shade(colour, 0.85))
    for x in (330, 600):
        pen.rounded_rectangle((x, 110, x + 30, FLOOR), radius=14, fill=colour)


def planters(pen: Pen, colour: Colour) -> None:
    """Three pots for plants."""
    for x, size, tint in ((220, 150, 0.85), (390, 200, 1.0), (610, 150, 0.92)):
        top, body = FLOOR - size, shade(colour, tint)
        sides = [
            (x + 12, top),
            (x + size - 12, top),
            (x + size * 0.8, FLOOR),
            (x + size * 0.2, FLOOR),
        ]
        pen.polygon(sides, fill=body)
        pen.rounded_rectangle((x, top - 30, x + size, top + 16), radius=10, fill=shade(body, 1.12))


def garment(pen: Pen, colour: Colour) -> None:
    """A shirt or jumper."""
    left: list[Point] = [(410, 150), (300, 200), (210, 400), (290, 440), (340, 340), (336, 610)]
    right = [(960 - x, y) for x, y in reversed(left)]
    pen.polygon([*left, *right], fill=colour)
    pen.chord((408, 100, 552, 210), 0, 180, fill=shade(colour, 0.6))
    pen.line([(480, 206), (480, 606)], fill=shade(colour, 0.85), width=6)


def headphones(pen: Pen, colour: Colour) -> None:
    """A pair of headphones."""
    pen.arc((290, 150, 670, 620), 180, 360, fill=colour, width=34)
    for x in (266, 596):
        pen.rounded_rectangle((x, 370, x + 98, 570), radius=44, fill=shade(colour, 0.7))
        pen.rounded_rectangle((x + 20, 390, x + 44, 550), radius=12, fill=shade(colour, 1.1))


def speaker(pen: Pen, colour: Colour) -> None:
    """A speaker, lying."""
    pen.rounded_rectangle((250, 300, 710, FLOOR), radius=110, fill=colour)
    for row in range(6):
        for x in range(330, 640, 26):
            y = 356 + row * 34
            pen.ellipse((x, y, x + 12, y + 12), fill=shade(colour, 0.65))


def keyboard(pen: Pen, colour: Colour) -> None:
    """A keyboard."""
    pen.rounded_rectangle((150, 350, 810, FLOOR), radius=24, fill=colour)
    for row in range(4):
        for x in range(176, 770, 48):
            y = 374 + row * 52
            pen.rounded_rectangle((x, y, x + 40, y + 42), radius=8, fill=shade(colour, 1.45))
