"""A ticket's page and what else can be done on it: rate, close, cancel, ask the operator, mute."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import pytest

from cast import Cast
from parley.conversations.models import Audience, Message
from parley.journal.models import Entry
from parley.journal.moment import at, now
from parley.journal.recording import run_later
from parley.notifications.models import Mute, Notice
from parley.parties.models import Membership, Role
from parley.tickets.disputing import step_in
from parley.tickets.ending import close
from parley.tickets.models import Reading, Ticket
from parley.tickets.replying import Reply, reply
from web.pages import HTMX, Browser, Page


def tell() -> None:
    """What the worker does behind all that has happened."""
    for pk in Entry.objects.order_by("pk").values_list("pk", flat=True):
        run_later(pk)


def answered(cast: Cast) -> Ticket:
    ticket = cast.ticket()
    reply(ticket.pk, Reply(text="On its way."), by=cast.supplier)
    return ticket


def do(who: Membership, ticket: Ticket, what: str, **typed: str) -> Page:
    return Page(Browser(who).post(f"/tickets/{ticket.pk}/{what}/", typed, follow=True))


def test_the_page_says_where_it_stands_and_since_when(cast: Cast) -> None:
    ticket = cast.ticket(order_number="HM-7", priority="slowing")
    words = Browser(cast.seller).see(f"/tickets/{ticket.pk}/").words
    for told in (
        ticket.number, ticket.title, "Waiting for Northwind Supply", "Delivery → Late parcel",
        "An issue that's slowing me down", "Bright Home last dealt with it",
        "Northwind Supply has not dealt with it yet", "HM-7",
    ):  # fmt: skip
        assert told in words, told
    theirs = Browser(cast.supplier).see(f"/tickets/{ticket.pk}/").words
    assert "Your turn" in theirs


def test_ones_own_messages_stand_where_one_wants_them(cast: Cast) -> None:
    ticket = answered(cast)
    browser = Browser(cast.seller)
    assert browser.see(f"/tickets/{ticket.pk}/").having("data-own") == ["start"]
    browser.post("/settings/person/", {"own_messages": "right"})
    page = browser.see(f"/tickets/{ticket.pk}/")
    assert page.having("data-own") == ["end"]
    own = [a["class"] for tag, a in page.tags if tag == "li" and "data-message" in a]
    assert own == ["message own", "message"]


def test_rating_completes_it_and_says_so(cast: Cast) -> None:
    ticket = answered(cast)
    browser = Browser(cast.seller)
    page = Page(browser.send(f"/tickets/{ticket.pk}/", "rating/", stars="4", comment="Quick!"))
    ticket.refresh_from_db()
    assert (ticket.status, ticket.stars, ticket.rating_comment) == ("completed", 4, "Quick!")
    assert "4 stars out of 5" in page.having("aria-label")
    assert "Quick!" in page.words
    assert not any(form.action.endswith("rating/") for form in page.forms), "once only"


@pytest.mark.parametrize("stars", ["", "0", "6", "-1", "4.5", "four", "٤", "44"])
def test_a_rating_of_no_stars_is_asked_for_again(cast: Cast, stars: str) -> None:
    ticket = answered(cast)
    assert "Pick one to five stars." in do(cast.seller, ticket, "rating", stars=stars).words
    ticket.refresh_from_db()
    assert ticket.stars is None


def test_what_the_page_does_not_offer_can_not_be_done_either(cast: Cast) -> None:
    ticket = cast.ticket()
    for who, what in (
        (cast.seller, "rating"),  # nothing is answered yet
        (cast.supplier, "rating"),
        (cast.supplier, "cancellation"),
        (cast.supplier, "closure"),
        (cast.lead, "closure"),
        (cast.lead, "escalation"),
    ):
        page = do(who, ticket, what, stars="4", text="words")
        assert "the ticket has moved on" in page.words, what
    ticket.refresh_from_db()
    assert ticket.status == "created"


def test_closing_and_cancelling(cast: Cast) -> None:
    closed, cancelled = cast.ticket(), cast.ticket()
    browser = Browser(cast.seller)
    page = Page(browser.send(f"/tickets/{closed.pk}/", "closure/"))
    assert "Selma Seller closed the ticket" in page.words
    page = Page(browser.send(f"/tickets/{cancelled.pk}/", "cancellation/"))
    assert "Selma Seller cancelled the ticket" in page.words
    statuses = {t.pk: t.status for t in Ticket.objects.all()}
    assert statuses == {closed.pk: "completed", cancelled.pk: "cancelled"}
    assert "replies/" not in page.html, "it takes no more of them"


def test_asking_the_operator_makes_a_dispute_everyone_reads(cast: Cast) -> None:
    ticket = cast.ticket()
    browser = Browser(cast.seller)
    page = Page(browser.send(f"/tickets/{ticket.pk}/", "escalation/", text="They won't pay."))
    assert "Selma Seller asked the operator to decide" in page.words
    assert "In dispute" in page.words
    assert "They won't pay." in Browser(cast.supplier).see(f"/tickets/{ticket.pk}/").words
    assert not any(form.action.endswith("escalation/") for form in page.forms) or (
        "Ask the operator to decide when" not in page.words
    )


def test_asking_the_operator_needs_words(cast: Cast) -> None:
    ticket = cast.ticket()
    page = do(cast.seller, ticket, "escalation", text=" ")
    assert "Write something or add a file first." in page.words
    ticket.refresh_from_db()
    assert ticket.dispute == "none"


def test_evidence_is_an_archive_of_what_one_may_see(cast: Cast) -> None:
    ticket = cast.ticket()
    assert do(cast.seller, ticket, "evidence").status == 404, "there is no dispute"
    step_in(ticket.pk, "Let us see.", by=cast.agent)
    reply(ticket.pk, Reply(text="ZEBRA", audience=Audience.OPERATOR), by=cast.agent)
    assert "Evidence file" in Browser(cast.seller).see(f"/tickets/{ticket.pk}/").words
    answer = Browser(cast.seller).post(f"/tickets/{ticket.pk}/evidence/")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{ticket.number}.zip"'
    with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as archive:
        said = [m["text"] for m in json.loads(archive.read("messages.json"))]
    assert said[-1] == "Let us see."


def test_muting_and_unmuting(cast: Cast) -> None:
    ticket = cast.ticket()
    browser = Browser(cast.seller)
    page = Page(browser.send(f"/tickets/{ticket.pk}/", "muting/"))
    assert Mute.objects.get().person == cast.seller.person
    assert "Tell me about this ticket again" in page.words
    browser.send(f"/tickets/{ticket.pk}/", "muting/")
    assert not Mute.objects.exists()


@pytest.mark.parametrize("muted", ["0", "1"])
def test_nobody_mutes_or_unmutes_what_is_not_there(cast: Cast, muted: str) -> None:
    theirs = cast.ticket(by=cast.other_seller, to=cast.second_supplier)
    for number in (theirs.pk, 999_999, 10**30):
        answer = Browser(cast.seller).post(f"/tickets/{number}/muting/", {"muted": muted})
        assert answer.status_code == 404
    assert not Mute.objects.exists()


def test_what_is_new_is_marked_until_it_is_seen(cast: Cast) -> None:
    ticket = answered(cast)
    browser = Browser(cast.seller)
    assert "new" in browser.see(f"/tickets/{ticket.pk}/").having("id")
    assert browser.post(f"/tickets/{ticket.pk}/seen/").status_code == 204
    assert "new" not in browser.see(f"/tickets/{ticket.pk}/").having("id")


def test_seen_reads_the_ticket_and_its_notices_up_to_a_moment(cast: Cast) -> None:
    ticket = cast.ticket()
    moment = now()
    with at(moment + timedelta(seconds=1)):
        reply(ticket.pk, Reply(text="One."), by=cast.supplier)
    with at(moment + timedelta(seconds=3)):
        reply(ticket.pk, Reply(text="Two."), by=cast.supplier)
    tell()
    upto = moment + timedelta(seconds=2)
    with at(moment + timedelta(seconds=5)):
        browser = Browser(cast.seller)
        browser.post(f"/tickets/{ticket.pk}/seen/", {"upto": upto.isoformat()})
        assert Reading.objects.get(person=cast.seller.person).read_at == upto
        mine = Notice.objects.filter(person=cast.seller.person).order_by("pk")
        assert [n.read_at is None for n in mine] == [False, True], "the second was not on the page"
        browser.post(f"/tickets/{ticket.pk}/seen/", {"upto": "2999-01-01T00:00:00Z"})
        assert Reading.objects.get(person=cast.seller.person).read_at == now(), "nobody sees ahead"
        assert not mine.filter(read_at=None).exists()


@pytest.mark.parametrize("upto", ["2026-13-45T00:00:00Z", "2026-01-01T00:00:00", "soon", "\x00"])
def test_a_moment_that_is_none_means_now(cast: Cast, upto: str) -> None:
    ticket = answered(cast)
    answer = Browser(cast.seller).post(f"/tickets/{ticket.pk}/seen/", {"upto": upto})
    assert answer.status_code == 204


def test_the_pieces_that_renew_themselves_are_the_pages_own(cast: Cast) -> None:
    ticket = answered(cast)
    browser = Browser(cast.seller)
    page = browser.see(f"/tickets/{ticket.pk}/")
    piece = browser.see(f"/tickets/{ticket.pk}/thread/", **HTMX)
    renewed = {a["id"] for _tag, a in piece.tags if "hx-swap-oob" in a}
    assert renewed == {"state", "held", "thread", "aside"} <= set(page.having("id"))
    assert "reply-text" not in piece.having("id"), "somebody may be typing"


def test_an_ended_ticket_takes_a_rating_from_its_opener_once(cast: Cast) -> None:
    ticket = answered(cast)
    close(ticket.pk, by=cast.supplier)
    do(cast.seller, ticket, "rating", stars="5")
    ticket.refresh_from_db()
    assert ticket.stars == 5
    assert "the ticket has moved on" in do(cast.seller, ticket, "rating", stars="1").words
    ticket.refresh_from_db()
    assert ticket.stars == 5


# --- a person of several companies -------------------------------------------------------------


@pytest.fixture
def both(cast: Cast) -> Membership:
    """The seller works for Second Seller as well, and acts for Bright Home at the moment."""
    return Membership.objects.create(
        person=cast.seller.person, party=cast.second_seller, role=Role.MEMBER
    )


def test_a_tickets_address_leads_on_as_the_company_it_belongs_to(
    cast: Cast, both: Membership
) -> None:
    theirs = cast.ticket(by=cast.other_seller)
    browser = Browser(cast.seller)
    page = browser.see(f"/tickets/{theirs.pk}/")
    assert theirs.title in page.words
    assert "Second Seller" in page.words
    assert theirs.number in browser.see("/tickets/").words, "from now on"
    browser.send(f"/tickets/{theirs.pk}/", "replies/", text="ZEBRA")
    assert Message.objects.latest("pk").party == cast.second_seller


def test_a_notice_leads_on_as_the_company_it_was_for(cast: Cast, both: Membership) -> None:
    theirs = cast.ticket(by=both)
    reply(theirs.pk, Reply(text="On its way."), by=cast.supplier)
    tell()
    notice = Notice.objects.get(person=cast.seller.person)
    browser = Browser(cast.seller)
    assert theirs.title in browser.see("/notices/").words
    assert theirs.title in browser.see(f"/notices/{notice.pk}/").words


def test_an_agent_who_also_sells_gets_where_the_address_leads(cast: Cast) -> None:
    as_agent = Membership.objects.create(
        person=cast.seller.person, party=cast.operator, role=Role.AGENT
    )
    other = cast.ticket(by=cast.other_seller)
    answer = Browser(cast.seller).get(f"/tickets/{other.pk}/", follow=True)
    assert answer.redirect_chain[-1][0] == f"/desk/tickets/{other.pk}/"
    answer = Browser(cast.seller).get(f"/desk/tickets/{other.pk}/", follow=True)
    assert answer.redirect_chain[-1][0] == f"/desk/tickets/{other.pk}/"
    as_agent.active = False
    as_agent.save()
    for address in (f"/tickets/{other.pk}/", f"/desk/tickets/{other.pk}/"):
        assert Browser(cast.seller).get(address).status_code == 404


def test_nobody_becomes_somebody_elses_colleague_by_an_address(cast: Cast, both: object) -> None:
    others = cast.ticket(by=cast.other_seller, to=cast.second_supplier)
    assert Browser(cast.seller).get(f"/tickets/{others.pk}/").status_code == 302
    assert Browser(cast.seller_member).get(f"/tickets/{others.pk}/").status_code == 404
    assert Browser(cast.supplier).get(f"/tickets/{others.pk}/").status_code == 404


def test_one_picks_whom_one_acts_for(cast: Cast, both: Membership) -> None:
    browser = Browser(cast.seller)
    form = browser.see("/settings/").form("/settings/acting/")
    assert form.action == "/settings/acting/"
    browser.post("/settings/acting/", {"membership": both.pk})
    assert "Second Seller" in browser.see("/").words
    for junk in (cast.other_seller.pk, "", "x", "9" * 30):
        browser.post("/settings/acting/", {"membership": junk})
        assert "Second Seller" in browser.see("/").words
