"""The list of tickets, through the pages: what a row says, filters, chips, the address, paging."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import parse_qs

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cast import Cast
from parley.conversations.attaching import receive
from parley.conversations.models import Audience
from parley.journal.moment import at, now
from parley.tickets.assigning import claim
from parley.tickets.ending import close
from parley.tickets.finding import find
from parley.tickets.models import Ticket
from parley.tickets.replying import Reply, reply
from web.pages import HTMX, Browser, Page


def numbers(page: Page) -> list[int]:
    """The tickets of a list in its order."""
    base = "/tickets/"
    found = [a["href"] for tag, a in page.tags if tag == "a" and a.get("href", "").startswith(base)]
    return [int(href.split("/")[2]) for href in found if href.split("/")[2].isdigit()]


def found(cast: Cast, query: str) -> list[int]:
    return numbers(Browser(cast.seller).see(f"/tickets/?{query}"))


def test_a_row_says_what_one_needs_to_pick_it(cast: Cast) -> None:
    photo = receive(cast.seller, "p.txt", SimpleUploadedFile("p.txt", b"bytes"))
    ticket = cast.ticket(title="Lamp is cracked", attachments=[photo.pk], priority="urgent")
    page = Browser(cast.seller).see("/tickets/")
    for words in (ticket.number, "Lamp is cracked", "Late parcel", "Northwind Supply", "Urgent"):
        assert words in page.words
    assert "Waiting for Northwind Supply" in page.words
    assert "Has attachments" in page.having("aria-label")
    assert "Unread" not in page.having("aria-label"), "one's own words are no news"
    theirs = Browser(cast.supplier).see("/tickets/")
    assert "Bright Home" in theirs.words
    assert "Your turn" in theirs.words
    assert "Unread" in theirs.having("aria-label")


def test_nothing_yet_says_how_to_begin(cast: Cast) -> None:
    page = Browser(cast.seller).see("/tickets/")
    assert page.links["Open your first ticket"] == "/tickets/new/"
    assert "No ticket fits" in Browser(cast.seller).see("/tickets/?q=zebra").words


def test_a_note_leaves_the_row_of_the_others_alone(cast: Cast) -> None:
    ticket = cast.ticket()
    before = Browser(cast.seller).get("/tickets/").content
    reply(ticket.pk, Reply(text="They owe us.", audience=Audience.OPERATOR), by=cast.agent)
    after = Browser(cast.seller).get("/tickets/").content
    assert _rows(before) == _rows(after)


def _rows(content: bytes) -> bytes:
    return content.partition(b"<tbody>")[2].partition(b"</tbody>")[0]


@pytest.mark.parametrize("status", ["created", "answered", "completed"])
def test_by_status(cast: Cast, status: str) -> None:
    tickets = {"created": cast.ticket(), "answered": cast.ticket(), "completed": cast.ticket()}
    reply(tickets["answered"].pk, Reply(text="It is on its way."), by=cast.supplier)
    close(tickets["completed"].pk, by=cast.seller)
    assert found(cast, f"status={status}") == [tickets[status].pk]
    assert len(found(cast, "status=created&status=completed")) == 2


def test_by_topic_party_and_order(cast: Cast) -> None:
    here = cast.ticket(order_number="HM-1")
    there = cast.ticket(to=cast.second_supplier)
    payout = cast.ticket(topic=cast.payouts, to=None)
    assert found(cast, f"topic={cast.payouts.pk}") == [payout.pk]
    assert found(cast, f"party={cast.second_supplier.pk}") == [there.pk]
    assert found(cast, "order=HM-1") == [here.pk]
    assert found(cast, f"party={cast.operator.pk}") == [payout.pk]


def test_by_the_day_it_was_opened_in_ones_own_zone(cast: Cast) -> None:
    # 23:30 in London on the first is the second in Moscow.
    with at(datetime(2026, 3, 1, 23, 30, tzinfo=UTC)):
        ticket = cast.ticket()
    assert found(cast, "from=2026-03-01&to=2026-03-01") == [ticket.pk]
    assert found(cast, "from=2026-03-02") == []
    moscow = Browser(cast.seller_member)
    assert numbers(moscow.see("/tickets/?from=2026-03-02&to=2026-03-02")) == [ticket.pk]


def test_by_when_the_answer_is_due(cast: Cast) -> None:
    soon, over = cast.ticket(), cast.ticket()
    minute = timedelta(minutes=1)
    Ticket.objects.filter(pk=soon.pk).update(due_soon_at=now() - minute, due_at=now() + minute)
    Ticket.objects.filter(pk=over.pk).update(due_at=now() - minute)
    assert found(cast, "due=soon") == [soon.pk]
    assert found(cast, "due=over") == [over.pk]


def test_search_finds_numbers_titles_and_words(cast: Cast) -> None:
    ticket = cast.ticket(title="Broken lamps", text="The glass was shattered.")
    cast.ticket()
    for words in ("lamp", "shattering", ticket.number, str(ticket.pk), f"t-{ticket.pk}"):
        assert found(cast, f"q={words}") == [ticket.pk], words


def test_each_filter_has_a_chip_whose_cross_takes_it_away_and_nothing_else(cast: Cast) -> None:
    cast.ticket(order_number="HM-1")
    query = {
        "q": "parcel", "topic": str(cast.late_parcel.pk), "party": str(cast.northwind.pk),
        "order": "HM-1", "due": "soon", "from": "2026-01-01", "to": "2026-12-31",
    }  # fmt: skip
    browser = Browser(cast.seller)
    page = Page(browser.get("/tickets/", {**query, "status": ["created", "answered"]}))
    crosses = {
        attributes["aria-label"].removeprefix("Remove the filter: "): attributes["href"]
        for _tag, attributes in page.tags
        if attributes.get("aria-label", "").startswith("Remove the filter")
    }
    assert set(crosses) == {
        "“parcel”", "Created", "Answered", "Late parcel", "Northwind Supply", "Order HM-1",
        "Due soon", "1 January 2026 to 31 December 2026",
    }  # fmt: skip
    left = parse_qs(crosses["Created"].removeprefix("?"))
    assert left == {**{k: [v] for k, v in query.items()}, "status": ["answered"]}
    assert "from=" not in crosses["1 January 2026 to 31 December 2026"]
    assert "q=parcel" in crosses["Order HM-1"]
    assert page.links["Clear all"] == "/tickets/"


def test_the_panel_offers_what_is_set_and_keeps_the_search(cast: Cast) -> None:
    panel = Browser(cast.seller).see("/tickets/filters/?q=lamp&status=created&order=HM-1")
    fields = panel.forms[0].fields
    assert (fields["q"], fields["status"], fields["order"]) == (["lamp"], ["created"], ["HM-1"])
    assert "Assigned to" not in panel.words
    assert "Bright Home" not in panel.words, "one has no tickets with oneself"
    assert "Léa Lead" not in panel.words
    assert "Léa Lead" in Browser(cast.lead).see("/tickets/filters/").words


def test_who_it_is_assigned_to_is_the_operators_business(cast: Cast) -> None:
    ticket = cast.ticket()
    claim(ticket.pk, by=cast.agent)
    cast.ticket()
    assert len(found(cast, f"assignee={cast.agent.person_id}")) == 2, "passed over: tells nothing"
    page = Browser(cast.agent).see(f"/desk/queues/all/?assignee={cast.agent.person_id}")
    assert ticket.number in page.words


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of three rows."""
    monkeypatch.setattr("parley.web.ticket_list.find", partial(find, size=3))


