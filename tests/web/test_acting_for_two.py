"""A person of two companies, with a window open for each."""

from __future__ import annotations

import pytest

from cast import Cast
from parley.conversations.models import Message
from parley.parties.models import Membership, Role
from parley.tickets.models import Ticket
from web.pages import HTMX, Browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def both(cast: Cast) -> Membership:
    """The seller works for Second Seller as well, and acts for Bright Home at the moment."""
    return Membership.objects.create(
        person=cast.seller.person, party=cast.second_seller, role=Role.MEMBER
    )


def _new_ticket(cast: Cast) -> dict[str, object]:
    return {
        "topic": cast.late_parcel.pk,
        "to": cast.northwind.pk,
        "title": "Parcel 7 is late",
        "text": "Our customer waits.",
    }


def test_a_ticket_is_opened_by_the_company_its_form_was_shown_to(
    cast: Cast, both: Membership
) -> None:
    theirs = cast.ticket(by=cast.other_seller)
    browser = Browser(cast.seller)
    form = browser.see("/tickets/new/").form("")
    browser.see(f"/tickets/{theirs.pk}/")  # in another window: from now on for Second Seller
    answer = browser.post("/tickets/new/", {**form.fields, **_new_ticket(cast)}, follow=True)
    opened = Ticket.objects.latest("pk")
    assert opened.opener == cast.bright_home
    assert answer.status_code == 200
    assert opened.number in answer.content.decode()


def test_a_reply_is_said_by_the_company_its_form_was_shown_to(cast: Cast) -> None:
    """Of a person who is on both sides of a ticket."""
    ticket = cast.ticket()
    Membership.objects.create(person=cast.seller.person, party=cast.northwind, role=Role.MEMBER)
    browser = Browser(cast.seller)
    form = browser.see(f"/tickets/{ticket.pk}/").form("/replies/")
    form.fields |= {"way": ["only-opener"], "text": ["Between us and the operator"]}
    key = browser.see("/settings/").form("/settings/acting/")
    browser.post(key.action, {"membership": cast.seller.person.memberships.latest("pk").pk})
    answer = browser.post(form.action, form.fields, **HTMX)
    assert answer.status_code == 200
    assert Message.objects.latest("pk").party == cast.bright_home
    assert "Northwind Supply" in browser.see("/").words, "the other window stays as it is"


def test_a_form_of_a_company_one_has_left_says_nothing(cast: Cast, both: Membership) -> None:
    browser = Browser(cast.seller)
    form = browser.see("/tickets/new/").form("")
    browser.post("/settings/acting/", {"membership": both.pk})
    cast.seller.active = False
    cast.seller.save()
    for shown_to in (form.fields["acting_as"], [cast.supplier.pk], ["x"], ["9" * 30]):
        sent = {**form.fields, **_new_ticket(cast), "acting_as": shown_to}
        assert browser.post("/tickets/new/", sent).status_code == 403
    assert not Ticket.objects.exists()


def test_what_is_not_there_is_kept_nowhere_either(cast: Cast) -> None:
    for path in ("/tickets/999999/", "/nothing/", "/desk/queues/all/"):
        answer = Browser(cast.seller).get(path)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "private, no-store")
