"""Pictures of the goods: what a product's title names is what its picture shows."""

from __future__ import annotations

import re
from random import Random
from typing import TypeVar

from PIL import Image, ImageDraw, ImageFilter

from parley.demo.strokes import Colour
from parley.demo.trade import shapes
from parley.demo.trade.shapes import FLOOR, Shape

_Found = TypeVar("_Found")

_SHAPES: dict[str, Shape] = {
    "stockpot|casserole|pasta pan": shapes.pot,
    "griddle|wok|grill pan": shapes.pan,
    "mugs": shapes.mugs,
    "chopping board": shapes.board,
    "kettle": shapes.kettle,
    "jars|canisters": shapes.jars,
    "press": shapes.press,
    "bowl": shapes.bowl,
    "dish|tin with rack": shapes.dish,
    "spatulas|spoons": shapes.utensils,
    "lamp": shapes.lamp,
    "cushion": shapes.cushion,
    "vase": shapes.vase,
    "wall clock": shapes.clock,
    "baskets?": shapes.basket,
    "curtains": shapes.curtains,
    "soy candle": shapes.candle,
    "hooks|coat rack": shapes.hooks,
    "floating shelf": shapes.shelf,
    "bathroom cabinet|key cabinet": shapes.cabinet,
    "towels|throw|napkins|blanket|tablecloth|bed linen|runner|fitted sheet": shapes.folded,
    "mat|doormat": shapes.mat,
    "mirror": shapes.mirror,
    "picture frames": shapes.frames,
    "bedside table|bench|stool|plant stand": shapes.table,
    "ladder": shapes.ladder,
    "terracotta pots|planters": shapes.planters,
    "shirt|jumper|jacket|top|base layer": shapes.garment,
    "headphones nc-40": shapes.headphones,
    "speaker": shapes.speaker,
    "keyboard": shapes.keyboard,
}
_NOT_AS_CALLED = re.compile(r"butter dish|cover for|keyboard stand|desk lamp|hanging baskets")
_COLOURS: dict[str, Colour] = {
    "sage": (150, 168, 138),
    "white|stoneware": (226, 222, 214),
    "black|charcoal|cast-iron|carbon-steel|keyboard|nc-40": (62, 62, 66),
    "oak|acacia|beech|bamboo|birch|ash": (194, 152, 104),
    "walnut|mango|olive wood": (134, 92, 62),
    "brass": (196, 156, 84),
    "seagrass|jute|coir|wicker|oatmeal|rattan": (192, 164, 122),
    "mustard": (206, 160, 64),
    "terracotta|rust": (188, 104, 76),
    "navy|blue": (62, 92, 138),
    "olive|green": (104, 112, 74),
    "amber": (200, 134, 62),
}
_OTHERWISE: list[Colour] = [(92, 124, 140), (168, 84, 70), (108, 134, 108), (150, 140, 128)]
_SIZE = (960, 720)


def shape_of(title: str) -> Shape | None:
    """The shape of what an English title names, or None if none is drawn for it."""
    if _NOT_AS_CALLED.search(title.lower()):
        return None
    return _first(_SHAPES, title)


def depict(title: str) -> Image.Image:
    """A picture of what a title names. Raises ValueError if there is no shape for it."""
    shape = shape_of(title)
    if shape is None:
        raise ValueError(title)
    rng = Random(title)  # noqa: S311 - the same picture every time
    image = _backdrop(rng)
    shape(ImageDraw.Draw(image), _first(_COLOURS, title) or rng.choice(_OTHERWISE))
    return image


def _first(table: dict[str, _Found], title: str) -> _Found | None:
    for words, found in table.items():
        if re.search(rf"\b({words})\b", title.lower()):
            return found
    return None


def _backdrop(rng: Random) -> Image.Image:
    """A studio's wall and table, and the shadow of what will stand there."""
    warm = rng.randrange(-4, 5)
    small = Image.new("RGB", (240, 180), (236 + warm, 234, 231 - warm))
    pen = ImageDraw.Draw(small)
    pen.rectangle((0, 130, 240, 180), fill=(220 + warm, 217, 213 - warm))
    pen.ellipse((50, FLOOR // 4 - 8, 195, FLOOR // 4 + 11), fill=(186, 182, 177))
    return small.filter(ImageFilter.GaussianBlur(4)).resize(_SIZE)
