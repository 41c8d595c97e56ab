"""Postcodes of the United Kingdom, and rules about them as people write them (O6).

A postcode is read as its parts, after Royal Mail's own words for them ("PAF Programmers' Guide",
chapter on postcodes) and BS 7666-2:2006: **area** (`KW`), **district** (`KW17`, `EC1A`), **sector**
(`KW17 2`) and **unit** (`KW17 2AB`); the last three characters are always the inward code. Guernsey,
Jersey and the Isle of Man use the same scheme (`GY`, `JE`, `IM`). A rule names some of these parts,
and catches a postcode that has them. Nothing is ever compared as the beginning of a string: `G` is
not `GY`, and `AB3` is not `AB31`.

The grammar of a rule stands in `docs/postcodes.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_AREAS = """
    AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN
    DT DY E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA
    LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG
    SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE
"""
AREAS = frozenset(_AREAS.split())
"""Every postcode area there is (Royal Mail, "Postcode areas"), the Crown dependencies' included."""

LONGEST_TEXT = 10_000
"""Characters of rules that are read; nobody writes more."""

STARTER_SETS = (
    (
        "highlands",
        gettext_lazy("Highlands and Islands"),
        "AB31-38, AB41-56, FK17-21, HS, IV, KA27-28, KW, PA20-78, PH15-50, ZE",
    ),
    ("northern_ireland", gettext_lazy("Northern Ireland"), "BT"),
    ("channel_islands", gettext_lazy("Channel Islands"), "GY, JE"),
    ("isle_of_man", gettext_lazy("Isle of Man"), "IM"),
    ("scilly", gettext_lazy("Isles of Scilly"), "TR21-25"),
    ("isle_of_wight", gettext_lazy("Isle of Wight"), "PO30-41"),
)
"""Places that carriers commonly serve late or not at all: (key, name, rules). The first is the union of
what the large carriers publish as their Highlands and Islands zones; a supplier changes it at will."""


class Postcode(NamedTuple):
    """A whole postcode: `KW17 2AB` is ("KW", 17, "", 2, "AB"), `EC1A 1BB` ("EC", 1, "A", 1, "BB")."""

    area: str
    district: int
    letter: str
    sector: int
    unit: str

    def __str__(self) -> str:
        return f"{self.area}{self.district}{self.letter} {self.sector}{self.unit}"


@dataclass(frozen=True)
class Rule:
    """Some part of the country: an area, districts of it, sectors of one, or one unit.

    `districts` and `sectors` are (first, last), both included. A district without its `letter` means
    all of it: `EC1` is EC1A to EC1Y.
    """

    area: str
    districts: tuple[int, int] | None = None
    letter: str = ""
    sectors: tuple[int, int] | None = None
    unit: str = ""
    written: str = field(default="", compare=False)
    """As it was typed."""

    def catches(self, postcode: Postcode) -> bool:
        """Whether the postcode lies in it."""
        return (
            postcode.area == self.area
            and _within(postcode.district, self.districts)
            and self.letter in ("", postcode.letter)
            and _within(postcode.sector, self.sectors)
            and self.unit in ("", postcode.unit)
        )

    @property
    def is_whole_area(self) -> bool:
        return self.districts is None

    def __str__(self) -> str:
        outward = f"{self.area}{_range(self.districts)}{self.letter}"
        return f"{outward} {_range(self.sectors)}{self.unit}".strip()

    def in_words(self) -> str:
        """What it catches, as a phrase in the active language."""
        if self.districts is None:
            return _("all of %(area)s") % {"area": self.area}
        first, last = (f"{self.area}{district}{self.letter}" for district in self.districts)
        if first != last:
            return _("districts %(first)s to %(last)s") % {"first": first, "last": last}
        if self.unit:
            return _("the postcode %(postcode)s") % {"postcode": self}
        if self.sectors is None:
            return _("district %(district)s") % {"district": first}
        if self.sectors[0] == self.sectors[1]:
            return _("sector %(sector)s") % {"sector": self}
        return _("sectors %(sectors)s") % {"sectors": self}


@dataclass(frozen=True)
class Misread:
    """A piece of what was written that is no rule, and why: `code` is a key of `_TROUBLES`."""

    piece: str
    code: str

    def in_words(self) -> str:
        """What is wrong with it, in the active language."""
        return str(_TROUBLES[self.code]) % {"piece": self.piece}


_TROUBLES = {
    "strange": gettext_lazy(
        "“%(piece)s” is not understood. Write an area (BT), a district (GY9), a range (AB31-38) or a"
        " whole postcode (KW17 2AB)."
    ),
    "no_area": gettext_lazy("“%(piece)s”: there is no such postcode area."),
    "backwards": gettext_lazy("“%(piece)s”: the range goes backwards."),
    "two_areas": gettext_lazy("“%(piece)s”: a range has to stay within one area."),
    "no_area_before": gettext_lazy("“%(piece)s”: say which area this number belongs to."),
    "too_long": gettext_lazy(
        "That is more text than postcode rules can be. Only its beginning is read."
    ),
}


@dataclass(frozen=True)
class Reading:
    """What was understood of a text of rules, and what was not."""

    rules: tuple[Rule, ...]
    misread: tuple[Misread, ...]

    def rule_for(self, postcode: Postcode) -> Rule | None:
        """The first rule that catches the postcode."""
        return next((rule for rule in self.rules if rule.catches(postcode)), None)

    def __str__(self) -> str:
        return ", ".join(map(str, self.rules))


