"""What is promised to those who have not asked yet, in words and by when."""

from __future__ import annotations

from itertools import product

import pytest

from parley.sla.choosing import policy_for
from parley.sla.models import Calendar, Policy
from parley.sla.promising import most_specific, promises, span_in_words
from parley.tickets.models import Priority
from sla.scene import Scene, clock

pytestmark = pytest.mark.django_db
HOUR = 3600


def policy(seconds: int, **calendar: object) -> Policy:
    week = {day: [["09:00", "13:00"], ["14:00", "18:00"]] for day in ("mon", "tue", "wed")}
    made = Calendar(**({"name": "Ours", "time_zone": "UTC", "weekly_hours": week} | calendar))
    return Policy(calendar=made, working_seconds=seconds)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (8 * HOUR, "1 working day"),
        (16 * HOUR, "2 working days"),
        (4 * HOUR, "4 working hours"),
        (12 * HOUR, "12 working hours"),
        (HOUR, "1 working hour"),
        (90, "1 working minute"),
        (30 * 60, "30 working minutes"),
    ],
)
def test_working_time_is_said_in_days_of_the_calendar(seconds: int, words: str) -> None:
    assert span_in_words(policy(seconds)) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(24 * HOUR, "24 hours"), (72 * HOUR, "3 days"), (HOUR, "1 hour"), (20, "1 minute")],
)
def test_round_the_clock_it_is_plain_time(seconds: int, words: str) -> None:
    assert span_in_words(policy(seconds, mode="round_the_clock")) == words


def test_the_default_promises_as_a_seller_reads_them(scene: Scene) -> None:
    asked = clock("Fri 12:00")
    found = promises(asked, ["operator", "supplier"])
    told = [(p.party_kind, p.priority, p.span) for p in found]
    assert told == [
        ("operator", "question", "2 working days"),
        ("operator", "slowing", "2 working days"),
        ("operator", "urgent", "4 working hours"),
        ("supplier", "question", "1 working day"),
        ("supplier", "slowing", "1 working day"),
        ("supplier", "urgent", "1 working day"),
    ]
    assert found[2].answer_by == clock("Fri 16:00")
    assert found[3].answer_by > clock("Sun 23:00")


def test_a_topic_with_a_promise_of_its_own_is_told_apart(scene: Scene) -> None:
    Policy.objects.create(
        topic=scene.to_operator,
        calendar=Calendar.objects.get(),
        working_seconds=2 * HOUR,
    )
    found = promises(
        clock("Mon 09:00"),
        ["operator"],
        [(scene.to_operator.pk, "operator"), (scene.to_supplier.pk, "supplier")],
    )
    of_topics = [(p.topic_id, p.span) for p in found if p.topic_id]
    assert of_topics == [(scene.to_operator.pk, "2 working hours")] * 3


def test_what_nothing_is_promised_for_is_left_out(scene: Scene) -> None:
    Policy.objects.update(active=False)
    assert promises(clock("Mon 09:00"), ["operator", "supplier"]) == []


def test_it_is_the_rule_that_clocks_go_by(scene: Scene) -> None:
    """The page chooses among policies in memory; the clock asks the database. They never differ."""
    calendar = Calendar.objects.get()
    Policy.objects.all().delete()
    topics = [scene.to_supplier.pk, scene.to_operator.pk]
    kinds = ["seller", "operator"]
    combinations = product([None, topics[0]], [None, "urgent"], [None, "operator"])
    for number, (topic, priority, kind) in enumerate(combinations):
        Policy.objects.create(
            topic_id=topic, priority=priority, party_kind=kind, calendar=calendar,
            working_seconds=HOUR + number, active=number not in (3, 6),
        )  # fmt: skip
    policies = list(Policy.objects.all())
    for topic, priority, kind in product(topics, Priority.values, kinds):
        assert most_specific(policies, topic, priority, kind) == policy_for(topic, priority, kind)
