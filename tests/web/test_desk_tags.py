"""Tags through the pages of the desk."""

from __future__ import annotations

from cast import Cast
from parley.tickets.keeping_tags import TagTyped, add_tag
from parley.tickets.models import Tag
from parley.tickets.tagging import put_tag, tags_of
from web.pages import HTMX, Browser, Page

TAGS = "/desk/administration/tags/"


def test_a_tag_typed_on_a_ticket_is_put_on_or_made(cast: Cast) -> None:
    ticket, browser = cast.ticket(), Browser(cast.lead)
    at = f"/desk/tickets/{ticket.pk}/tags/"
    page = Page(browser.post(at, {"name": "Warehouse fire"}, **HTMX))
    assert "Warehouse fire" in page.words
    browser.post(at, {"name": "warehouse FIRE"}, **HTMX)
    (tag,) = Tag.objects.all()
    assert list(tags_of(ticket.pk)) == [tag]
    assert Browser(cast.lead).see("/desk/tags/").having("value") == ["Warehouse fire"]
    assert "put on the tag Warehouse fire" in browser.see(f"/desk/tickets/{ticket.pk}/").words
    assert "Warehouse fire" in browser.see("/desk/queues/all/").words
    gone = Page(browser.post(at, {"off": str(tag.pk)}, **HTMX))
    assert "Warehouse fire" not in gone.words
    assert "took off the tag Warehouse fire" in browser.see(f"/desk/tickets/{ticket.pk}/").words


def test_a_tag_that_is_refused_says_why(cast: Cast) -> None:
    ticket, browser = cast.ticket(), Browser(cast.lead)
    at = f"/desk/tickets/{ticket.pk}/tags/"
    assert "Give the tag a name." in Page(browser.post(at, {"name": " "}, **HTMX)).words
    off = add_tag(TagTyped(name="Old", active=False), by=cast.admin)
    page = Page(browser.post(at, {"name": off.name}, **HTMX))
    assert "This tag is not in use any more." in page.words


def test_nobody_else_ever_sees_a_tag(cast: Cast) -> None:
    ticket = cast.ticket()
    tag = add_tag(TagTyped(name="Zebra"), by=cast.agent)
    put_tag(ticket.pk, tag.pk, by=cast.agent)
    for who in (cast.seller, cast.supplier):
        browser = Browser(who)
        for page in ("/tickets/", f"/tickets/{ticket.pk}/", "/tickets/filters/"):
            assert "Zebra" not in browser.see(page).html
        assert ticket.number in browser.see("/tickets/?tag=999").words, (
            "it narrows nothing for them"
        )


def test_a_list_narrowed_to_a_tag_says_so(cast: Cast) -> None:
    ticket, other, browser = cast.ticket(), cast.ticket(), Browser(cast.lead)
    tag = add_tag(TagTyped(name="Zebra"), by=cast.agent)
    put_tag(ticket.pk, tag.pk, by=cast.agent)
    page = browser.see(f"/desk/queues/all/?tag={tag.pk}")
    assert ticket.number in page.words
    assert other.number not in page.words
    assert "Remove the filter: Zebra" in page.html
    assert "Zebra" in browser.see("/tickets/filters/").words


def test_the_list_of_tags_is_kept_on_a_page(cast: Cast) -> None:
    browser = Browser(cast.admin)
    assert browser.see("/desk/administration/").links["Tags"] == TAGS
    page = Page(browser.send(TAGS, TAGS, name="Audit", colour="teal"))
    assert "The tag is on the list." in page.words
    tag = Tag.objects.get()
    browser.send(TAGS, f"{TAGS}{tag.pk}/", name="Audits", colour="blue")
    tag.refresh_from_db()
    assert (tag.name, tag.colour, tag.active) == ("Audits", "blue", True)
    browser.post(f"{TAGS}{tag.pk}/", {"name": "Audits", "colour": "blue"})
    tag.refresh_from_db()
    assert not tag.active
    for address in (TAGS, f"{TAGS}{tag.pk}/"):
        page = Page(browser.post(address, {"name": "", "colour": "blue"}))
        assert page.status == 422
        assert "Give the tag a name." in page.words
