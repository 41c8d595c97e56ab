"""Support PINs quoted in a message: six digits near the word, or alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from parley.recognition.disguises import plain
from parley.recognition.numbers import Piece, Run, runs_in
from parley.recognition.surroundings import called_other, measured

DIGITS = 6
MASK = "•" * DIGITS
MOST_CANDIDATES = 3
"""In one message, so that nobody tries out a list of PINs by sending it."""
_REACH_BEFORE, _REACH_AFTER = 48, 28

_WORD = re.compile(
    r"""(?<![^\W\d_])(?:
        p\.?i\.?n\.?s?(?:[ -]?(?:code|number|no\.?|код\w*))? | пин(?:[ -]?код\w*|[аоуе]м?)?
        | (?:support|security|verification)\ (?:code|number)
        | код\w{0,2}\ (?:поддержки|безопасности|подтверждения|проверки)
    )(?![^\W\d_])""",
    re.VERBOSE,
)
_TOGETHER = re.compile(r"(?<![\d#№£$€])(?<!\d[.,:/-])\d{6}(?!\d|[.,:/-]\d)")
_APART = re.compile(r"(?<![\d#№£$€])(?<!\d[ .,:/-])\d(?:[ .\-·_]{1,3}\d|\d){5}(?!\d|[ .,:/-]\d)")
_ALONE = re.compile(r"[\W_]*\Z")


@dataclass(frozen=True, slots=True)
class Candidate:
    """`text[start:end]` may be a PIN, which would be `digits`; `named` when it is called so."""

    digits: str
    start: int
    end: int
    named: bool = True


def candidates(text: str) -> list[Candidate]:
    """What in `text` may be a quoted PIN, in the order of the text, MOST_CANDIDATES at most.

    That is six digits, together, set apart or in words, near the word PIN or its like, and six
    digits that are the whole message. The nearest to the word come first into the count. Whether
    one of them is the writer's PIN only the stored digest can say. Takes time in proportion to the
    length of `text`, and raises nothing.
    """
    read = plain(text)
    words = [found.span() for found in _WORD.finditer(read.text)]
    near: list[tuple[int, Piece, bool]] = []
    for group in _groups(read.text):
        distance = _distance(group, words)
        if distance is None and not _is_all(read.text, group):
            continue
        if _may_be_pin(read.text, group, words):
            near.append((distance or 0, group, distance is not None))
    nearest = sorted(near, key=lambda one: one[0])[:MOST_CANDIDATES]
    return [
        Candidate(group.digits, *read.origin(group.start, group.end), named)
        for _, group, named in sorted(nearest, key=lambda one: one[1].start)
    ]


def masked(text: str, pins: Iterable[Candidate]) -> str:
    """`text` with MASK in the place of each of `pins`."""
    for pin in sorted(pins, key=lambda pin: pin.start, reverse=True):
        text = text[: pin.start] + MASK + text[pin.end :]
    return text


def _groups(text: str) -> Iterator[Piece]:
    """The six digits that stand by themselves in `text` (plain), each once."""
    taken: set[int] = set()
    for pattern in (_TOGETHER, _APART):
        for found in pattern.finditer(text):
            if found.start() not in taken:
                taken.add(found.start())
                yield Piece(re.sub(r"\D", "", found[0]), *found.span())
    for run in runs_in(text):
        yield from _said(run)


def _said(run: Run) -> Iterator[Piece]:
    """The PIN that a run of number words is: "four eight two nine one three"."""
    digits = "".join(piece.digits for piece in run.pieces)
    if len(digits) == DIGITS and any(piece.spoken for piece in run.pieces):
        yield Piece(digits, run.pieces[0].start, run.pieces[-1].end, spoken=True)


def _distance(group: Piece, words: list[tuple[int, int]]) -> int | None:
    """How far the nearest word is, if one is near."""
    before = [group.start - end for _, end in words if 0 <= group.start - end <= _REACH_BEFORE]
    after = [start - group.end for start, _ in words if 0 <= start - group.end <= _REACH_AFTER]
    return min([*before, *(distance + _REACH_BEFORE for distance in after)], default=None)


def _is_all(text: str, group: Piece) -> bool:
    return bool(_ALONE.match(text, group.end)) and not text[: group.start].strip(" \n.,:;!-*\"'«»")


def _may_be_pin(text: str, group: Piece, words: list[tuple[int, int]]) -> bool:
    """Whether it is neither part of a code, nor money, nor named as something else."""
    if measured(text, group.start, group.end) or re.match(r"[-/_]?[^\W_]", text[group.end :][:2]):
        return False
    begins = group.start
    hung = re.search(r"[^\W\d_]+[-/_]?\Z", text[max(0, begins - 16) : begins])
    if hung and not any(end in {begins, begins - 1} for _, end in words):
        return False
    closest = max((end for _, end in words if end <= begins), default=-1)
    if closest >= 0 and begins - closest <= _REACH_BEFORE:
        return not called_other(text[closest:begins], begins - closest)
    return not called_other(text, begins)
