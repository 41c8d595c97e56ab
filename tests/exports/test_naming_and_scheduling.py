"""The names of files, and when exports run."""

from __future__ import annotations

import string
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.exports.models import Every, Export
from parley.exports.naming import PatternRefused, check_pattern, name_of
from parley.exports.scheduling import next_run

THEN = datetime(2026, 5, 21, 14, 5, tzinfo=UTC)  # a Thursday


def test_a_name_has_date_time_and_run() -> None:
    assert (
        name_of("orders-{date}-{time}-{run}.csv", run=17, at=THEN)
        == "orders-20260521-140500-17.csv"
    )


@pytest.mark.parametrize(
    "pattern",
    ["", "x" * 121, "a/b-{run}", "..\\{run}", "../{run}", ".hidden-{run}", "-rf {run}", "{run}\n", " {run}",
     "{nothing}-{run}", "{run", "{run}}", "a\0{run}", "{run}.part", "{run}.PART", 'a"{run}', "{run!r}",
     "{run.__class__}", "{0}{run}", "{run}" * 21, "包" * 70 + "{run}"],
)  # fmt: skip
def test_names_that_can_not_be(pattern: str) -> None:
    with pytest.raises(PatternRefused):
        check_pattern(pattern, names_differ=True)


def test_each_run_needs_a_name_of_its_own_unless_all_orders_are_sent_each_time() -> None:
    with pytest.raises(PatternRefused):
        check_pattern("orders-{date}.csv", names_differ=True)
    check_pattern("orders.csv", names_differ=False)


_PIECES = st.one_of(
    st.sampled_from(["{run}", "{date}", "{time}", "-", "."]),
    st.text(alphabet=string.ascii_letters + string.digits + "éж_ ", min_size=1, max_size=4),
    st.text(alphabet=string.printable, max_size=1),
)


@given(st.lists(_PIECES, max_size=8).map("".join), st.integers(1, 10**9))
def test_what_is_accepted_names_a_file_in_the_folder_and_each_run_another(
    pattern: str, run: int
) -> None:
    pattern = f"o{pattern}{{run}}"
    try:
        check_pattern(pattern, names_differ=True)
    except PatternRefused:
        return
    name = name_of(pattern, run=run, at=THEN)
    assert not set(name) & set('/\\:*?"<>|{}\r\n\0')
    assert name not in ("", ".", "..")
    assert len(name.encode()) <= 255, "as much as a file system takes"
    assert not name.startswith(".")
    assert name != name_of(pattern, run=run + 1, at=THEN)


def export(every: str, **more: object) -> Export:
    return Export(every=every, zone="Europe/London", **more)  # type: ignore[arg-type]


def test_every_so_many_minutes_and_every_hour() -> None:
    assert next_run(export(Every.MINUTES, minutes=20), THEN) == THEN + timedelta(minutes=20)
    assert next_run(export(Every.HOURLY), THEN) == THEN.replace(hour=15, minute=0)


def test_every_day_by_the_clock_of_the_supplier() -> None:
    at_seven = export(Every.DAILY, at_time=time(7, 0))
    assert next_run(at_seven, THEN) == datetime(2026, 5, 22, 6, 0, tzinfo=UTC)
    winter = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
    assert next_run(at_seven, winter) == datetime(2026, 12, 2, 7, 0, tzinfo=UTC)


def test_monday_to_friday() -> None:
    friday = datetime(2026, 5, 22, 16, 0, tzinfo=UTC)
    weekdays = export(Every.WEEKDAYS, at_time=time(16, 0))
    assert next_run(weekdays, friday) == datetime(2026, 5, 25, 15, 0, tzinfo=UTC)


def test_an_hour_that_the_clocks_skip_or_repeat_comes_once() -> None:
    early = export(Every.DAILY, at_time=time(1, 30))
    spring = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)
    first = next_run(early, spring)
    assert first.date() == spring.date()
    assert next_run(early, first).date() == datetime(2026, 3, 30, tzinfo=UTC).date()
    autumn = next_run(early, datetime(2026, 10, 24, 12, 0, tzinfo=UTC))
    assert next_run(early, autumn) - autumn > timedelta(hours=20)


@given(
    st.sampled_from(Every.values), st.times(), st.integers(5, 1440),
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(["Europe/London", "Asia/Kathmandu", "America/St_Johns", "Nowhere/Gone"]),
)  # fmt: skip
def test_the_next_time_is_later_and_within_four_days(
    every: str, at_time: time, minutes: int, after: datetime, zone: str
) -> None:
    made = Export(every=every, at_time=at_time, minutes=minutes, zone=zone)
    assert after < next_run(made, after) <= after + timedelta(days=4)
