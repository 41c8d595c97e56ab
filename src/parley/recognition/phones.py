"""Phone numbers, as people write and say them.

With a country code they are any country's (libphonenumber); without one, Britain's, Russia's and
those of the region asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

import phonenumbers
from phonenumbers import NumberParseException, ValidationResult

from parley.recognition.numbers import Piece, Run
from parley.recognition.passages import Passage
from parley.recognition.surroundings import called_other, called_phone, measured, part_of_code

MOST_ASKED = 400
"""Numbers of one text that libphonenumber is asked about; any more are taken by their length."""
_MOST_PIECES = 17
_SHORTEST, _LONGEST = 9, 15
_FIRST = set("034789")
"""What the numbers of Britain and Russia begin with, and every other with a trunk prefix."""

_BRITISH = re.compile(r"0(?:[1238]\d{9}|7[1-57-9]\d{8}|70\d{8})")
_RUSSIAN = re.compile(r"(?:8[3489]|7[3489])\d{9}")
_WITHOUT_PREFIX = re.compile(r"(?:7[1-57-9]\d{8}|[3489]\d{9})")


def phones_in(text: str, runs: list[Run], region: str) -> Iterator[Passage]:
    """The phone numbers among `runs` of `text` (plain), for readers in `region`."""
    plan = _Plan(region)
    for run in runs:
        at = 0
        while at < len(run.pieces):
            taken = _taken(text, run, at, plan)
            if taken:
                start = run.plus if at == 0 and run.plus is not None else run.pieces[at].start
                last = run.pieces[at + taken - 1]
                digits = "".join(piece.digits for piece in run.pieces[at : at + taken])
                yield Passage("phone", start, last.end, digits)
            at += taken or 1


def _taken(text: str, run: Run, at: int, plan: _Plan) -> int:
    """How many pieces of `run` from `at` on are a phone number; 0 if none."""
    international = at == 0 and run.plus is not None
    digits, best = "", 0
    one = _Start(text, run, at)
    if not international and run.pieces[at].digits[0] not in _FIRST and not one.called_phone:
        return 0
    for size, piece in enumerate(run.pieces[at : at + _MOST_PIECES], 1):
        digits += piece.digits
        if len(digits) > _LONGEST + 2:
            break
        if len(digits) < _SHORTEST:
            continue
        if plan.international(digits) if international else one.is_phone(size, digits, plan):
            best = size
            if not international:
                break
    if best and international and _hangs_on(text, run, at, best):
        return 0
    return best


def _hangs_on(text: str, run: Run, at: int, size: int) -> bool:
    return part_of_code(text, run.plus or 0, run.pieces[at + size - 1].end)


class _Plan:
    """The numbering plans: which digits are a phone number."""

    def __init__(self, region: str) -> None:
        self._region = region
        self._asked = 0

    def international(self, digits: str) -> bool:
        """Whether `digits`, after a plus, are a number of the country they name."""
        if not _SHORTEST <= len(digits) <= _LONGEST:
            return False
        return self._possible("+" + digits, None)

    def national(self, digits: str) -> bool:
        """Whether `digits` are a whole number of some region without its country code."""
        if _BRITISH.fullmatch(digits) or _RUSSIAN.fullmatch(digits):
            return True
        if digits.startswith("00"):
            return self.international(digits[2:])
        if self._region in {"GB", "RU"} or not _SHORTEST <= len(digits) <= 12:
            return False
        return digits.startswith("0") and self._possible(digits, self._region)

    def _possible(self, number: str, region: str | None) -> bool:
        self._asked += 1
        if self._asked > MOST_ASKED:
            return True
        try:
            parsed = phonenumbers.parse(number, region)
        except NumberParseException:
            return False
        reason = phonenumbers.is_possible_number_with_reason(parsed)
        return reason == ValidationResult.IS_POSSIBLE


class _Start:
    """Piece `at` of a run as the first of a number without a plus: what speaks for and against."""

    def __init__(self, text: str, run: Run, at: int) -> None:
        self._text, self._run, self._at = text, run, at
        self._begins = run.pieces[at].start

    def is_phone(self, size: int, digits: str, plan: _Plan) -> bool:
        """Whether `size` pieces, which are `digits`, are a phone number."""
        whole = plan.national(digits)
        if not whole and not _WITHOUT_PREFIX.fullmatch(digits) and not self._abroad(digits, plan):
            return False
        if self._stands_for_other(size):
            return False
        pieces = self._run.pieces[self._at : self._at + size]
        if whole and not self._looks_counted(pieces):
            return True
        said = sum(len(piece.digits) for piece in pieces if piece.spoken)
        return said >= 8 or self.called_phone

    def _abroad(self, digits: str, plan: _Plan) -> bool:
        """Whether it has a country code without a plus, and is called a phone."""
        return 11 <= len(digits) <= 13 and self.called_phone and plan.international(digits)

    @cached_property
    def called_phone(self) -> bool:
        """Whether the words before it, or brackets around its first digits, speak of a phone."""
        in_brackets = self._text[max(0, self._begins - 1) : self._begins] == "("
        return in_brackets or called_phone(self._text, self._begins)

    def _stands_for_other(self, size: int) -> bool:
        text, start, end = self._text, self._begins, self._run.pieces[self._at + size - 1].end
        if measured(text, start, end) or called_other(text, start):
            return True
        return part_of_code(text, start, end) or self._cut_out(size)

    def _cut_out(self, size: int) -> bool:
        """Whether the run goes on past the number as one longer number or a list would."""
        run, after = self._run.pieces, self._at + size
        if self._at and self._joined(run[self._at - 1], run[self._at]):
            return True
        if after >= len(run):
            return False
        if self._joined(run[after - 1], run[after]):
            return True
        total = sum(len(piece.digits) for piece in run[self._at : self._at + _MOST_PIECES])
        return total > 15 and len(run[after].digits) < 5 and run[after].digits[0] not in "078"

    def _joined(self, one: Piece, other: Piece) -> bool:
        gap = self._text[one.end : other.start]
        return not gap or (" " not in gap and gap not in {",", "/"})

    def _looks_counted(self, pieces: list[Piece]) -> bool:
        """Whether it may as well be a list of amounts: 12 14 16 18 20 22, or 0,7, 1,2, 3,4."""
        if len(pieces) > 5 and all(len(piece.digits) == 2 for piece in pieces):
            return True
        gaps = {self._text[one.end : other.start] for one, other in pairwise(pieces)}
        return {",", ", "} <= gaps or {".", ", "} <= gaps
