from __future__ import annotations

from typing import Any

import pytest

from parley.sla.weekly_hours import NotWeeklyHours, week_from

HOUR = 3600


def test_days_are_read_in_order_and_missing_ones_are_free() -> None:
    week = week_from({"sun": [["22:00", "06:00"]], "mon": [["13:00", "17:30"], ["09:00", "12:00"]]})

    assert week[0] == ((9 * HOUR, 12 * HOUR), (13 * HOUR, 17 * HOUR + 1800))
    assert week[1:6] == ((),) * 5
    assert week[6] == ((22 * HOUR, 30 * HOUR),)


def test_midnight_can_be_an_end_and_seconds_count() -> None:
    week = week_from({"tue": [["00:00", "24:00"]], "wed": [["08:00:01", "00:00"]]})

    assert week[1] == ((0, 24 * HOUR),)
    assert week[2] == ((8 * HOUR + 1, 24 * HOUR),)


@pytest.mark.parametrize(
    "written",
    [
        [],
        None,
        {"monday": []},
        {"mon": "09:00-17:00"},
        {"mon": [["09:00"]]},
        {"mon": [["09:00", "09:00"]]},
        {"mon": [["24:00", "06:00"]]},
        {"mon": [["9:00", "17:00"]]},
        {"mon": [["09:00", "25:00"]]},
        {"mon": [["09:00", "24:01"]]},
        {"mon": [["09:00", 17]]},
        {"mon": [["09:00", "12:00"], ["11:59", "13:00"]]},
        {"mon": [["09:00\n", "12:00"]]},
        {"mon": [["٠٩:00", "12:00"]]},
    ],
)
def test_what_cannot_be_read_is_refused(written: Any) -> None:
    with pytest.raises(NotWeeklyHours):
        week_from(written)
