"""The bell, the list behind it, and where an entry leads."""

from __future__ import annotations

import pytest

from cast import Cast
from parley.conversations.models import Message
from parley.journal.models import Entry
from parley.journal.recording import run_later
from parley.notifications.models import Kind, Notice, Preference
from parley.notifications.unsubscribing import unsubscribe_token
from parley.tickets.models import Ticket
from parley.tickets.replying import Reply, reply
from web.pages import HTMX, Browser, Page


def tell() -> None:
    """What the worker does behind all that has happened."""
    for pk in Entry.objects.order_by("pk").values_list("pk", flat=True):
        run_later(pk)


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """The seller's ticket, with an answer they have been told of."""
    ticket = cast.ticket()
    reply(ticket.pk, Reply(text="On its way."), by=cast.supplier)
    tell()
    return ticket


def unread(cast: Cast) -> str:
    return next(a for a in Browser(cast.seller).see("/notices/bell/").having("aria-label"))


def test_the_bell_carries_a_number(cast: Cast, ticket: Ticket) -> None:
    assert unread(cast) == "Notices: 1 unread"
    assert "Notices: 1 unread" in Browser(cast.seller).see("/").having("aria-label")


def test_the_list_says_who_did_what(cast: Cast, ticket: Ticket) -> None:
    page = Browser(cast.seller).see("/notices/")
    assert "Nora North (Northwind Supply) replied" in page.words
    assert f"{ticket.number} {ticket.title}" in page.words


def test_an_entry_leads_to_the_very_message_and_is_read(cast: Cast, ticket: Ticket) -> None:
    notice = Notice.objects.get(person=cast.seller.person)
    said = Message.objects.latest("pk")
    browser = Browser(cast.seller)
    answer = browser.get(f"/notices/{notice.pk}/")
    assert answer.headers["Location"] == f"/tickets/{ticket.pk}/#m{said.pk}"
    assert f"m{said.pk}" in browser.see(f"/tickets/{ticket.pk}/").having("id")
    assert unread(cast) == "Notices"


def test_an_agents_entry_leads_to_the_desk(cast: Cast) -> None:
    ticket = cast.ticket(topic=cast.payouts, to=None)
    tell()
    notice = Notice.objects.filter(person=cast.agent.person).latest("pk")
    answer = Browser(cast.agent).get(f"/notices/{notice.pk}/")
    assert answer.headers["Location"].startswith(f"/desk/tickets/{ticket.pk}/")


def test_an_entry_is_ones_own(cast: Cast, ticket: Ticket) -> None:
    notice = Notice.objects.get(person=cast.seller.person)
    for who in (cast.seller_member, cast.supplier, cast.agent):
        assert Browser(who).get(f"/notices/{notice.pk}/").status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_one_who_has_left_finds_nothing(cast: Cast, ticket: Ticket) -> None:
    notice = Notice.objects.get(person=cast.seller.person)
    cast.seller.active = False
    cast.seller.save()
    answer = Browser(cast.seller).get(f"/notices/{notice.pk}/")
    assert answer.headers["Location"].startswith("/account/sign-in/")


def test_all_are_read_at_once(cast: Cast, ticket: Ticket) -> None:
    Browser(cast.seller).post("/notices/reading/")
    assert unread(cast) == "Notices"
    assert not Notice.objects.filter(person=cast.seller.person, read_at=None).exists()
    assert Notice.objects.filter(person=cast.supplier.person, read_at=None).exists()


def test_what_is_read_here_is_read_everywhere(cast: Cast, ticket: Ticket) -> None:
    there = Browser(cast.seller)
    assert "Notices: 1 unread" in there.see("/").having("aria-label")
    Browser(cast.seller).post(f"/tickets/{ticket.pk}/seen/")
    assert "Notices: 1 unread" not in there.see("/").having("aria-label")


def test_the_list_leads_on_to_older_ones(
    cast: Cast, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("parley.web.portal.notices.PAGE", 2)
    for n in range(3):
        reply(ticket.pk, Reply(text=f"And {n}."), by=cast.supplier)
    tell()
    browser = Browser(cast.seller)
    first = browser.see("/notices/")
    older = browser.see(f"/notices/{first.links['Older']}", **HTMX)
    assert "<html" not in older.html
    assert "Older" not in older.links
    entries = [_entries(page) for page in (first, older)]
    assert [len(page) for page in entries] == [2, 2]
    assert not set(entries[0]) & set(entries[1])
    for junk in ("x", "-1", "9" * 30, "٣"):
        assert _entries(browser.see(f"/notices/?before={junk}")) == entries[0]


def _entries(page: Page) -> list[str]:
    return [a["href"] for tag, a in page.tags if a.get("class") == "notice-row"]


def test_none_says_what_would_be_there(cast: Cast) -> None:
    assert "Nothing new" in Browser(cast.seller).see("/notices/").words


def test_mails_are_turned_off_from_a_mail_without_signing_in(cast: Cast) -> None:
    path = f"/notices/unsubscribe/{unsubscribe_token(cast.seller.person_id, Kind.REPLY)}/"
    browser = Browser(enforce_csrf_checks=True)
    asked = browser.see(path)
    assert not Preference.objects.exists(), "mail scanners follow links"
    assert asked.forms
    assert browser.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Preference.objects.get().way == "off"
