"""Policies and calendars as an administrator keeps them (T10, S5)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from cast import Cast
from parley.journal.models import Entry
from parley.journal.moment import at
from parley.sla.models import Calendar, Policy
from web.pages import HTMX, Browser, Page

HERE = "/desk/administration/"
POLICIES = f"{HERE}policies/"
CALENDARS = f"{HERE}calendars/"
TUESDAY = datetime(2026, 3, 10, 10, tzinfo=UTC)


@pytest.fixture
def admin(cast: Cast) -> Browser:
    return Browser(cast.admin)


def test_a_policy_for_a_topic_rules_from_the_next_ticket_on(cast: Cast, admin: Browser) -> None:
    answer = admin.send(
        f"{POLICIES}new/?topic={cast.late_parcel.pk}", POLICIES,
        hours="2", minutes="30", calendar=Calendar.objects.get().pk,
    )  # fmt: skip
    assert "It rules from the next turn on." in Page(answer).words
    made = Policy.objects.get(topic=cast.late_parcel.pk)
    assert (made.party_kind, made.working_seconds) == ("supplier", 9000)
    with at(TUESDAY):
        ticket = cast.ticket()
    assert ticket.due_at == datetime(2026, 3, 10, 12, 30, tzinfo=UTC)
    told = Entry.objects.get(subject=f"policy:{made.pk}")
    assert told.data["changed"]["working_seconds"] == [None, 9000]


def test_what_is_promised_now_is_shown_before_and_after(cast: Cast, admin: Browser) -> None:
    asked = f"{POLICIES}promise/?topic={cast.late_parcel.pk}&priority=question"
    with at(TUESDAY):
        before = Page(admin.get(asked, **HTMX)).words
        policy = Policy.objects.get(party_kind="supplier")
        here = f"{POLICIES}{policy.pk}/"
        trial = {"hours": "1", "minutes": "", "calendar": str(policy.calendar_id)}
        tried = Page(admin.post(f"{POLICIES}trial/", trial, **HTMX)).words
        admin.send(here, here, hours="1", minutes="")
        after = Page(admin.get(asked, **HTMX)).words
    assert "8 h 30 min 11 March 2026, 10:00" in before
    assert "due by 10 March 2026, 11:00" in tried
    assert "1 h 10 March 2026, 11:00" in after


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"hours": "0", "minutes": ""}, "Give some time to answer."),
        ({"hours": "eight"}, "whole numbers"),
        ({"hours": "99999"}, "2000 working hours at most"),
        ({"calendar": ""}, "Pick a calendar."),
        ({"topic": "999999"}, "Pick a topic from the list."),
        ({"party_kind": "visitor"}, "Pick one from the list."),
        ({"party_kind": "supplier", "topic": ""}, "There is a policy for just this already."),
    ],
)
def test_a_refused_policy_keeps_what_was_typed(
    cast: Cast, admin: Browser, typed: dict[str, Any], words: str
) -> None:
    filled = {
        "topic": cast.late_parcel.pk, "party_kind": "seller", "priority": "", "hours": "7",
        "minutes": "5", "calendar": Calendar.objects.get().pk, "active": "on",
    }  # fmt: skip
    page = Page(admin.post(POLICIES, filled | typed))
    assert page.status == 422
    assert words in page.words
    assert page.form(POLICIES).fields["active"] == ["on"]


def test_a_removed_policy_leaves_the_next_one_ruling(cast: Cast, admin: Browser) -> None:
    urgent = Policy.objects.get(priority="urgent")
    admin.post(f"{POLICIES}{urgent.pk}/removal/")
    page = admin.get(f"{POLICIES}promise/?topic={cast.payouts.pk}&priority=urgent", **HTMX)
    assert "17 h" in Page(page).words
    assert Entry.objects.get(subject=f"policy:{urgent.pk}").data["what"] == "removed"


def test_a_calendar_is_made_and_changed(cast: Cast, admin: Browser) -> None:
    answer = admin.send(
        f"{CALENDARS}new/", CALENDARS, name="Moscow", time_zone="Europe/Moscow", country="RU",
        mon="9-12.30, 13:00 – 18:00", sat="10:00–14:00", own_days="2026-12-31\n2026-12-24",
    )  # fmt: skip
    assert "Let a policy go by it." in Page(answer).words
    made = Calendar.objects.get(name="Moscow")
    assert made.weekly_hours["mon"] == [["09:00", "12:30"], ["13:00", "18:00"]]
    assert made.weekly_hours["sat"] == [["10:00", "14:00"]]
    assert made.own_days == [date(2026, 12, 24), date(2026, 12, 31)]
    here = f"{CALENDARS}{made.pk}/"
    with at(TUESDAY):
        page = admin.see(here)
    assert page.form(here).fields["mon"] == ["09:00–12:30, 13:00–18:00"]
    assert "Next days off: 1 May 2026" in page.words
    admin.send(here, here, sat="")
    told = Entry.objects.filter(subject=f"calendar:{made.pk}").latest("pk")
    before, after = told.data["changed"]["weekly_hours"]
    assert ("sat" in before, "sat" in after) == (True, False)
    assert list(told.data["changed"]) == ["weekly_hours"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": " "}, "Give it a name"),
        ({"name": "business HOURS"}, "There is one of that name already."),
        ({"time_zone": "Europe/Nowhere"}, "There is no such time zone."),
        ({"mon": "nine to five"}, "Write hours as 9:00–17:30"),
        ({"mon": "9-12, 11-13"}, "one overlaps another"),
        (dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ""), "at least one interval a week"),
        ({"own_days": "24.12.2026"}, "Write a day a line"),
        ({"country": "XX"}, "not known"),
        ({"mode": "sometimes"}, "Pick one from the list."),
    ],
)
def test_a_refused_calendar_keeps_what_was_typed(
    cast: Cast, admin: Browser, typed: dict[str, Any], words: str
) -> None:
    filled = {"name": "Ours", "mode": "business_hours", "time_zone": "Europe/London", "country": ""}
    days = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "9:00–17:00")
    page = Page(admin.post(CALENDARS, {**filled, **days} | typed))
    assert page.status == 422
    assert words in page.words


def test_a_calendar_that_policies_go_by_stays(cast: Cast, admin: Browser) -> None:
    used = Calendar.objects.get()
    answer = admin.post(f"{CALENDARS}{used.pk}/removal/", follow=True)
    assert "Give them another one first." in Page(answer).words
    spare = Calendar.objects.create(name="Spare", mode="round_the_clock", time_zone="UTC")
    admin.send(f"{CALENDARS}{spare.pk}/", f"{spare.pk}/removal/")
    assert list(Calendar.objects.all()) == [used]


def test_a_country_has_parts_with_holidays_of_their_own(cast: Cast, admin: Browser) -> None:
    page = Page(admin.get(f"{CALENDARS}parts/?country=GB", **HTMX))
    assert "Scotland" in page.words
    assert not Page(admin.get(f"{CALENDARS}parts/?country=XX", **HTMX)).words
