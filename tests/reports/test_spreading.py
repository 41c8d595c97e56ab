"""Percentiles from buckets: never further from the exact one than they say."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.reports.periods import Period, month_of
from parley.reports.spreading import ERROR, SMALLEST, bucket_of, percentile, seconds_of
from reports.recomputing import nearest_rank

YEAR = 366 * 86_400
times = st.one_of(st.integers(0, 600), st.integers(0, YEAR))


@given(times)
def test_a_bucket_is_no_further_than_the_error(seconds: int) -> None:
    told = seconds_of(bucket_of(seconds))
    assert told == pytest.approx(max(seconds, SMALLEST), rel=ERROR + 1e-9)


@given(st.lists(times, min_size=1, max_size=60), st.lists(times, max_size=60))
def test_spreads_add_up(some: list[int], more: list[int]) -> None:
    """A percentile of two days together is that of all their tickets, within the error."""
    together = Counter(map(bucket_of, some)) + Counter(map(bucket_of, more))
    for share in (0.5, 0.9, 1.0):
        exact = max(SMALLEST, nearest_rank([*some, *more], share))
        assert percentile(together, share) == pytest.approx(exact, rel=ERROR + 1e-9)


def test_nothing_has_no_percentile() -> None:
    assert percentile({}, 0.5) is None


days = st.dates(date(2019, 12, 1), date(2024, 3, 31))


@given(days, st.integers(0, 1_500))
def test_a_period_is_read_once_and_whole(first: date, length: int) -> None:
    period = Period(first, date.fromordinal(first.toordinal() + length))
    seen: Counter[date] = Counter()
    for span in period.spans:
        if span.grain == "d":
            seen.update(Period(span.first, span.last).each_day)
            continue
        month = span.first
        while month <= span.last:
            seen.update(month_of(month).each_day)
            month = date.fromordinal(month_of(month).last.toordinal() + 1)
    assert seen == Counter(period.each_day)
    assert [day for part in period.parts for day in part.each_day] == period.each_day


def test_whole_months_are_compared_with_whole_months() -> None:
    assert month_of(date(2026, 3, 5)).before == month_of(date(2026, 2, 1))
    quarter = Period(date(2026, 4, 1), date(2026, 6, 30))
    assert quarter.before == Period(date(2026, 1, 1), date(2026, 3, 31))
    assert Period(date(2026, 3, 2), date(2026, 3, 8)).before == Period(
        date(2026, 2, 23), date(2026, 3, 1)
    )
