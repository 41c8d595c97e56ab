"""The pieces beside a ticket at the desk: they come later, each for its own place."""

from __future__ import annotations

from cast import Cast
from parley.web.desk.more import NAMES
from web.pages import HTMX, Browser


def test_each_piece_has_its_place_on_the_page(cast: Cast) -> None:
    ticket = cast.ticket()
    browser = Browser(cast.lead)
    page = browser.see(f"/desk/tickets/{ticket.pk}/")
    piece = browser.see(f"/desk/tickets/{ticket.pk}/more/", **HTMX)
    renewed = {a["id"] for _tag, a in piece.tags if a.get("hx-swap-oob") == "true"}
    assert renewed == {f"more-{name}" for name in NAMES}
    assert renewed <= set(page.having("id"))


def test_there_is_none_of_a_ticket_that_is_not_there(cast: Cast) -> None:
    assert Browser(cast.lead).get("/desk/tickets/999999999/more/").status_code == 404
