"""People and companies in the browser: inviting, accepting, asking to join, keeping, closing."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail

from cast import PASSWORD, Cast
from parley.journal.models import Entry
from parley.journal.recording import run_later
from parley.parties.models import Invitation, JoinRequest, Membership, Party, Person, Role
from parley.parties.tokens import make_token
from web.pages import Browser, Page

NEW = "a whole new battery"
PEOPLE = "/settings/people/"


def run_what_was_left(*kinds: str) -> None:
    """What the worker does with the entries of these kinds."""
    for pk in Entry.objects.filter(kind__in=kinds).order_by("id").values_list("pk", flat=True):
        run_later(pk)


def invite(browser: Browser, page: str = PEOPLE, **filled: str) -> Page:
    typed = {"email": "new@bright-home.example", "role": "member"} | filled
    return Page(browser.send(page, "/invitations/", **typed))


def link_in_the_mail() -> str:
    run_what_was_left("PersonInvited", "InvitationSentAgain")
    found = re.search(r"https?://\S+", str(mail.outbox[-1].body))
    assert found
    return urlsplit(found.group()).path


def test_an_owner_invites_a_colleague_who_sets_a_password_and_is_in(
    cast: Cast, settings: Any
) -> None:
    settings.PUBLIC_URL = "https://desk.example"
    owner = Browser(cast.seller)
    page = invite(owner, name="Нина Новая", language="ru")
    assert "The invitation to new@bright-home.example is on its way." in page.words
    assert "The mail is on its way." in page.words
    link = link_in_the_mail()
    letter = mail.outbox[-1]
    assert (
        letter.to == ["Нина Новая <new@bright-home.example>"]
        or "new@bright-home.example" in (letter.to[0])
    )
    assert "Bright Home" in letter.subject
    assert "Selma Seller" in letter.body
    assert "https://desk.example/account/invitations/" in letter.alternatives[0][0]
    browser = Browser()
    landed = browser.get(link, follow=True)
    address = landed.redirect_chain[-1][0]
    assert link.split("/")[-2] not in address, "the secret leaves no trace"
    form = Page(landed)
    assert "Bright Home" in form.words
    assert "new@bright-home.example" in form.html
    short = Page(browser.send(address, "", name="Нина", password="short"))
    assert short.status == 422
    assert "Нина" in short.html, "what was typed is kept"
    done = browser.send(address, "", name="Нина Новая", password=NEW, time_zone="Europe/Moscow")
    assert done.redirect_chain[-1][0] == "/"
    person = Person.objects.get(email="new@bright-home.example")
    assert (person.language, person.time_zone) == ("ru", "Europe/Moscow")
    assert browser.see("/tickets/").words
    assert "Нина Новая" in owner.see(PEOPLE).words
    gone = Page(Browser().get(link, follow=True))
    assert gone.status == 410
    assert "works no longer" in gone.words


def test_whoever_has_an_account_accepts_with_one_click_and_signs_in_as_always(cast: Cast) -> None:
    invite(Browser(cast.seller), email=cast.supplier.person.email, role="owner")
    link = link_in_the_mail()
    stranger = Browser()
    page = stranger.see(link)
    assert "You have an account here already" in page.words
    joined = Page(stranger.send("/account/invitation/", ""))
    assert "You act for Bright Home from now on." in joined.words
    assert stranger.get("/tickets/").status_code == 302, "the link signs nobody in"
    assert Membership.objects.get(person=cast.supplier.person, party=cast.bright_home).active
    there = Person.objects.get(pk=cast.supplier.person_id)
    assert there.check_password(PASSWORD)


def test_signed_in_already_one_acts_for_the_new_company_at_once(cast: Cast) -> None:
    invite(Browser(cast.seller), email=cast.supplier.person.email)
    link = link_in_the_mail()
    wrong = Browser(cast.other_seller)
    page = wrong.see(link)
    assert "you are signed in as other-seller@second-seller.example" in page.words
    wrong.post("/account/invitation/", {})
    assert not Membership.objects.filter(
        person=cast.other_seller.person, party=cast.bright_home
    ).exists()
    browser = Browser(cast.supplier)
    browser.see(link)
    answer = browser.send("/account/invitation/", "")
    assert "You act for Bright Home from now on." in Page(answer).words
    assert "Bright Home" in browser.see("/settings/people/").words


def test_an_invitation_is_sent_again_and_taken_back(cast: Cast) -> None:
    owner = Browser(cast.seller)
    invite(owner)
    first = link_in_the_mail()
    invitation = Invitation.objects.get()
    soon = Page(owner.send(PEOPLE, f"/{invitation.pk}/sending/"))
    assert "Try again in 2 minutes." in soon.words
    Invitation.objects.update(asked_at="2020-01-01T00:00Z")
    again = Page(owner.send(PEOPLE, f"/{invitation.pk}/sending/"))
    assert "again. The link in the mail before works no longer." in again.words
    second = link_in_the_mail()
    assert first != second
    assert Browser().get(first, follow=True).status_code == 410
    assert Browser().get(second, follow=True).status_code == 200
    owner.send(PEOPLE, f"/{invitation.pk}/revocation/")
    assert Browser().get(second, follow=True).status_code == 410
    mails = len(mail.outbox)
    run_what_was_left("PersonInvited", "InvitationSentAgain")
    assert len(mail.outbox) == mails, "no mail goes out twice, or late"


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("nobody", "Write an e-mail address"),
        ("seller-member@bright-home.example", "They act for Bright Home already."),
    ],
)
def test_a_refused_invitation_keeps_what_was_typed(cast: Cast, email: str, words: str) -> None:
    page = invite(Browser(cast.seller), email=email, name="Somebody")
    assert page.status == 422
    assert words in page.words
    assert 'value="Somebody"' in page.html
    assert email in page.html


def test_somebody_asks_with_the_code_and_an_owner_lets_them_in(cast: Cast) -> None:
    owner = Browser(cast.seller)
    owner.send(PEOPLE, "/code/")
    cast.bright_home.refresh_from_db()
    code = cast.bright_home.join_code
    stranger = Browser()
    assert "Join Bright Home" in stranger.see(f"/account/join/?code={code}").words
    typed = {"name": "Nina", "email": "n@x.example"}
    wrong = Page(stranger.send("/account/join/", "/join/", code="AAAAABBBBB", **typed))
    assert wrong.status == 422
    assert "No company has this code." in wrong.words
    asked = Page(stranger.send("/account/join/", "/join/", code=code, note="Hello", **typed))
    assert "an invitation comes to your mailbox" in asked.words
    run_what_was_left("JoinAsked")
    assert "Nina asks to join your company" in owner.see("/notices/").words
    assert "Nina asks to join" not in Browser(cast.seller_member).see("/notices/").words
    assert "Hello" in owner.see(PEOPLE).words
    assert "n@x.example" not in Browser(cast.seller_member).see(PEOPLE).words
    request = JoinRequest.objects.get()
    page = Page(owner.send(PEOPLE, f"/requests/{request.pk}/answer/", role="member"))
    assert "An invitation is on its way to them." in page.words
    assert Browser().see(link_in_the_mail()).words
    no = Page(owner.post(f"{PEOPLE}requests/{request.pk}/answer/", {"no": "on"}, follow=True))
    assert "Somebody has answered that already." in no.words


def test_asking_too_often_is_stopped(cast: Cast, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"ask_to_join": "2/10m/ip"}
    browser = Browser()
    answers = [
        browser.post("/account/join/", {"code": "AAAAABBBBB", "name": "N", "email": "n@x.example"})
        for _time in range(3)
    ]
    assert [answer.status_code for answer in answers] == [422, 422, 429]
    assert answers[-1].headers["Retry-After"] == "600"


def test_roles_and_who_works_there_are_changed_by_owners(cast: Cast) -> None:
    owner, member = Browser(cast.seller), Browser(cast.seller_member)
    key = cast.seller_member.pk
    last = Page(owner.post(f"{PEOPLE}members/{cast.seller.pk}/activity/", {}, follow=True))
    assert "the last owner of Bright Home" in last.words
    owner.send(PEOPLE, f"/members/{key}/role/", role="owner")
    cast.seller_member.refresh_from_db()
    assert cast.seller_member.role == Role.OWNER
    page = Page(owner.send(PEOPLE, f"/members/{key}/activity/"))
    assert "acts for Bright Home no more" in page.words
    assert member.get("/tickets/").status_code == 302, "they are out at once"
    owner.post(f"{PEOPLE}members/{key}/activity/", {"active": "on"})
    assert member.get("/tickets/").status_code == 302, "and sign in anew when they are back"
    assert Browser(cast.seller_member).get("/tickets/").status_code == 200


def test_a_member_looks_and_changes_nothing(cast: Cast) -> None:
    page = Browser(cast.seller_member).see(PEOPLE)
    assert "Selma Seller" in page.words
    assert not [form for form in page.forms if PEOPLE in form.action]


def test_an_administrator_finds_people_and_companies(cast: Cast) -> None:
    admin = Browser(cast.agent)
    assert "Nora North" in admin.see("/desk/people/?q=nora").words
    assert "Nora North" in admin.see("/desk/people/?q=supplier@northwind").words
    nobody = admin.see("/desk/people/?q=zzzzzz")
    assert "Nora North" not in nobody.words
    found = admin.see("/desk/people/companies/?q=northwnd&kind=supplier")
    assert "Northwind Supply" in found.words
    assert "Bright Home" not in found.words
    person = admin.see(f"/desk/people/{cast.supplier.person_id}/")
    assert "supplier@northwind.example" in person.words
    assert not [form for form in person.forms if "closing" in form.action], "an agent only looks"


def test_people_are_paged_by_name(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.parties.finding.PAGE", 4)
    browser, seen, address = Browser(cast.lead), [], "/desk/people/"
    while address:
        page = browser.see(address)
        seen += [link for link in page.links.values() if re.fullmatch(r"/desk/people/\d+/", link)]
        more = [link for words, link in page.links.items() if "after=" in link]
        address = f"/desk/people/{more[0]}" if more else ""
    assert len(seen) == len(set(seen)) == Person.objects.count()


def test_a_company_is_made_peopled_renamed_closed_and_opened_again(cast: Cast) -> None:
    admin = Browser(cast.admin)
    new = "/desk/people/companies/new/"
    assert Page(admin.send(new, "", kind="", name="")).status == 422
    answer = admin.send(new, "", kind="supplier", name="Fenland Goods")
    party = Party.objects.get(name="Fenland Goods")
    here = f"/desk/people/companies/{party.pk}/"
    assert answer.redirect_chain[-1][0] == here
    page = invite(admin, here, email="owner@fenland.example", role="owner")
    assert "owner@fenland.example" in page.words
    browser = Browser()
    browser.get(link_in_the_mail(), follow=True)
    browser.send("/account/invitation/", "", name="Freya Fen", password=NEW)
    assert "Freya Fen" in admin.see(here).words
    admin.send(here, "/name/", name="Fenland Goods Ltd")
    assert "Fenland Goods Ltd" in admin.see(here).words
    admin.send(here, "/closing/")
    assert "This company is closed." in admin.see(here).words
    assert browser.get("/").status_code == 302
    assert "Fenland" in admin.see("/desk/people/companies/?state=closed").words
    assert "Fenland" not in admin.see("/desk/people/companies/").words
    admin.send(here, "/closing/", open="on")
    assert "This company is closed." not in admin.see(here).words


def test_an_account_is_closed_everywhere_at_once(cast: Cast) -> None:
    _token, secret = make_token(cast.seller_member, "Shop")
    admin, member = Browser(cast.admin), Browser(cast.seller_member)
    here = f"/desk/people/{cast.seller_member.person_id}/"
    call = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    assert Browser().get("/api/v1/me", **call).status_code == 200
    assert "Shop" in admin.see(here).words
    admin.send(here, "/closing/")
    assert member.get("/").status_code == 302
    assert Browser().get("/api/v1/me", **call).status_code == 401
    own = Page(admin.post(f"/desk/people/{cast.admin.person_id}/closing/", {}, follow=True))
    assert "You can't close the account you act with." in own.words
    last = Page(admin.post(f"/desk/people/{cast.supplier.person_id}/closing/", {}, follow=True))
    assert "They alone keep Northwind Supply." in last.words


def test_an_administrator_revokes_anybodys_token(cast: Cast) -> None:
    token, _secret = make_token(cast.supplier, "Warehouse")
    admin = Browser(cast.admin)
    here = f"/desk/people/{cast.supplier.person_id}/"
    admin.send(here, f"/tokens/{token.pk}/revocation/")
    assert "Warehouse" not in admin.see(here).words
