"""The operator's desk through its pages: queues, the workspace, and what an agent does there."""

from __future__ import annotations

import pytest

from cast import Cast
from parley.journal.moment import now
from parley.tickets.assigning import claim
from parley.tickets.disputing import step_in
from parley.tickets.models import Ticket
from web.pages import HTMX, Browser, Page


def do(cast: Cast, ticket: Ticket, what: str, *, scripts: bool = True, **typed: object) -> Page:
    browser = Browser(cast.agent)
    path = f"/desk/tickets/{ticket.pk}/{what}/"
    answer = browser.post(path, typed, follow=True, **HTMX if scripts else {})
    return Page(answer)


def test_home_is_ones_own_queue(cast: Cast) -> None:
    cast.agent.person.language = "en"
    cast.agent.person.save()
    mine = cast.ticket(title="Mine to do")
    claim(mine.pk, by=cast.agent)
    cast.ticket(title="Somebody else's")
    answer = Browser(cast.agent).get("/", follow=True)
    assert answer.redirect_chain == [("/desk/queues/mine/", 302)]
    page = Page(answer)
    assert "Mine to do" in page.words
    assert "Somebody else's" not in page.words
    assert "Bright Home → Northwind Supply" in page.words


def test_each_queue_has_what_belongs_there(cast: Cast) -> None:
    plain = cast.ticket()
    ours = cast.ticket(topic=cast.payouts, to=None)
    urgent = cast.ticket(priority="urgent")
    disputed = cast.ticket()
    step_in(disputed.pk, "Let us see.", by=cast.lead)
    soon, over = cast.ticket(), cast.ticket()
    Ticket.objects.filter(pk=soon.pk).update(due_soon_told_at=now())
    Ticket.objects.filter(pk=over.pk).update(ran_out_at=now())
    everything = {plain, ours, urgent, disputed, soon, over}
    expected = {
        "mine": set(),
        "unassigned": {ours, disputed},
        "due-soon": {soon},
        "ran-out": {over},
        "urgent": {urgent},
        "disputes": {disputed},
        "all": everything,
    }
    browser = Browser(cast.lead)
    for name, tickets in expected.items():
        page = browser.see(f"/desk/queues/{name}/")
        assert {t for t in everything if t.number in page.words} == tickets, name
    counts = browser.see("/desk/counts/?queue=urgent")
    assert "Unassigned 2" in counts.words
    assert "Disputes 1" in counts.words
    assert "All" in counts.words
    assert browser.get("/desk/queues/nonsense/").status_code == 404


def test_a_queue_without_tickets_says_what_that_means(cast: Cast) -> None:
    assert (
        "No dispute waits for a decision." in Browser(cast.lead).see("/desk/queues/disputes/").words
    )


def test_a_queue_is_narrowed_like_any_list(cast: Cast) -> None:
    here, there = cast.ticket(title="Broken lamp"), cast.ticket(title="Late chair")
    browser = Browser(cast.lead)
    page = browser.see("/desk/queues/all/?q=lamp")
    assert here.number in page.words
    assert there.number not in page.words
    cross = next(a["href"] for _t, a in page.tags if "Remove the filter" in a.get("aria-label", ""))
    assert cross == "/desk/queues/all/?"
    alone = browser.see("/desk/queues/all/?q=lamp", **HTMX)
    assert here.number in alone.words
    assert "<html" not in alone.html


def test_the_filters_lead_back_to_their_queue(cast: Cast) -> None:
    ticket = cast.ticket()
    browser = Browser(cast.lead)
    page = browser.see(f"/desk/queues/urgent/?q={ticket.number}")
    panel_at = next(a["hx-get"] for _tag, a in page.tags if a.get("id") == "filters")
    assert browser.see(panel_at).forms[0].action == "/desk/queues/urgent/"
    for elsewhere in ("https://evil.example/", "//evil.example", "/desk/queues/nonsense/"):
        assert browser.see(f"/tickets/filters/?action={elsewhere}").forms[0].action == ""


def test_the_workspace_has_thread_context_and_the_queue_beside_it(cast: Cast) -> None:
    ticket = cast.ticket(order_number="HM-7")
    other = cast.ticket(title="Another matter")
    browser = Browser(cast.lead)
    page = browser.see(f"/desk/tickets/{ticket.pk}/?queue=urgent")
    assert ticket.title in page.words
    assert "HM-7" in page.words
    assert "Delivery → Late parcel" in page.words
    assert any("/desk/queues/urgent/" in value for value in page.having("hx-get"))
    alone = browser.see(f"/desk/tickets/{ticket.pk}/", **HTMX)
    assert ticket.title in alone.words
    assert "<html" not in alone.html
    others = browser.see(f"/desk/tickets/{ticket.pk}/others/", **HTMX)
    assert other.title in others.words
    assert ticket.title not in others.words
    junk = browser.see(f"/desk/tickets/{ticket.pk}/?queue=nonsense")
    assert any("/desk/queues/all/" in value for value in junk.having("hx-get"))