def test_pages_lead_on_and_back_and_keep_the_filters(cast: Cast, short_pages: None) -> None:
    tickets = [cast.ticket().pk for _ in range(8)]
    browser = Browser(cast.seller)
    first = browser.see("/tickets/?status=created")
    assert "Newer" not in first.links
    second = browser.see(f"/tickets/{first.links['Older']}")
    assert "status=created" in first.links["Older"]
    third = browser.see(f"/tickets/{second.links['Older']}")
    assert "Older" not in third.links
    assert numbers(first) + numbers(second) + numbers(third) == tickets[::-1]
    back = browser.see(f"/tickets/{third.links['Newer']}")
    assert numbers(back) == numbers(second)
    assert numbers(browser.see(f"/tickets/{back.links['Newer']}")) == numbers(first)
    fragment = browser.see(f"/tickets/{first.links['Older']}", **HTMX)
    assert numbers(fragment) == numbers(second)
    assert "<html" not in fragment.html


def test_the_list_renews_itself_as_it_stands(cast: Cast, short_pages: None) -> None:
    for _ in range(4):
        cast.ticket()
    browser = Browser(cast.seller)
    first = browser.see("/tickets/?status=created")
    second = browser.see(f"/tickets/{first.links['Older']}")
    renewal = next(a["hx-get"] for _tag, a in second.tags if a.get("id") == "list")
    assert numbers(browser.see(f"/tickets/{renewal}", **HTMX)) == numbers(second)


def test_a_cursor_of_ones_own_making_is_no_page(cast: Cast) -> None:
    for cursor in ("x", "1", "1.2.3", "-", "9" * 18 + ".1", "٣.٣"):
        answer = Browser(cast.seller).get("/tickets/", {"cursor": cursor})
        assert answer.status_code == 404, cursor


def test_home_shows_whose_turn_it_is(cast: Cast) -> None:
    ours, theirs = cast.ticket(title="Ours to do"), cast.ticket(title="Theirs to do")
    reply(ours.pk, Reply(text="When?", asks=True), by=cast.supplier)
    page = Browser(cast.seller).see("/")
    assert page.words.index("Ours to do") < page.words.index("Theirs to do")
    assert theirs.number in page.words
