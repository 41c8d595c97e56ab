"""Merging and splitting through the pages: the desk does it, and every old number keeps working."""

from __future__ import annotations

import pytest

from cast import Cast
from parley.parties.tokens import make_token
from parley.tickets.merging import merge
from parley.tickets.models import Ticket
from parley.tickets.replying import Reply, reply
from web.pages import HTMX, Browser, Page


def test_a_ticket_is_merged_and_its_number_leads_on(cast: Cast) -> None:
    source, target = cast.ticket(title="The first", text="Zebra."), cast.ticket(title="The second")
    browser = Browser(cast.lead)
    at = f"/desk/tickets/{source.pk}/"
    answer = browser.send(at, "merging/", other=target.number)
    page = Page(answer)
    assert f"{source.number} is part of {target.number} now." in page.words
    assert f"merged {source.number} into this ticket" in page.words
    assert "Zebra." in page.words
    assert browser.get(f"{at}?queue=mine").headers["Location"] == (
        f"/desk/tickets/{target.pk}/?queue=mine"
    )
    for who in (cast.seller, cast.supplier):
        theirs = Browser(who)
        assert "Zebra." in Page(theirs.get(f"/tickets/{source.pk}/", follow=True)).words
        piece = theirs.get(f"/tickets/{source.pk}/thread/", **HTMX)
        assert piece.headers["HX-Redirect"] == f"/tickets/{target.pk}/"
        assert f"Merged into {target.number}" in theirs.see("/tickets/").words
    assert Browser(cast.other_seller).get(f"/tickets/{source.pk}/").status_code == 404


@pytest.mark.parametrize("other", ["", "nonsense", "T-999999999", "own"])
def test_a_refused_merge_says_why_and_changes_nothing(cast: Cast, other: str) -> None:
    ticket, browser = cast.ticket(), Browser(cast.lead)
    typed = ticket.number if other == "own" else other
    page = Page(browser.send(f"/desk/tickets/{ticket.pk}/", "merging/", other=typed))
    says = "That is this ticket itself." if other == "own" else "There is no ticket of that number."
    assert says in page.words
    ticket.refresh_from_db()
    assert ticket.merged_into is None


def test_programs_go_on_by_the_old_number(cast: Cast) -> None:
    source, target = cast.ticket(), cast.ticket()
    merge(source.pk, target.pk, by=cast.agent)
    browser = Browser(cast.seller)
    _token, secret = make_token(cast.seller, "program")
    browser.defaults["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    read = browser.get(f"/api/v1/tickets/{source.number}").json()
    assert read["number"] == target.number
    assert len(read["messages"]) == 2
    leaf = browser.get(f"/api/v1/tickets/{source.number}/messages").json()
    assert len(leaf["data"]) == 2
    said = browser.post(
        f"/api/v1/tickets/{source.number}/replies", {"text": "Any news?"}, "application/json"
    )
    assert said.status_code == 201
    assert len(browser.get(f"/api/v1/tickets/{target.number}").json()["messages"]) == 3


def test_a_part_is_chosen_on_a_page(cast: Cast) -> None:
    source = cast.ticket(title="Two matters")
    second = reply(source.pk, Reply(text="And a lamp is broken."), by=cast.seller)
    browser = Browser(cast.lead)
    at = f"/desk/tickets/{source.pk}/splitting/"
    assert "And a lamp is broken." in browser.see(at).words
    refused = Page(browser.post(at, {"title": "The lamp"}))
    assert refused.status == 422
    assert "Choose the messages" in refused.words
    assert refused.form("").fields["title"] == ["The lamp"]
    page = Page(browser.post(at, {"title": "The lamp", "message": [str(second.pk)]}, follow=True))
    made = Ticket.objects.latest("id")
    assert f"{made.number} was made of a part of {source.number}." in page.words
    seller = Browser(cast.seller)
    assert (
        f"made {made.number} of some of the messages" in seller.see(f"/tickets/{source.pk}/").words
    )
    assert "And a lamp is broken." in seller.see(f"/tickets/{made.pk}/").words
    assert "And a lamp is broken." not in seller.see(f"/tickets/{source.pk}/thread/").words
