"""The way back of somebody who has lost a second factor, and why a thief can't take it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from cast import PASSWORD, Cast
from parley.journal.models import Entry
from parley.journal.moment import at, now
from parley.parties.coming_back import NoWayBack, approve, ask, let_lapse, take, ways_back_for
from parley.parties.joining import join
from parley.parties.models import Membership, Session, WayBack
from parley.parties.signing_in import Whence
from parley.web.jobs import open_ways_back, tell_of_way_back
from web.pages import Browser, Page
from web.test_second_factors import SECRET, STEP, code_of, sign_in

WAITED = timedelta(hours=24, minutes=1)


@pytest.fixture
def member(cast: Cast) -> Membership:
    """Somebody who works at Bright Home, whose phone is at the bottom of a lake."""
    cast.seller_member.person.language = "en"
    cast.seller_member.person.save()
    TOTP.activate(cast.seller_member.person, SECRET)
    return cast.seller_member


def ask_by_page(who: Membership) -> Browser:
    browser = Browser()
    sign_in(browser, who)
    assert "slow on purpose" in browser.see("/account/way-back/").words
    answer = browser.post("/account/way-back/")
    assert "It is asked for" in Page(answer).words
    return browser


def write_letters() -> None:
    """What the worker does."""
    for job in ProcrastinateJob.objects.filter(task_name="web.tell_of_way_back").order_by("id"):
        tell_of_way_back(**job.args)
    ProcrastinateJob.objects.filter(task_name="web.tell_of_way_back").delete()


def link_of(message: Any) -> str:
    found = re.search(r"https?://\S+", message.body)
    assert found
    return urlsplit(found[0]).path


def letters_to(who: Membership) -> list[Any]:
    return [message for message in mail.outbox if message.to == [who.person.email]]


def test_the_whole_way(cast: Cast, member: Membership) -> None:
    signed_in_elsewhere = Browser(member)
    ask_by_page(member)
    write_letters()
    assert [m.subject for m in letters_to(member)] == [
        "Somebody says that your second factor is lost"
    ]
    assert "Семён Продавцов" in letters_to(cast.seller)[0].body
    owner = Browser(cast.seller)
    page = owner.see("/settings/security/ways-back/")
    assert "Семён Продавцов" in page.words
    key = WayBack.objects.get().pk
    owner.post(f"/settings/security/ways-back/{key}/", {"answer": "approve"})
    open_ways_back(0)
    write_letters()
    assert len(letters_to(member)) == 2, "no link as long as it waits"
    with at(now() + WAITED):
        open_ways_back(0)
        open_ways_back(0)
        write_letters()
        assert len(letters_to(member)) == 3
        link = link_of(letters_to(member)[-1])
        browser = Browser()
        assert browser.get(link).status_code == 200
        assert browser.post(link, {"password": "not it"}).status_code == 422
        assert Authenticator.objects.filter(user=member.person).exists()
        answer = browser.post(link, {"password": PASSWORD})
        assert "Your second factor is off" in Page(answer).words
        assert browser.post(link, {"password": PASSWORD}).status_code == 410, "it opens once"
    assert not Authenticator.objects.filter(user=member.person).exists()
    assert not Session.objects.filter(person=member.person).exists()
    assert signed_in_elsewhere.get("/notices/").status_code == 302
    assert sign_in(Browser(), member).headers["Location"] == "/"
    kinds = ["WayBackAsked", "WayBackApproved", "WayBackEnded", "SecondFactorRemoved"]
    told = Entry.objects.filter(kind__in=kinds).order_by("id")
    assert [entry.kind for entry in told] == kinds
    assert told[1].person_id == cast.seller.person_id


def test_nobody_asks_without_the_password(cast: Cast, member: Membership) -> None:
    for browser in (Browser(), Browser(cast.seller)):
        assert browser.post("/account/way-back/").headers["Location"] == "/account/sign-in/"
    assert not WayBack.objects.exists()


def test_asking_again_writes_no_more_letters(cast: Cast, member: Membership) -> None:
    ask_by_page(member)
    ask_by_page(member)
    assert WayBack.objects.count() == 1
    assert ProcrastinateJob.objects.filter(task_name="web.tell_of_way_back").count() == 2


def test_without_approval_and_before_its_time_nothing_opens(cast: Cast, member: Membership) -> None:
    from parley.web.account.way_back import _signed

    made, _new = ask(member.person, Whence())
    link = f"/account/way-back/{_signed(made, 'take')}/"
    for later in (timedelta(0), WAITED, timedelta(days=13)):
        with at(now() + later):
            assert Browser().post(link, {"password": PASSWORD}).status_code == 410
            with pytest.raises(NoWayBack):
                take(made.pk)
    approve(made.pk, by=cast.seller)
    with at(now() + timedelta(hours=23)), pytest.raises(NoWayBack):
        take(made.pk)
    assert Authenticator.objects.filter(user=member.person).exists()


def test_a_link_for_one_thing_is_none_for_another(cast: Cast, member: Membership) -> None:
    from parley.web.account.way_back import _signed

    made, _new = ask(member.person, Whence())
    approve(made.pk, by=cast.seller)
    with at(now() + WAITED):
        cancel_link = _signed(made, "cancel")
        for link in (cancel_link, "made-up", f"{_signed(made, 'take')}x", "x:y:z"):
            assert Browser().get(f"/account/way-back/{link}/").status_code == 404
        assert Browser().get(f"/account/way-back/{_signed(made, 'take')}/").status_code == 200


def test_the_person_cancels_it_by_the_link_and_looking_at_it_does_nothing(
    cast: Cast, member: Membership
) -> None:
    ask_by_page(member)
    write_letters()
    link = link_of(letters_to(member)[0])
    browser = Browser()
    assert "Cancel the way back?" in browser.see(link).words
    assert WayBack.objects.get().ended_at is None, "mail servers follow links"
    assert "It is cancelled" in Page(browser.post(link)).words
    assert WayBack.objects.get().end == "cancelled"
    assert browser.post(link).status_code == 410
    with pytest.raises(NoWayBack):
        approve(WayBack.objects.get().pk, by=cast.seller)


def test_using_the_second_factor_cancels_it(cast: Cast, member: Membership) -> None:
    made, _new = ask(member.person, Whence())
    approve(made.pk, by=cast.seller)
    browser = Browser()
    sign_in(browser, member)
    browser.post(STEP, {"code": code_of()})
    made.refresh_from_db()
    assert made.end == "cancelled"


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("seller", True),
        ("admin", True),
        ("seller_member", False),
        ("other_seller", False),
        ("supplier", False),
        ("agent", False),
        ("lead", False),
    ],
)
def test_who_may_approve(cast: Cast, member: Membership, who: str, may: bool) -> None:
    made, _new = ask(member.person, Whence())
    reader = cast.everybody[who]
    assert ways_back_for(reader).filter(pk=made.pk).exists() == may
    answer = Browser(reader).post(f"/settings/security/ways-back/{made.pk}/", {"answer": "approve"})
    assert answer.status_code == (302 if may else 404)


def test_an_owners_word_opens_no_other_company_and_nobody_approves_their_own(cast: Cast) -> None:
    TOTP.activate(cast.seller_member.person, SECRET)
    join(cast.seller_member.person, cast.operator, "agent")
    made, _new = ask(cast.seller_member.person, Whence())
    assert not ways_back_for(cast.seller).filter(pk=made.pk).exists()
    assert ways_back_for(cast.admin).filter(pk=made.pk).exists()
    TOTP.activate(cast.admin.person, SECRET)
    own, _new = ask(cast.admin.person, Whence())
    assert not ways_back_for(cast.admin).filter(pk=own.pk).exists()


def test_a_refused_one_is_over_and_an_old_one_lapses(cast: Cast, member: Membership) -> None:
    made, _new = ask(member.person, Whence())
    Browser(cast.seller).post(f"/settings/security/ways-back/{made.pk}/", {"answer": "refuse"})
    made.refresh_from_db()
    assert made.end == "refused"
    again, is_new = ask(member.person, Whence())
    assert is_new
    with at(now() + timedelta(days=15)):
        assert let_lapse() == 1
    again.refresh_from_db()
    assert again.end == "lapsed"


def test_an_administrator_settles_how_long_it_waits(cast: Cast, member: Membership) -> None:
    admin = Browser(cast.admin)
    admin.post("/settings/security/ways-back/waiting/", {"hours": "48"})
    for junk in ("0", "169", "x", "", "²", "9" * 30):
        admin.post("/settings/security/ways-back/waiting/", {"hours": junk})
    made, _new = ask(member.person, Whence())
    opens_at = approve(made.pk, by=cast.seller).opens_at
    assert opens_at is not None
    assert timedelta(hours=47) < opens_at - now() <= timedelta(hours=48)
    entry = Entry.objects.get(kind="SettingChanged")
    assert (entry.data["was"], entry.data["now"]) == (24, 48)
