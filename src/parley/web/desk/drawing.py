"""Charts as plain shapes: where each bar and point stands, in the units of an SVG's view box.

The templates draw them; the numbers behind them stand in a table beside.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

K = TypeVar("K")

WIDTH, HEIGHT = 720, 180
"""Of a chart's plane, without its labels."""
_NICE = (1, 2, 5, 10)


class Block(NamedTuple):
    """One block of a stack: `kind` says of what."""

    kind: str
    x: float
    y: float
    width: float
    height: float
    times: int


@dataclass(frozen=True)
class Stacks(Generic[K]):
    """A chart of bars, one or one group for each column; `top` is the number at its upper edge.

    `labelled` are a few of the columns' keys, and where across the chart they stand.
    """

    blocks: list[Block]
    labelled: list[tuple[K, float]]
    top: int


@dataclass(frozen=True)
class Lines(Generic[K]):
    """A chart of lines: for each kind its stretches without a gap, as SVG polylines have them.

    `dots` are points that stand alone: (kind, x, y).
    """

    lines: list[tuple[str, str]]
    dots: list[tuple[str, float, float]]
    labelled: list[tuple[K, float]]
    top: int


class Share(NamedTuple):
    """A part of a whole bar of 100 units: `kind` of so many `times`, `per_mille` of all."""

    kind: str
    x: float
    width: float
    times: int
    per_mille: int


def shares(counted: Mapping[str, int], kinds: Sequence[str]) -> list[Share]:
    """The parts of a bar, in the order of `kinds`; those that are empty are there with no width."""
    total = sum(counted.get(kind, 0) for kind in kinds)
    made, x = [], 0.0
    for kind in kinds:
        times = counted.get(kind, 0)
        width = 100 * times / total if total else 0
        made.append(Share(kind, round(x, 2), round(width, 2), times, round(width * 10)))
        x += width
    return made


def stacks(columns: Sequence[tuple[K, Mapping[str, int]]], kinds: Sequence[str]) -> Stacks[K]:
    """A bar for each column, also of those with nothing in them: its kinds upon each other."""
    top = nice_top(max((sum(counted.values()) for _key, counted in columns), default=0))
    step = WIDTH / max(1, len(columns))
    blocks: list[Block] = []
    for place, (_key, counted) in enumerate(columns):
        y = float(HEIGHT)
        for kind in kinds:
            times = counted.get(kind, 0)
            if not times:
                continue
            height = HEIGHT * times / top
            y -= height
            x = place * step + step * 0.12
            blocks.append(
                Block(kind, _short(x), _short(y), _short(step * 0.76), _short(height), times)
            )
    return Stacks(blocks, _labelled([key for key, _counted in columns]), top)


def bars(columns: Sequence[tuple[K, Mapping[str, int]]], kinds: Sequence[str]) -> Stacks[K]:
    """A group of bars for each column: its kinds side by side."""
    top = nice_top(max((max(counted.values(), default=0) for _key, counted in columns), default=0))
    step = WIDTH / max(1, len(columns))
    width = step * 0.8 / len(kinds)
    blocks = [
        Block(
            kind,
            _short(place * step + step * 0.1 + n * width),
            _short(HEIGHT * (1 - counted[kind] / top)),
            _short(width * 0.92),
            _short(HEIGHT * counted[kind] / top),
            counted[kind],
        )
        for place, (_key, counted) in enumerate(columns)
        for n, kind in enumerate(kinds)
        if counted.get(kind)
    ]
    return Stacks(blocks, _labelled([key for key, _counted in columns]), top)


def lines(
    columns: Sequence[tuple[K, Mapping[str, float | None]]], kinds: Sequence[str]
) -> Lines[K]:
    """A line for each kind over the columns; where there is no number it has a gap."""
    numbers = [n for _key, of in columns for n in of.values() if n is not None]
    top = nice_top(math.ceil(max(numbers, default=0)))
    step = WIDTH / max(1, len(columns))
    made = Lines[K]([], [], _labelled([key for key, _of in columns]), top)
    for kind in kinds:
        for stretch in _stretches([of.get(kind) for _key, of in columns]):
            points = [
                (_short((place + 0.5) * step), _short(HEIGHT * (1 - number / top)))
                for place, number in stretch
            ]
            if len(points) == 1:
                made.dots.append((kind, *points[0]))
            else:
                made.lines.append((kind, " ".join(f"{x},{y}" for x, y in points)))
    return made


def _stretches(numbers: Sequence[float | None]) -> Iterator[list[tuple[int, float]]]:
    """The runs of places that have a number."""
    run: list[tuple[int, float]] = []
    for place, number in enumerate([*numbers, None]):
        if number is not None:
            run.append((place, number))
        elif run:
            yield run
            run = []


def _labelled(keys: Sequence[K]) -> list[tuple[K, float]]:
    every = max(1, -(-len(keys) // 7))
    step = WIDTH / max(1, len(keys))
    return [
        (key, _short((place + 0.5) * step)) for place, key in enumerate(keys) if place % every == 0
    ]


def line(points: Sequence[tuple[float, float]], first: float, last: float) -> str:
    """Points (a value from `first` to `last`, a share from 0 to 1) as an SVG polyline has them."""
    span = (last - first) or 1
    return " ".join(
        f"{_short(WIDTH * (x - first) / span)},{_short(HEIGHT * (1 - y))}" for x, y in points
    )


def place(value: float, first: float, last: float) -> float:
    """Where a value stands across the chart."""
    return _short(WIDTH * (min(max(value, first), last) - first) / ((last - first) or 1))


def nice_top(most: int) -> int:
    """The round number at a chart's upper edge: 1, 2 or 5 times a power of ten, `most` or above."""
    power = 1
    while True:
        for nice in _NICE:
            if nice * power >= max(most, 4):
                return nice * power
        power *= 10


def _short(number: float) -> float:
    return round(number, 1)
