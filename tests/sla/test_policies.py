"""Calendars and policies: what is refused, and which policy wins."""

from __future__ import annotations

import random
from datetime import date
from importlib import import_module
from itertools import product
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from parley.sla.choosing import policy_for
from parley.sla.models import Calendar, Policy
from parley.sla.working_time import working_seconds_between
from sla.scene import Scene, clock

pytestmark = pytest.mark.django_db

WEEK = {day: [["09:00", "17:30"]] for day in ("mon", "tue", "wed", "thu", "fri")}


def calendar(**fields: Any) -> Calendar:
    return Calendar(**({"name": "Ours", "time_zone": "UTC", "weekly_hours": WEEK} | fields))


def test_the_default_promises(scene: Scene) -> None:
    def promised(priority: str, kind: str) -> int:
        policy = policy_for(scene.to_supplier.pk, priority, kind)
        assert policy is not None
        return policy.working_seconds

    working_day = 8 * 3600 + 1800
    assert promised("question", "seller") == working_day
    assert promised("urgent", "seller") == working_day
    assert promised("slowing", "supplier") == working_day
    assert promised("slowing", "operator") == 2 * working_day
    assert promised("urgent", "operator") == 4 * 3600


def test_the_default_calendar_is_a_working_week(promises: None) -> None:
    hours = Calendar.objects.get().working_hours
    week = working_seconds_between(hours, clock("Mon 00:00"), clock("Sun 23:59"))
    assert week == 5 * (8 * 3600 + 1800)


def test_making_the_default_promises_twice_changes_nothing(promises: None) -> None:
    Policy.objects.filter(party_kind="seller").update(working_seconds=7)
    import_module("parley.sla.migrations.0002_default_promises").make_promises(apps, None)

    assert Policy.objects.count() == 4
    assert Policy.objects.get(party_kind="seller").working_seconds == 7


def test_topic_goes_before_priority_before_party_kind(scene: Scene) -> None:
    Policy.objects.all().delete()
    ours = Calendar.objects.get()
    combinations = list(product([scene.to_supplier, None], ["urgent", None], ["supplier", None]))
    made = [
        Policy(topic=topic, priority=priority, party_kind=kind, calendar=ours, working_seconds=60)
        for topic, priority, kind in combinations
    ]
    for policy in random.Random(7).sample(made, len(made)):
        policy.save()

    for expected in made:  # from the most specific to the least
        chosen = policy_for(scene.to_supplier.pk, "urgent", "supplier")
        assert chosen == expected
        expected.active = False
        expected.save()
    assert policy_for(scene.to_supplier.pk, "urgent", "supplier") is None


def test_a_policy_for_something_else_never_fits(scene: Scene) -> None:
    Policy.objects.filter(topic=None).delete()
    ours = Calendar.objects.get()
    for fields in (
        {"topic": scene.to_operator},
        {"priority": "slowing"},
        {"party_kind": "seller"},
        {"topic": scene.to_supplier, "priority": "slowing"},
        {"topic": scene.to_supplier, "party_kind": "operator"},
    ):
        Policy.objects.create(calendar=ours, working_seconds=60, **fields)

    assert policy_for(scene.to_supplier.pk, "urgent", "supplier") is None


def test_choosing_takes_one_query(scene: Scene, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        policy = policy_for(scene.to_supplier.pk, "urgent", "operator")
        assert policy is not None
        assert policy.calendar.working_hours


def test_two_policies_for_the_same_are_refused(promises: None) -> None:
    with pytest.raises(IntegrityError):
        Policy.objects.create(
            party_kind="seller", calendar=Calendar.objects.get(), working_seconds=60
        )


@pytest.mark.parametrize(
    "wrong", [{"working_seconds": 0}, {"priority": "asap"}, {"party_kind": "stranger"}]
)
def test_a_policy_that_means_nothing_is_refused(promises: None, wrong: dict[str, Any]) -> None:
    fields = {"calendar": Calendar.objects.get(), "working_seconds": 60, "topic": None} | wrong
    with pytest.raises(IntegrityError):
        Policy.objects.create(**fields)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"time_zone": "Europe/Atlantis"}, "time_zone"),
        ({"time_zone": "../etc/passwd"}, "time_zone"),
        ({"time_zone": "Europe"}, "time_zone"),
        ({"weekly_hours": {}}, "weekly_hours"),
        ({"weekly_hours": {"mon": []}}, "weekly_hours"),
        ({"weekly_hours": {"mon": [["9", "17"]]}}, "weekly_hours"),
        ({"weekly_hours": [1]}, "weekly_hours"),
        ({"country": "XX"}, "country"),
        ({"country": "GB", "subdivision": "NOWHERE"}, "country"),
        ({"mode": "whenever"}, "mode"),
    ],
)
def test_a_calendar_nobody_could_work_by_is_refused(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        calendar(**wrong).full_clean()
    assert field in refused.value.message_dict


def test_calendars_that_work() -> None:
    calendar().full_clean()
    calendar(mode="round_the_clock", weekly_hours={}).full_clean()
    calendar(country="GB", subdivision="SCT", own_days=[date(2026, 11, 9)]).full_clean()
    calendar(weekly_hours={"sat": [["22:00", "06:00"]]}).full_clean()


def test_own_days_survive_the_database() -> None:
    calendar(own_days=[date(2026, 11, 9)]).save()
    hours = Calendar.objects.get(name="Ours").working_hours
    assert working_seconds_between(hours, clock("Mon 00:00"), clock("Tue 09:01")) == 60


def test_round_the_clock_counts_the_night() -> None:
    hours = calendar(mode="round_the_clock").working_hours
    assert working_seconds_between(hours, clock("Sat 00:00"), clock("Sun 00:00")) == 86_400