def read_postcode(text: str) -> Postcode | None:
    """The whole postcode that `text` is, in any case and with spaces anywhere; None if it is none."""
    found = _WHOLE.fullmatch(re.sub(r"[\s-]", "", text[:20]).upper())
    if found is None or found["area"] not in AREAS:
        return None
    number, letter = found["number"], found["letter"] or ""
    return Postcode(found["area"], int(number), letter, int(found["sector"]), found["unit"])


@lru_cache(maxsize=1024)
def read_rules(text: str) -> Reading:
    """The rules in a text, and the pieces of it that are none. Never raises, whatever the text is."""
    rules: dict[Rule, None] = {}
    misread = [Misread(text[:20], "too_long")] if len(text) > LONGEST_TEXT else []
    area = ""
    for piece in _SEPARATORS.split(_plain(text[:LONGEST_TEXT])):
        for written in _joined(piece.split()):
            read = _rule(written, area)
            if isinstance(read, Misread):
                misread.append(read)
                continue
            rules.setdefault(read)
            area = read.area
    return Reading(tuple(rules), tuple(dict.fromkeys(misread)))


_SEPARATORS = re.compile(r"[,;\n\r]+")
_DASHES = re.compile(r"\s*(?:[-‐‑‒–—−]|(?<=\d)\s+(?:TO|ДО)\s+(?=[A-Z\d]))\s*")
_ALL = re.compile(r"\(\s*(?:ALL|ВСЕ|ВСЁ)\s*\)")
_AREA = re.compile(r"[A-Z]{1,2}")
_OUTWARD = re.compile(r"[A-Z]{1,2}(?:\d{1,2}|\d[A-Z])")
_NUMBERS = re.compile(r"(?P<first>0|[1-9]\d?)(?:-(?P<last>0|[1-9]\d?))?")
_INWARD = re.compile(r"\d(?:-\d|[A-Z]{2})?")
_WHOLE = re.compile(
    r"(?P<area>[A-Z]{1,2})(?P<number>0|[1-9]\d?)(?:(?<=[A-Z]\d)(?P<letter>[A-Z]))?(?P<sector>\d)(?P<unit>[A-Z]{2})"
)
_RULE = re.compile(
    r"(?P<area>[A-Z]{1,2})"
    r"(?:(?P<first>0|[1-9]\d?)"
    r"(?:-(?P<other>[A-Z]{0,2})(?P<last>0|[1-9]\d?)"
    r"|(?:(?<=[A-Z]\d)(?P<letter>[A-Z]))?(?:[ ]?(?P<sector>\d)(?:-(?P<to>\d)|(?P<unit>[A-Z]{2}))?)?)?)?"
)


def _plain(text: str) -> str:
    """Capitals, hyphens without spaces around them, and no remark that it is all of an area."""
    return _DASHES.sub("-", _ALL.sub(" ", text.upper().replace("\x00", " ")))


def _joined(words: list[str]) -> Iterator[str]:
    """The words of a piece, those that are parts of one rule put together: `KW17 2AB`, `AB 31-38`."""
    at = 0
    while at < len(words):
        word, after = words[at], words[at + 1] if at + 1 < len(words) else ""
        if _AREA.fullmatch(word) and _NUMBERS.fullmatch(after):
            word, at = word + after, at + 1
            after = words[at + 1] if at + 1 < len(words) else ""
        if _OUTWARD.fullmatch(word) and _INWARD.fullmatch(after):
            word, at = f"{word} {after}", at + 1
        yield word
        at += 1


def _rule(written: str, area_before: str) -> Rule | Misread:
    if numbers := _NUMBERS.fullmatch(written):
        if not area_before:
            return Misread(written, "no_area_before")
        return _districts(area_before, numbers["first"], numbers["last"], written)
    found = _RULE.fullmatch(written)
    if found is None:
        return Misread(written[:40], "strange")
    if found["area"] not in AREAS:
        return Misread(written, "no_area")
    if found["other"] not in (None, "", found["area"]):
        return Misread(written, "two_areas")
    if found["first"] is None:
        return Rule(found["area"], written=written)
    if found["sector"] is None:
        return _districts(
            found["area"], found["first"], found["last"], written, found["letter"] or ""
        )
    return _sectors(found, written)


def _districts(
    area: str, first: str, last: str | None, written: str, letter: str = ""
) -> Rule | Misread:
    both = int(first), int(last or first)
    if both[0] > both[1]:
        return Misread(written, "backwards")
    return Rule(area, both, letter, written=written)


def _sectors(found: re.Match[str], written: str) -> Rule | Misread:
    district, first = int(found["first"]), int(found["sector"])
    last = int(found["to"] or first)
    if first > last:
        return Misread(written, "backwards")
    return Rule(
        found["area"],
        (district, district),
        found["letter"] or "",
        (first, last),
        found["unit"] or "",
        written=written,
    )


def _within(number: int, bounds: tuple[int, int] | None) -> bool:
    return bounds is None or bounds[0] <= number <= bounds[1]


def _range(bounds: tuple[int, int] | None) -> str:
    if bounds is None:
        return ""
    return str(bounds[0]) if bounds[0] == bounds[1] else f"{bounds[0]}-{bounds[1]}"
