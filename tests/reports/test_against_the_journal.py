"""Each figure against the slow and obvious recomputation, over histories that hypothesis makes up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from cast import Cast
from parley.journal.moment import at
from parley.parties.settling import settle
from parley.reports.backlog import age_class, take_backlogs
from parley.reports.figures import Figures, Slice
from parley.reports.folding import fold, fold_all, note_all, note_of_other_zone
from parley.reports.models import Backlog, Cell, Grain, Stale, TicketFacts
from parley.reports.periods import Period
from parley.reports.reading import open_by_age, overview, table
from parley.reports.settings import TIME_ZONE
from parley.reports.spreading import ERROR, SMALLEST
from parley.sla.models import Calendar
from reports.histories import BEGINNING, TIMES, Act, histories, live
from reports.recomputing import Journal, nearest_rank

FIRST = BEGINNING.date() - timedelta(days=1)


class _Undo(Exception):
    pass


def _living(cast: Cast, history: list[Act], check: Callable[[datetime], None]) -> None:
    """Live it and look at it, and let nothing of it stay."""
    with override_settings(COOL_DOWN_MINUTES=0), suppress(_Undo), transaction.atomic():
        end = live(cast, history)
        with at(end):
            check(end)
        raise _Undo


def _assert_same(found: Figures, slow: dict[str, Any]) -> None:
    plain = {
        name: value
        for name, value in slow.items()
        if isinstance(value, int) and name not in ("elapsed", "deciding")
    }
    assert {name: found.counts[name] for name in plain} == plain
    assert found.counts["elapsed_seconds"] == slow["elapsed"]
    assert found.counts["decided_seconds"] == slow["deciding"]
    assert +found.outcomes == Counter(slow["outcomes"])
    assert found.hours == Counter(slow["hours"])
    for times, exact in (
        (found.first_response, slow["first_responses"]),
        (found.resolution, slow["resolutions"]),
    ):
        assert times.of == len(exact)
        for told, share in ((times.typical, 0.5), (times.slow, 0.9)):
            if not exact:
                assert told is None
                continue
            true = max(SMALLEST, nearest_rank(exact, share))
            assert told == pytest.approx(true, rel=ERROR + 1e-9)


def _slices() -> set[Slice]:
    return {Slice(*pair) for pair in Cell.objects.values_list("dimension", "key")}


@settings(max_examples=8 * TIMES)
@given(history=histories, zone=st.sampled_from(["UTC", "Europe/London", "Asia/Kolkata"]))
def test_every_figure_of_every_slice(cast: Cast, history: list[Act], zone: str) -> None:
    def check(end: datetime) -> None:
        settle(TIME_ZONE, zone, by=cast.admin)
        fold_all()
        journal = Journal(zone)
        whole = Period(FIRST, end.date() + timedelta(days=1))
        for one in _slices():
            seen = overview(cast.lead, one, whole)
            _assert_same(seen.whole, journal.figures(*one, whole.first, whole.last))
        days = Cell.objects.filter(grain=Grain.DAY).values_list("dimension", "key", "day")
        for dimension, key, day in days[::7]:
            part = overview(cast.lead, Slice(dimension, key), Period(day, day)).whole
            _assert_same(part, journal.figures(dimension, key, day, day))

    _living(cast, history, check)


@settings(max_examples=4 * TIMES)
@given(history=histories, often=st.integers(1, 4))
def test_folded_as_it_happens_or_all_at_once_is_the_same(
    cast: Cast, history: list[Act], often: int
) -> None:
    def check(end: datetime) -> None:
        while fold(often):
            pass
        as_it_happened = _cells()
        note_all(anew=True)
        fold_all()
        assert _cells() == as_it_happened
        # And once more, without anything having happened.
        note_all()
        Stale.objects.bulk_create(
            Stale(ticket=row) for row in TicketFacts.objects.values_list("ticket", flat=True)
        )
        fold_all()
        assert _cells() == as_it_happened

    _living(cast, history, check)


@settings(max_examples=4 * TIMES)
@given(histories)
def test_the_backlog_of_each_day_and_of_now(cast: Cast, history: list[Act]) -> None:
    def check(end: datetime) -> None:
        fold_all()
        take_backlogs()
        journal = Journal()
        for row in Backlog.objects.all():
            assert {int(age): n for age, n in row.ages.items()} == _classes(
                journal.open_at_the_end_of(row.day)
            )
        assert Backlog.objects.count() == (end.date() - BEGINNING.date()).days
        assert open_by_age(Slice(), end.date()) == _classes(journal.open_at_the_end_of(end.date()))

    _living(cast, history, check)


@settings(max_examples=4 * TIMES)
@given(histories)
def test_another_zone_moves_what_was_counted(cast: Cast, history: list[Act]) -> None:
    def check(end: datetime) -> None:
        fold_all()
        settle(TIME_ZONE, "Pacific/Auckland", by=cast.admin)
        note_of_other_zone()
        fold_all()
        moved = _cells()
        note_all(anew=True)
        fold_all()
        assert _cells() == moved

    _living(cast, history, check)


def test_a_table_has_what_its_slices_have(cast: Cast) -> None:
    history = [Act(50, verb, n % 5, n % 6) for n, verb in enumerate(["opens", "answers"] * 9)]

    def check(end: datetime) -> None:
        fold_all()
        period = Period(FIRST, end.date())
        rows = table(cast.lead, "topic", period)
        assert [row.opened for _key, row in rows] == sorted(
            (row.opened for _key, row in rows), reverse=True
        )
        for key, row in rows:
            assert row == overview(cast.lead, Slice("topic", key), period).whole
        assert table(cast.lead, "topic", period, most=1) == rows[:1]

    _living(cast, history, check)


def test_times_stay_as_they_were_measured(cast: Cast) -> None:
    history = [Act(300, "answers", 0, 0), Act(30, "closes", 0, 0)]

    def check(end: datetime) -> None:
        fold_all()
        before = _cells()
        Calendar.objects.update(mode=Calendar.Mode.ROUND_THE_CLOCK)
        Stale.objects.create(ticket=TicketFacts.objects.get().ticket)
        fold_all()
        assert _cells() == before
        note_all(anew=True)
        fold_all()
        assert _cells() != before

    _living(cast, history, check)


def _cells() -> list[dict[str, Any]]:
    order = ("dimension", "key", "grain", "day")
    return [
        {name: value for name, value in cell.items() if name != "id"}
        for cell in Cell.objects.order_by(*order).values()
    ]


def _classes(ages: dict[int, int]) -> dict[int, int]:
    classes: dict[int, int] = {}
    for age, tickets in ages.items():
        classes[age_class(age)] = classes.get(age_class(age), 0) + tickets
    return classes


def test_a_year_read_by_months_is_its_days(cast: Cast) -> None:
    history = [Act(4_000 * n % 15_001, "opens", n % 5, n % 6) for n in range(40)]

    def check(end: datetime) -> None:
        fold_all()
        long = Period(date(2026, 2, 11), end.date())
        assert long.by_months
        days = Figures()
        for cell in Cell.objects.filter(dimension="all", grain=Grain.DAY):
            days.add_cell(cell)
        assert overview(cast.lead, Slice(), long).whole == days

    _living(cast, history, check)
