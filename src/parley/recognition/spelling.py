"""Hosts as people write and spell them: `lampa.ru`, "lampa dot ru", `lampa[.]ru`, "лампа точка ру"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from parley.recognition.hosts import SAID_ENDINGS

_DOT_WORDS = "dot|d0t|точка|дот|тчк"
_SPELLED = rf" ?[(\[{{<](?:{_DOT_WORDS}|\.)[)\]}}>] ?| (?:{_DOT_WORDS}) |_(?:{_DOT_WORDS})_"
DOT = rf"(?:\.|{_SPELLED}| \. ?|,(?=[^\W\d_]))"
_LABEL = r"[^\W_]++(?:-++[^\W_]++)*+(?: (?:dash|hyphen|тире|дефис) [^\W_]++){0,3}+"
DOMAIN = rf"{_LABEL}(?:{DOT}{_LABEL}){{1,8}}+"
DOMAIN_OR_NAME = rf"{_LABEL}(?:{DOT}{_LABEL}){{0,8}}+"
_PARTS = re.compile(rf"(?P<dot>{DOT})|(?P<label>{_LABEL})")
_DASH_WORDS = re.compile(r" (?:dash|hyphen|тире|дефис) ")


@dataclass(frozen=True, slots=True)
class Label:
    """One name of a host, ending at `end` of the plain text; `dot` is what stands before it."""

    name: str
    end: int
    dot: str

    @property
    def spelled(self) -> bool:
        """Whether the dot is written so that a machine does not see it."""
        return len(self.dot.strip()) > 1

    @property
    def loose(self) -> bool:
        """Whether the dot may as well be punctuation: a comma, or with spaces around it."""
        return self.dot == "," or self.dot in {" .", " . "}


def labels_of(text: str, start: int, end: int) -> list[Label]:
    """The labels of the domain at `text[start:end]`."""
    return list(_labels(text, start, end))


def _labels(text: str, start: int, end: int) -> Iterator[Label]:
    dot = ""
    for found in _PARTS.finditer(text, start, end):
        if found["dot"]:
            dot = found["dot"]
            continue
        name = _DASH_WORDS.sub("-", found["label"])
        yield Label(SAID_ENDINGS.get(name, name) if dot else name, found.end(), dot)
        dot = ""
