"""Whoever owes their company a second factor: what is open to them, and what no trick opens."""

from __future__ import annotations

import pytest

from cast import PASSWORD, Cast
from parley.parties.models import ApiToken, Membership, Party, Person, Role, WayBack
from parley.parties.pinning import pin_of
from parley.web.still_allowed import Claim, still_allowed
from web.pages import HTMX, Browser

pytestmark = pytest.mark.django_db
SECURITY = "/settings/security/"


def _require(party: Party) -> None:
    Party.objects.filter(pk=party.pk).update(requires_second_factor=True)


@pytest.mark.parametrize("more", [{}, HTMX])
def test_acting_for_another_company_in_a_form_is_no_way_around_it(
    cast: Cast, more: dict[str, str]
) -> None:
    """A form may say for which of one's companies it is: that one's demands hold."""
    _require(cast.second_seller)
    there = Membership.objects.create(
        person=cast.seller.person, party=cast.second_seller, role=Role.OWNER
    )
    browser = Browser(cast.seller)
    sent = {"acting_as": there.pk, "name": "x"}
    assert browser.post("/settings/tokens/", sent, **more).status_code == 403
    assert not ApiToken.objects.filter(membership=there).exists()
    assert browser.get("/notices/").status_code == 200, "for their first company they act as before"


def test_a_form_of_a_company_that_asks_for_nothing_is_still_taken(cast: Cast) -> None:
    _require(cast.second_seller)
    there = Membership.objects.create(
        person=cast.seller.person, party=cast.second_seller, role=Role.OWNER
    )
    browser = Browser(cast.seller)
    browser.post("/settings/acting/", {"membership": there.pk})
    sent = {"acting_as": cast.seller.pk, "name": "x"}
    assert browser.post("/settings/tokens/", sent).status_code == 200
    assert ApiToken.objects.get().membership == cast.seller


def test_an_owner_who_owes_one_does_not_lift_the_demand(cast: Cast) -> None:
    """A stolen password of one owner would otherwise undo what all of them rely on."""
    _require(cast.bright_home)
    Browser(cast.seller).post(f"{SECURITY}requirement/", {"required": "no"})
    cast.bright_home.refresh_from_db()
    assert cast.bright_home.requires_second_factor


def test_what_stands_on_the_page_of_security_is_not_all_open(cast: Cast) -> None:
    _require(cast.bright_home)
    asked = WayBack.objects.create(person=cast.seller_member.person)
    browser = Browser(cast.seller)
    for path in ("pin/", "pin/replacement/", "data/", f"ways-back/{asked.pk}/"):
        assert browser.post(SECURITY + path, {"answer": "approve"}).status_code == 403, path
    assert browser.get(f"{SECURITY}ways-back/").status_code == 302
    asked.refresh_from_db()
    assert asked.opens_at is None
    assert pin_of(cast.seller) is None


def test_what_is_needed_to_come_to_one_is_open(cast: Cast) -> None:
    _require(cast.bright_home)
    browser = Browser(cast.seller)
    page = browser.see(SECURITY)
    assert page.forms
    for form in page.forms:
        assert not form.action.startswith((f"{SECURITY}pin", f"{SECURITY}data")), form.action
    assert browser.get(f"{SECURITY}history/").status_code == 200
    assert browser.post(f"{SECURITY}sessions/ending/").status_code == 302
    assert browser.post("/account/again/", {"password": PASSWORD}).status_code == 302
    assert browser.get("/account/app/").status_code == 200


def test_streams_that_are_open_end_when_one_comes_to_owe_it(cast: Cast) -> None:
    claims = set()
    for who in (cast.seller, cast.supplier):
        browser = Browser(who)
        claims.add(
            Claim(
                session=browser.session.session_key or "",
                signed=who.person.get_session_auth_hash(),
                membership=who.pk,
                person=who.person_id,
            )
        )
    assert still_allowed(claims) == claims
    _require(cast.bright_home)
    assert {claim.person for claim in still_allowed(claims)} == {cast.supplier.person_id}


def test_a_person_without_a_password_is_led_to_choosing_one(cast: Cast) -> None:
    """Single sign-on makes people without one; the page that changes it has nothing to change."""
    person: Person = cast.seller.person
    person.set_unusable_password()
    person.save()
    browser = Browser(cast.seller)
    for answer in (
        browser.get("/account/password/"),
        browser.post("/account/password/", {"oldpassword": "", "password1": "x"}),
    ):
        assert answer.status_code == 302
        assert answer.headers["Location"] == "/account/password/reset/"
