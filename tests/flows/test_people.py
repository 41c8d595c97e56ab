"""A colleague comes by an invitation and is gone at once when an owner says so; the pages of people."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.core import mail
from playwright.sync_api import expect

from cast import Cast
from flows.browsing import House
from flows.test_every_page import look_at
from parley.parties.asking_to_join import NewJoinRequest, ask_to_join, new_code
from parley.parties.inviting import NewInvitation, invite
from parley.parties.tokens import make_token
from web.running import wait_until

SOON = 20_000
"""Milliseconds: long before the look that is had once a minute."""


def link_in_the_mail() -> str:
    """The path of the invitation's link."""
    link = re.search(r"https?://\S+", str(mail.outbox[-1].body))
    assert link
    return urlsplit(link.group()).path


def test_a_colleague_is_invited_comes_in_and_is_out_at_once(house: House, cast: Cast) -> None:
    mail.outbox.clear()
    owner, colleague = house.desk(cast.seller), house.desk()
    page = owner.go("/settings/people/")
    page.get_by_label("E-mail").fill("nina@bright-home.example")
    page.get_by_label("Name", exact=True).fill("Nina New")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.locator(".toast").first).to_contain_text("nina@bright-home.example")
    wait_until(lambda: mail.outbox)
    theirs = colleague.go(link_in_the_mail())
    assert theirs.url.endswith("/account/invitation/")
    expect(theirs.get_by_label("Your name")).to_have_value("Nina New")
    theirs.get_by_label("A password").fill("a whole new battery")
    theirs.get_by_role("button", name="Make my account").click()
    theirs.wait_for_selector("html[data-awake]")
    expect(theirs.locator(".toast").first).to_contain_text("You act for Bright Home from now on.")
    page = owner.go("/settings/people/")
    # What is refused from then on, a browser says aloud.
    colleague.forgive("401")
    with theirs.expect_response(
        lambda answer: "/live" in answer.url and answer.status == 401, timeout=SOON
    ):
        page.get_by_role("button", name="Deactivate Nina New").click()
    expect(page.locator(".member", has_text="Nina New")).to_contain_text("Acts for it no more")
    assert "/account/sign-in/" in colleague.go("/tickets/").url


def test_the_pages_of_people(house: House, cast: Cast) -> None:
    code = new_code(cast.bright_home.pk, by=cast.seller)
    asked = NewJoinRequest(
        code=code, email="anastasia.konstantinopolskaya@bright-home.example", name="Анастасия К."
    )
    ask_to_join(asked, person=None)
    new = NewInvitation(email="somebody.with.a.long.name@bright-home.example", role="member")
    mail.outbox.clear()
    invite(cast.bright_home.pk, new, by=cast.seller)
    wait_until(lambda: mail.outbox)
    make_token(cast.seller, "The warehouse's own programs")
    company = f"/desk/people/companies/{cast.bright_home.pk}/"
    look_at(house.desk(cast.seller), ["/settings/people/"])
    look_at(
        house.desk(cast.admin),
        [
            "/desk/people/",
            "/desk/people/?q=nobody-is-called-that",
            "/desk/people/companies/",
            "/desk/people/companies/new/",
            company,
            f"/desk/people/{cast.seller.person_id}/",
            "/desk/administration/journal/",
            f"/desk/administration/journal/?subject=party:{cast.bright_home.pk}",
            "/desk/administration/branding/",
        ],
    )
    look_at(
        house.desk(),
        [link_in_the_mail(), f"/account/join/?code={code}", "/account/join/"],
    )
    look_at(house.desk(cast.seller_member), ["/settings/people/"], axe=False)
