"""Charts as plain shapes: where each bar and point stands, in the units of an SVG's view box.

The templates draw them; the numbers behind them stand in a table beside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

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
class Stacks:
    """A chart of stacked bars, one for each day; `top` is the number at its upper edge."""

    blocks: list[Block]
    days: list[tuple[date, float]]
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


def stacks(
    by_day: Mapping[date, Mapping[str, int]], kinds: Sequence[str], first: date, last: date
) -> Stacks:
    """Bars for each day from `first` to `last`, also for those on which there was nothing."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    most = max((sum(counted.values()) for counted in by_day.values()), default=0)
    top = nice_top(most)
    step = WIDTH / len(days)
    blocks: list[Block] = []
    for place, day in enumerate(days):
        y = float(HEIGHT)
        for kind in kinds:
            times = by_day.get(day, {}).get(kind, 0)
            if not times:
                continue
            height = HEIGHT * times / top
            y -= height
            x = place * step + step * 0.12
            blocks.append(
                Block(kind, _short(x), _short(y), _short(step * 0.76), _short(height), times)
            )
    every = max(1, len(days) // 6)
    labelled = [
        (day, _short((place + 0.5) * step)) for place, day in enumerate(days) if place % every == 0
    ]
    return Stacks(blocks, labelled, top)


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
