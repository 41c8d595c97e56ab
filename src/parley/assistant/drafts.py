"""What an answer is before it is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NotRequired, TypedDict

BUILT_IN = "built-in"


class Source(TypedDict):
    """What an answer was made from, as `Question.sources` keeps it.

    `kind` is article, order or ticket; `id` an article's path, or a row's key; `address` absolute.
    """

    kind: str
    id: str | int
    title: str
    address: str
    score: NotRequired[float]


@dataclass(frozen=True, kw_only=True)
class Draft:
    """An answer in Markdown, with how it ends the question (`Outcome`) and what it is made from.

    `trouble` is what went wrong on the way, in words for the operator: never what anybody said.
    """

    outcome: str
    text: str
    sources: Sequence[Source] = ()
    confidence: float | None = None
    answerer: str = BUILT_IN
    trouble: str = ""
