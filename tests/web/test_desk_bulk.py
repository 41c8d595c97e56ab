"""Changing many tickets at once: exactly once each, with progress and a way back (S2)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied

from cast import Cast
from parley.desk import bulk as bulks
from parley.desk.bulk import BulkRefused, begin, bulk_of, fates_of, undo, work, work_on
from parley.desk.models import Bulk, BulkAction
from parley.journal.models import Entry
from parley.journal.moment import at, now
from parley.parties.models import Team
from parley.tickets.assigning import claim, set_priority
from parley.tickets.ending import cancel
from parley.tickets.keeping_tags import TagTyped, add_tag
from parley.tickets.merging import merge
from parley.tickets.models import NO_CLOCK, Ticket
from parley.tickets.snoozing import snooze
from parley.tickets.tagging import put_tag, tags_of
from web.pages import HTMX, Browser, Page


def fresh(tickets: list[Ticket]) -> list[Ticket]:
    return list(Ticket.objects.filter(pk__in=[one.pk for one in tickets]).order_by("pk"))


def urgent(cast: Cast, tickets: list[Ticket]) -> Bulk:
    return begin(BulkAction.PRIORITY, "urgent", [one.pk for one in tickets], by=cast.agent)


def test_each_is_changed_once_and_journalled(cast: Cast) -> None:
    tickets = [cast.ticket() for _n in range(4)]
    set_priority(tickets[0].pk, "urgent", by=cast.lead)
    made = urgent(cast, tickets)
    work(made.pk)
    work(made.pk)
    assert fates_of(made) == {"done": 3, "same": 1}
    assert {one.priority for one in fresh(tickets)} == {"urgent"}
    assert Entry.objects.filter(kind="PriorityChanged", person_id=cast.agent.person_id).count() == 3
    finished = Entry.objects.get(kind="BulkFinished")
    assert finished.data["fates"] == {"done": 3, "same": 1}
    assert Entry.objects.get(kind="BulkBegun").data["total"] == 4


def test_a_worker_that_dies_leaves_the_rest_to_another(cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr(bulks, "CHUNK", 2)
    tickets = [cast.ticket() for _n in range(5)]
    made = urgent(cast, tickets)
    assert work_on(made.pk)
    assert fates_of(made) == {"done": 2, "waiting": 3}
    assert bulks.under_way() == [made.pk]
    work(made.pk)
    assert fates_of(made) == {"done": 5}
    assert bulks.under_way() == []
    assert Entry.objects.filter(kind="PriorityChanged").count() == 5


def test_taken_back_each_has_what_it_had_but_what_was_changed_since(cast: Cast) -> None:
    tickets = [cast.ticket(), cast.ticket(priority="slowing"), cast.ticket()]
    made = urgent(cast, tickets)
    work(made.pk)
    set_priority(tickets[2].pk, "slowing", by=cast.lead)
    undo(made.pk, by=cast.agent)
    undo(made.pk, by=cast.agent)
    work(made.pk)
    assert [one.priority for one in fresh(tickets)] == ["question", "slowing", "slowing"]
    assert fates_of(made) == {"undone": 2, "kept": 1}
    assert Entry.objects.filter(kind="BulkUndone").count() == 1


def test_taken_back_under_way_the_rest_is_left_alone(cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr(bulks, "CHUNK", 1)
    tickets = [cast.ticket(), cast.ticket()]
    made = urgent(cast, tickets)
    work_on(made.pk)
    undo(made.pk, by=cast.agent)
    work(made.pk)
    assert [one.priority for one in fresh(tickets)] == ["question", "question"]
    assert fates_of(made) == {"undone": 1, "waiting": 1}


def test_after_ten_minutes_it_is_too_late(cast: Cast) -> None:
    made = urgent(cast, [cast.ticket()])
    work(made.pk)
    with at(now() + timedelta(minutes=10)), pytest.raises(BulkRefused, match="too late"):
        undo(made.pk, by=cast.agent)
    with pytest.raises(Bulk.DoesNotExist):
        undo(made.pk, by=cast.lead)


@pytest.mark.parametrize("action", list(BulkAction))
def test_every_action_has_its_inverse(cast: Cast, action: BulkAction) -> None:
    as_it_is, otherwise = cast.ticket(), cast.ticket(topic=cast.payouts, to=None)
    tag = add_tag(TagTyped(name="Fire"), by=cast.agent)
    claim(otherwise.pk, by=cast.lead)
    put_tag(otherwise.pk, tag.pk, by=cast.lead)
    snooze(otherwise.pk, None, by=cast.lead)
    value: Any = {
        BulkAction.ASSIGN: cast.agent.person_id,
        BulkAction.TEAM: None,
        BulkAction.PRIORITY: "urgent",
        BulkAction.TAG: tag.pk,
        BulkAction.UNTAG: tag.pk,
        BulkAction.SNOOZE: (now() + timedelta(hours=1)).isoformat(),
        BulkAction.WAKE: None,
    }[action]

    def stand() -> list[tuple[Any, ...]]:
        return [
            (t.assignee_id, t.team_id, t.priority, t.snoozed_until, [g.pk for g in tags_of(t.pk)])
            for t in fresh([as_it_is, otherwise])
        ]

    before = stand()
    made = begin(action, value, [as_it_is.pk, otherwise.pk], by=cast.agent)
    work(made.pk)
    if action is not BulkAction.TEAM:
        assert stand() != before
    undo(made.pk, by=cast.agent)
    work(made.pk)
    assert stand() == before
    assert before[1][3] == NO_CLOCK


def test_put_aside_until_a_morning_elsewhere_it_can_be_taken_back(cast: Cast) -> None:
    ticket = cast.ticket()
    until = (now() + timedelta(hours=1)).astimezone(ZoneInfo("Europe/Moscow"))
    made = begin(BulkAction.SNOOZE, until.isoformat(), [ticket.pk], by=cast.agent)
    work(made.pk)
    assert fresh([ticket])[0].snoozed_until == until
    undo(made.pk, by=cast.agent)
    work(made.pk)
    assert fates_of(made) == {"undone": 1}
    assert fresh([ticket])[0].snoozed_until is None


def test_taken_back_from_a_team_it_is_in_the_hands_it_was_in(cast: Cast) -> None:
    ticket = cast.ticket(topic=cast.payouts, to=None)
    claim(ticket.pk, by=cast.lead)
    team = Team.objects.create(name="Money")
    made = begin(BulkAction.TEAM, team.pk, [ticket.pk], by=cast.agent)
    work(made.pk)
    assert fresh([ticket])[0].assignee_id is None
    undo(made.pk, by=cast.agent)
    work(made.pk)
    (ticket,) = fresh([ticket])
    assert (ticket.team_id, ticket.assignee_id) == (None, cast.lead.person_id)


def test_one_that_refuses_holds_up_nobody(cast: Cast) -> None:
    ended, fine = cast.ticket(), cast.ticket()
    cancel(ended.pk, by=cast.seller)
    made = begin(BulkAction.SNOOZE, "", [ended.pk, fine.pk], by=cast.agent)
    work(made.pk)
    assert fates_of(made) == {"done": 1, "refused": 1}


def test_who_acts_for_the_operator_no_more_changes_nothing_more(cast: Cast) -> None:
    made = urgent(cast, [cast.ticket()])
    cast.agent.active = False
    cast.agent.save()
    work(made.pk)
    assert fates_of(made) == {"refused": 1}


def test_what_cant_be_begun(cast: Cast, monkeypatch: Any) -> None:
    ticket, gone = cast.ticket(), cast.ticket()
    merge(gone.pk, ticket.pk, by=cast.agent)
    for numbers in ([], [gone.pk], [999_999_999]):
        with pytest.raises(BulkRefused, match="at least one"):
            begin(BulkAction.PRIORITY, "urgent", numbers, by=cast.agent)
    with pytest.raises(BulkRefused, match="Pick one"):
        begin("delete", None, [ticket.pk], by=cast.agent)
    monkeypatch.setattr(bulks, "MOST", 0)
    with pytest.raises(BulkRefused, match="At most 0"):
        begin(BulkAction.PRIORITY, "urgent", [ticket.pk], by=cast.agent)
    with pytest.raises(PermissionDenied):
        begin(BulkAction.PRIORITY, "urgent", [ticket.pk], by=cast.seller)


def test_chosen_on_a_page_followed_and_taken_back(cast: Cast) -> None:
    tickets = [cast.ticket(title=f"Lamp {n}") for n in range(28)]
    other = cast.ticket(title="Chair")
    browser = Browser(cast.lead)
    page = browser.see("/desk/queues/all/?q=lamp")
    at_page = next(a["href"] for _tag, a in page.tags if a.get("data-key") == "b")
    assert browser.see(at_page).forms
    answer = browser.post(at_page, {"which": "all", "action": "priority", "priority": "urgent"})
    made = Bulk.objects.get()
    assert answer.headers["Location"] == f"/desk/bulk/{made.pk}/"
    assert made.total == 28
    assert "0 of 28" in browser.see(f"/desk/bulk/{made.pk}/", **HTMX).words
    work(made.pk)
    assert {one.priority for one in fresh(tickets)} == {"urgent"}
    assert Ticket.objects.get(pk=other.pk).priority == "question"
    assert "Changed 28" in browser.see(f"/desk/bulk/{made.pk}/").words
    browser.send(f"/desk/bulk/{made.pk}/", "undoing/")
    work(made.pk)
    page = browser.see(f"/desk/bulk/{made.pk}/")
    assert "Taken back 28" in page.words
    assert not page.having("hx-trigger") or "every 1s" not in page.html
    assert bulk_of(cast.lead, made.pk).state == "undone"


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"action": "assign", "assign": "junk"},
        {"action": "priority", "priority": "first"},
        {"action": "snooze", "snooze": "ages"},
        {"action": "wake"},
    ],
)
def test_a_refused_choice_says_why(cast: Cast, typed: dict[str, str]) -> None:
    cast.ticket()
    page = Page(Browser(cast.lead).post("/desk/queues/all/bulk/", typed))
    assert page.status == 422
    assert "Pick one from the list." in page.words or "Choose at least one" in page.words
    assert not Bulk.objects.exists()
