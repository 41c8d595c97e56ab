"""Runs of numbers in a plain text: digits and number words that stand close to each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from parley.recognition.number_words import (
    HUNDRED,
    HUNDREDS,
    PLUS,
    TEENS,
    TENS,
    TIMES,
    UNITS,
    ZEROES,
    stood_in,
)

_TOKENS = re.compile(r"\d++|[^\W\d_]++")
_GAP = re.compile(r"[ .\-()\[\]/*_·|~,']{0,4}\Z")
_NOT_TOGETHER = re.compile(
    r"""(?<![\d.,/:-])(?:
        \d{1,2}([./-])\d{1,2}\1(?:19|20)?\d\d(?![\d]|[./-]\d)   # 17.03.2026
        | (?:19|20)\d\d-\d\d-\d\d(?![\d]|-\d)                  # 2026-03-17
        | \d{1,2}:\d\d(?::\d\d)?(?!\d)                         # 14:35
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """`digits` as they read at `start:end` of the plain text."""

    digits: str
    start: int
    end: int
    spoken: bool = False
    stands_in: bool = False
    """Whether the digits are letters, as in 9OO."""


@dataclass(slots=True)
class Run:
    """Pieces with nothing but spaces and punctuation between them. `plus`: where it begins."""

    pieces: list[Piece] = field(default_factory=list)
    plus: int | None = None

    @property
    def disguised(self) -> bool:
        """Whether the number is spoken or has letters for digits."""
        return any(piece.spoken or piece.stands_in for piece in self.pieces)


def runs_in(text: str) -> list[Run]:
    """The runs of numbers in `text` (plain), each as long as it goes, dates and times left out."""
    runs: list[Run] = []
    run = Run()
    end = -1
    for piece in _apart_from_dates(text, _composed(text)):
        plus = _plus_before(text, piece.start)
        if not run.pieces or plus is not None or not _GAP.match(text[end : piece.start][:9]):
            _keep(run, runs)
            run = Run(plus=plus)
        run.pieces.append(piece)
        end = piece.end
    _keep(run, runs)
    return runs


def _keep(run: Run, runs: list[Run]) -> None:
    while run.pieces and run.pieces[-1].stands_in:
        run.pieces.pop()
    if run.pieces:
        runs.append(run)


def _plus_before(text: str, start: int) -> int | None:
    """Where the plus is that belongs to the number at `start`: a sign or a word."""
    before = text[max(0, start - 7) : start]
    stripped = before.rstrip(" (")
    if len(before) - len(stripped) > 2:
        return None
    place = start - len(before) + len(stripped)
    if stripped.endswith("+") and not text[place - 2 : place - 1].isalnum():
        return place - 1
    word = next((word for word in PLUS if stripped.endswith(word)), "")
    return place - len(word) if word else None


def _apart_from_dates(text: str, pieces: Iterator[Piece]) -> Iterator[Piece]:
    dates = [found.span() for found in _NOT_TOGETHER.finditer(text)]
    at = 0
    for piece in pieces:
        while at < len(dates) and dates[at][1] <= piece.start:
            at += 1
        if at == len(dates) or dates[at][0] >= piece.end:
            yield piece


def _composed(text: str) -> Iterator[Piece]:
    """The numbers of `text`, those in words put together: "сто двадцать три" is one piece, 123."""
    said = _Said()
    before = None
    for found in _TOKENS.finditer(text):
        word, start, end = found[0], found.start(), found.end()
        if word.isdigit():
            yield from said.out_before(Piece(word, start, end))
        elif said.takes(word, start, end, text[before or 0 : start]):
            yield from said.finished()
        else:
            yield from said.out()
            if (digits := stood_in(word)) and _beside_digits(text, start, end):
                yield Piece(digits, start, end, stands_in=True)
        before = end
    yield from said.out()


def _beside_digits(text: str, start: int, end: int) -> bool:
    """Whether a word that could be digits stands in a number: 9OO, or OOO between numbers."""
    left, right = text[max(0, start - 1) : start], text[end : end + 1]
    if left.isdigit() or right.isdigit():
        return True
    return text[max(0, start - 2) : start - 1].isalnum() and text[end + 1 : end + 2].isdigit()


class _Said:
    """Puts number words together, one after the other."""

    def __init__(self) -> None:
        self._value = ""
        self._open = 0
        """How many of the last digits of `_value` may still be filled in."""
        self._span = (0, 0)
        self._times = 1
        self._done: list[Piece] = []

    def takes(self, word: str, start: int, end: int, gap: str) -> bool:
        """Whether `word` is a number word; it is then part of the piece that grows."""
        if gap not in {" ", "-"}:
            self._close()
        if word in TIMES:
            self._close()
            self._times, self._span = TIMES[word], (start, end)
        elif word == HUNDRED:
            self._hundredfold(end)
        elif word in HUNDREDS:
            self._add(HUNDREDS[word] + "00", 2, start, end)
        elif word in TENS:
            self._fill(TENS[word] + "0", 1, start, end)
        elif word in TEENS:
            self._fill(TEENS[word], 0, start, end)
        elif word in UNITS:
            self._fill(UNITS[word], 0, start, end)
        elif word in ZEROES:
            self._add(ZEROES[word], 0, start, end)
        else:
            return False
        return True

    def finished(self) -> list[Piece]:
        """The pieces that no further word can change, once."""
        done, self._done = self._done, []
        return done

    def out(self) -> list[Piece]:
        """All pieces, once: something else than a number word comes next."""
        self._close()
        return self.finished()

    def out_before(self, piece: Piece) -> list[Piece]:
        """All pieces, once, and `piece`, whose digit comes twice after "double"."""
        if self._times > 1 and not self._value and len(piece.digits) == 1:
            piece = Piece(piece.digits * self._times, self._span[0], piece.end, spoken=True)
        return [*self.out(), piece]

    def _fill(self, digits: str, opens: int, start: int, end: int) -> None:
        if len(digits) > self._open:
            self._add(digits, opens, start, end)
            return
        self._value = self._value[: -len(digits)] + digits
        self._open = opens
        self._span = (self._span[0], end)

    def _add(self, digits: str, opens: int, start: int, end: int) -> None:
        begins = self._span[0] if self._times > 1 and not self._value else start
        times = self._times if not self._value else 1
        self._close()
        self._value, self._open, self._span = digits * times, opens, (begins, end)

    def _hundredfold(self, end: int) -> None:
        if len(self._value) == 1:
            self._value += "00"
            self._span = (self._span[0], end)

    def _close(self) -> None:
        if self._value:
            self._done.append(Piece(self._value, *self._span, spoken=True))
        self._value, self._open, self._times = "", 0, 1
