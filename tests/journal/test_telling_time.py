from __future__ import annotations

from datetime import UTC, datetime

from django.utils import timezone, translation

from parley.journal import telling_time

MOMENT = datetime(2026, 5, 19, 22, 30, tzinfo=UTC)


def test_english_has_its_short_days_and_months() -> None:
    with translation.override("en"), timezone.override("UTC"):
        assert telling_time.day_and_time(MOMENT) == "Tue 22:30"
        assert telling_time.short_date(MOMENT) == "19 May"
        assert telling_time.short_date_and_time(MOMENT) == "19 May 22:30"
        assert telling_time.short_date_and_year(MOMENT) == "19 May 2026"


def test_russian_has_them_in_lower_case_and_the_months_declined() -> None:
    with translation.override("ru"), timezone.override("UTC"):
        assert telling_time.day_and_time(MOMENT) == "вт\u00a022:30"
        assert telling_time.short_date(MOMENT) == "19\u00a0мая"
        assert telling_time.short_date_and_time(MOMENT) == "19\u00a0мая, 22:30"
        assert telling_time.short_date_and_year(MOMENT) == "19\u00a0мая 2026"


def test_the_day_is_the_one_of_the_reader() -> None:
    with translation.override("en"), timezone.override("Asia/Yekaterinburg"):
        assert telling_time.day_and_time(MOMENT) == "Wed 03:30"
        assert telling_time.short_date(MOMENT) == "20 May"
