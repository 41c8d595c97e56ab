"""Links and putting aside through the pages of the desk."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from cast import Cast
from parley.journal.moment import at, now
from parley.tickets.ending import cancel
from parley.tickets.linking import links_of
from parley.tickets.models import NO_CLOCK
from parley.web.desk.spans import SpanUnknown, moment_of
from web.pages import HTMX, Browser, Page

FRIDAY = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)


def test_a_link_is_made_and_taken_away(cast: Cast) -> None:
    one, other, browser = cast.ticket(), cast.ticket(), Browser(cast.lead)
    to = f"/desk/tickets/{one.pk}/links/"
    page = Page(browser.post(to, {"standing": "blocks", "other": other.number}, **HTMX))
    assert f"Has to be settled before {other.number}" in page.words
    assert f"linked it to {one.number}" in browser.see(f"/desk/tickets/{other.pk}/").words
    (linked,) = links_of(one.pk)
    page = Page(browser.post(to, {"off": str(linked.key)}, **HTMX))
    assert other.number not in page.words


@pytest.mark.parametrize(
    ("standing", "other", "says"),
    [
        ("blocks", "", "There is no ticket of that number."),
        ("blocks", "T-999999999", "There is no ticket of that number."),
        ("likes", "", "There is no ticket of that number."),
        ("likes", "own", "Pick one from the list."),
        ("blocks", "own", "That is this ticket itself."),
    ],
)
def test_a_refused_link_says_why(cast: Cast, standing: str, other: str, says: str) -> None:
    ticket, browser = cast.ticket(), Browser(cast.lead)
    typed = {"standing": standing, "other": ticket.number if other == "own" else other}
    page = Page(browser.post(f"/desk/tickets/{ticket.pk}/links/", typed, **HTMX))
    assert says in page.words


def test_put_aside_and_brought_back(cast: Cast) -> None:
    ticket, browser = cast.ticket(), Browser(cast.lead)
    to = f"/desk/tickets/{ticket.pk}/snoozing/"
    page = Page(browser.post(to, {"span": "reply"}, **HTMX))
    assert "Put aside until somebody replies" in page.words
    assert ticket.number in browser.see("/desk/queues/snoozed/").words
    ticket.refresh_from_db()
    assert ticket.snoozed_until == NO_CLOCK
    page = Page(browser.post(to, {"span": "hours"}, **HTMX))
    assert "Bring it back" in page.words
    page = Page(browser.post(to, {}, **HTMX))
    assert "Bring it back" not in page.words
    history = browser.see(f"/desk/tickets/{ticket.pk}/").words
    assert "put it aside until somebody replies" in history
    assert "brought it back" in history
    assert "put aside" not in Browser(cast.seller).see(f"/tickets/{ticket.pk}/").words.lower()


def test_a_refused_moment_says_why(cast: Cast) -> None:
    ticket, ended, browser = cast.ticket(), cast.ticket(), Browser(cast.lead)
    cancel(ended.pk, by=cast.seller)
    for number, typed, says in (
        (ticket.pk, {"until": "soon"}, "Say until when."),
        (ticket.pk, {"span": "ages"}, "Say until when."),
        (ticket.pk, {"until": "2001-01-01T10:00"}, "Pick a moment to come"),
        (ended.pk, {"span": "reply"}, "Pick a moment to come"),
    ):
        page = Page(browser.post(f"/desk/tickets/{number}/snoozing/", typed, **HTMX))
        assert says in page.words, typed


def test_spans_end_in_the_readers_morning() -> None:
    with at(FRIDAY), timezone.override("Europe/Moscow"):
        assert moment_of("hours") == datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
        assert moment_of("tomorrow") == datetime(2026, 11, 21, 6, tzinfo=UTC)
        assert moment_of("monday") == datetime(2026, 11, 23, 6, tzinfo=UTC)
        assert moment_of("week") == datetime(2026, 11, 27, 6, tzinfo=UTC)
        assert moment_of("reply") is None
        assert moment_of("", "2026-11-22T10:15") == datetime(2026, 11, 22, 7, 15, tzinfo=UTC)
        with pytest.raises(SpanUnknown):
            moment_of("", "2026-13-45T10:15")
        assert now() == FRIDAY