@pytest.mark.parametrize("scripts", [True, False])
def test_taking_giving_and_letting_go(cast: Cast, scripts: bool) -> None:
    ticket = cast.ticket()
    people = Browser(cast.lead).see(f"/desk/tickets/{ticket.pk}/assignees/", **HTMX)
    assert "Léa Lead" in people.words
    assert "Selma Seller" not in people.words
    for person, expected in (
        ("me", cast.agent.person),
        (str(cast.lead.person_id), cast.lead.person),
        ("", None),
    ):
        page = do(cast, ticket, "assignment", scripts=scripts, person=person)
        ticket.refresh_from_db()
        assert (page.status, ticket.assignee) == (200, expected)


@pytest.mark.parametrize("person", ["seller", "999999999"])
def test_nobody_but_the_team_is_given_a_ticket(cast: Cast, person: str) -> None:
    ticket = cast.ticket()
    key = cast.seller.person_id if person == "seller" else person
    Browser(cast.agent).post("/settings/language/", {"language": "en"})
    page = do(cast, ticket, "assignment", person=key)
    assert "Pick somebody of your team." in page.words
    ticket.refresh_from_db()
    assert ticket.assignee is None


def test_junk_for_a_person_changes_nothing(cast: Cast) -> None:
    ticket = cast.ticket()
    claim(ticket.pk, by=cast.agent)
    for person in ("nobody", "-1", "9" * 40, "٣"):
        do(cast, ticket, "assignment", person=person)
        ticket.refresh_from_db()
        assert ticket.assignee == cast.agent.person, person


def test_who_has_it_stays_at_the_operator(cast: Cast) -> None:
    ticket = cast.ticket()
    do(cast, ticket, "assignment", person="me")
    assert "Агата Агентова" in Browser(cast.lead).see(f"/desk/tickets/{ticket.pk}/").words
    assert "Агата Агентова" not in Browser(cast.seller).see(f"/tickets/{ticket.pk}/").words


def test_priority(cast: Cast) -> None:
    ticket = cast.ticket()
    assert do(cast, ticket, "priority", priority="urgent").status == 200
    assert "Urgent" in Browser(cast.seller).see("/tickets/").words
    Browser(cast.agent).post("/settings/language/", {"language": "en"})
    assert "Pick one from the list." in do(cast, ticket, "priority", priority="first").words
    ticket.refresh_from_db()
    assert ticket.priority == "urgent"


def test_stepping_in_and_deciding(cast: Cast) -> None:
    ticket = cast.ticket()
    browser = Browser(cast.lead)
    at = f"/desk/tickets/{ticket.pk}/"
    page = Page(browser.send(at, "stepping-in/", text="Let us look at this."))
    assert "Léa Lead stepped in for the operator" in page.words
    assert "Let us look at this." in Browser(cast.seller).see(f"/tickets/{ticket.pk}/").words
    page = Page(browser.send(at, "decision/", outcome="both", text="Each pays half."))
    ticket.refresh_from_db()
    assert (ticket.dispute, ticket.outcome) == ("decided", "both")
    assert "decided the dispute: Each carries a part" in page.words
    assert "Each pays half." in Browser(cast.supplier).see(f"/tickets/{ticket.pk}/").words


@pytest.mark.parametrize(
    ("what", "typed", "says"),
    [
        ("stepping-in", {"text": " "}, "Write something or add a file first."),
        ("decision", {"text": "So.", "outcome": "mine"}, "Pick one from the list."),
        ("decision", {"text": "So.", "outcome": "both"}, "the ticket has moved on"),
    ],
)
@pytest.mark.parametrize("scripts", [True, False])
def test_a_refusal_says_why_and_loses_no_words(
    cast: Cast, what: str, typed: dict[str, str], says: str, scripts: bool
) -> None:
    Browser(cast.agent).post("/settings/language/", {"language": "en"})
    ticket = cast.ticket()
    assert says in do(cast, ticket, what, scripts=scripts, **typed).words
    ticket.refresh_from_db()
    assert ticket.dispute == "none"
    kept = Browser(cast.agent).see(f"/desk/tickets/{ticket.pk}/").form("replies/").fields["text"]
    assert kept == [typed["text"].strip()]


def test_a_note_stays_at_the_desk(cast: Cast) -> None:
    ticket = cast.ticket()
    browser = Browser(cast.lead)
    browser.send(f"/desk/tickets/{ticket.pk}/", "replies/", text="ZEBRA", way="note")
    assert "ZEBRA" in browser.see(f"/desk/tickets/{ticket.pk}/").words
    for who in (cast.seller, cast.supplier):
        for page in ("", "thread/"):
            assert "ZEBRA" not in Browser(who).see(f"/tickets/{ticket.pk}/{page}").html
        assert "ZEBRA" not in Browser(who).see("/tickets/").html
        found = Browser(who).see("/tickets/?q=zebra")
        assert ticket.number not in found.words


def test_what_the_desk_renews_is_the_pages_own(cast: Cast) -> None:
    ticket = cast.ticket()
    browser = Browser(cast.lead)
    page = browser.see(f"/desk/tickets/{ticket.pk}/")
    piece = browser.see(f"/desk/tickets/{ticket.pk}/thread/", **HTMX)
    renewed = {a["id"] for _tag, a in piece.tags if "hx-swap-oob" in a and "id" in a}
    assert renewed
    assert renewed <= set(page.having("id"))
