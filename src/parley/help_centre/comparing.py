"""What is different between two texts, line by line, and word by word within a changed line. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

CONTEXT = 2
"""Unchanged lines that are kept in sight around a change."""
MOST_WORK = 200_000
"""Pairs of equal lines, or words, up to which a comparison is made: what `difflib` does grows with
them. Beyond it, all of the one is gone and all of the other is new."""
ALIKE = 0.5
"""The share of words, of 1, from which a line is the same line changed and not another one."""
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


class Change(StrEnum):
    """What became of a line, or of words in it."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"
    CHANGED = "changed"


@dataclass(frozen=True)
class Words:
    """A run of words of a line: all of them are there still, gone, or new."""

    change: Change
    text: str


@dataclass(frozen=True)
class Line:
    """A line of the comparison. One that is CHANGED has words gone and words new."""

    change: Change
    words: tuple[Words, ...]

    @property
    def text(self) -> str:
        """The line as it reads now; one that is gone, as it read."""
        kept = (w.text for w in self.words if self.change == Change.GONE or w.change != Change.GONE)
        return "".join(kept)


@dataclass(frozen=True)
class Unchanged:
    """Lines left out, since nothing about them is different."""

    count: int


@dataclass(frozen=True)
class Difference:
    """The lines of two texts in one order, how many of them were gained, and how many lost."""

    lines: tuple[Line, ...]
    new: int
    gone: int

    @property
    def is_none(self) -> bool:
        return not self.new and not self.gone

    def shown(self, context: int = CONTEXT) -> list[Line | Unchanged]:
        """The lines that differ and `context` around them; the rest only counted."""
        near = _near(self.lines, context)
        shown: list[Line | Unchanged] = []
        skipped = 0
        for line, seen in zip(self.lines, near, strict=True):
            if not seen:
                skipped += 1
                continue
            if skipped:
                shown.append(Unchanged(skipped))
                skipped = 0
            shown.append(line)
        if skipped:
            shown.append(Unchanged(skipped))
        return shown


def compare(before: str, after: str) -> Difference:
    """What is different from `before` to `after`.

    Lines are compared by their text, changed lines by their words. The time it takes grows with the
    length of the texts: where two are so alike in themselves that it would grow faster, they are
    compared more roughly.
    """
    old, new = before.splitlines(), after.splitlines()
    head = _alike_from_the_start(old, new)
    tail = _alike_from_the_start(old[head:][::-1], new[head:][::-1])
    lines = [_same(text) for text in old[:head]]
    lines += _between(old[head : len(old) - tail], new[head : len(new) - tail])
    lines += [_same(text) for text in old[len(old) - tail :]]
    changed = sum(line.change == Change.CHANGED for line in lines)
    gained = changed + sum(line.change == Change.NEW for line in lines)
    lost = changed + sum(line.change == Change.GONE for line in lines)
    return Difference(tuple(lines), new=gained, gone=lost)


def _near(lines: Sequence[Line], context: int) -> list[bool]:
    near = [False] * len(lines)
    for at, line in enumerate(lines):
        if line.change == Change.SAME:
            continue
        for other in range(max(0, at - context), min(len(lines), at + context + 1)):
            near[other] = True
    return near


def _alike_from_the_start(old: Sequence[str], new: Sequence[str]) -> int:
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count


def _between(old: list[str], new: list[str]) -> Iterator[Line]:
    """The lines between what both texts begin and end with."""
    if not old or not new or _work(old, new) > MOST_WORK:
        yield from _gone(old)
        yield from _new(new)
        return
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for what, i1, i2, j1, j2 in matcher.get_opcodes():
        if what == "equal":
            yield from map(_same, old[i1:i2])
        else:
            yield from _replaced(old[i1:i2], new[j1:j2])


def _work(old: Sequence[str], new: Sequence[str]) -> int:
    """How many pairs of equal pieces there are: what finding the longest run of them costs."""
    count = Counter(new)
    # A look at each piece counts too, for every run that is found.
    return sum(count[piece] for piece in old) + (len(old) + len(new)) * 8


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    """Lines in place of others: in pairs as they stand, as far as they are the same line changed."""
    for at in range(max(len(old), len(new))):
        one = old[at] if at < len(old) else None
        other = new[at] if at < len(new) else None
        if one is None or other is None:
            yield from _gone([one] if one is not None else [])
            yield from _new([other] if other is not None else [])
            continue
        yield from _line_by_words(one, other)


def _line_by_words(one: str, other: str) -> Iterator[Line]:
    old, new = _WORDS.findall(one), _WORDS.findall(other)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    rough = _work(old, new) > MOST_WORK // 20 or matcher.real_quick_ratio() < ALIKE
    if rough or matcher.ratio() < ALIKE:
        yield from _gone([one])
        yield from _new([other])
        return
    words: list[Words] = []
    for what, i1, i2, j1, j2 in matcher.get_opcodes():
        if what == "equal":
            words.append(Words(Change.SAME, "".join(old[i1:i2])))
            continue
        words += [Words(Change.GONE, "".join(old[i1:i2]))] if i1 < i2 else []
        words += [Words(Change.NEW, "".join(new[j1:j2]))] if j1 < j2 else []
    yield Line(Change.CHANGED, tuple(words))


def _same(text: str) -> Line:
    return Line(Change.SAME, (Words(Change.SAME, text),))


def _gone(texts: Sequence[str]) -> Iterator[Line]:
    for text in texts:
        yield Line(Change.GONE, (Words(Change.GONE, text),))


def _new(texts: Sequence[str]) -> Iterator[Line]:
    for text in texts:
        yield Line(Change.NEW, (Words(Change.NEW, text),))
