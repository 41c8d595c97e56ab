"""Second factors: apps, recovery codes, who has to have one, and what is never let through."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from cast import PASSWORD, Cast
from parley.journal.models import Entry
from parley.parties.models import Membership, Session
from parley.parties.second_factors import (
    HasNoneThemselves,
    NotTheirsToRequire,
    has_second_factor,
    require_second_factor,
)
from parley.postgres.sealing import Unreadable, sealed, unsealed
from web.pages import Browser, Page

SIGN_IN = "/account/sign-in/"
STEP = "/account/second-step/"
APP = "/account/app/"
SECURITY = "/settings/security/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_of(secret: str = SECRET, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def sign_in(browser: Client, who: Membership, password: str = PASSWORD) -> Any:
    return browser.post(SIGN_IN, {"login": who.person.email, "password": password})


def is_in(browser: Client) -> bool:
    return bool(browser.get("/notices/").status_code == 200)


def show_again(browser: Client) -> None:
    """Type the password once more."""
    assert browser.post("/account/again/", {"password": PASSWORD}).status_code == 302


@pytest.fixture
def owner(cast: Cast) -> Membership:
    """Somebody with an authenticator app, and codes."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    person = cast.seller.person
    TOTP.activate(person, SECRET)
    RecoveryCodes.activate(person)
    return cast.seller


def events(*kinds: str) -> list[str]:
    return [e.kind for e in Entry.objects.filter(kind__in=kinds).order_by("id")]


def letters() -> list[str]:
    jobs = ProcrastinateJob.objects.filter(task_name="web.send_letter").order_by("id")
    return [job.args["about"] for job in jobs]


def test_an_app_is_set_up_with_its_first_code_and_ends_other_sessions(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    here, there = Browser(cast.seller), Browser(cast.seller)
    asked = here.get(APP)
    assert asked.headers["Location"] == "/account/again/?next=%2Faccount%2Fapp%2F"
    show_again(here)
    before = here.cookies["parley_session"].value
    page = here.see(APP)
    secret = re.search(r'id="app-key">([A-Z2-7]+)<', page.html)
    assert secret
    wrong = here.post(APP, {"code": "000000"})
    assert "That was not right." in Page(wrong).words
    with django_capture_on_commit_callbacks(execute=True):
        right = here.post(APP, {"code": code_of(secret[1])})
    assert right.headers["Location"] == "/account/recovery-codes/"
    codes = re.findall(r"<code>(\d{4} \d{4})</code>", here.see("/account/recovery-codes/").html)
    assert len(set(codes)) == 10
    assert here.cookies["parley_session"].value != before, "with a session of its own"
    assert not is_in(there)
    assert events("SecondFactorAdded", "SessionsEnded") == ["SecondFactorAdded", "SessionsEnded"]
    assert letters() == ["totp_activated"]
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret[1] not in kept
    assert unsealed(kept) == secret[1]
    assert "10 codes are left" in here.see(SECURITY).words


def test_signing_in_takes_a_second_step(owner: Membership) -> None:
    browser = Browser()
    assert sign_in(browser, owner).headers["Location"] == STEP
    assert not is_in(browser), "the password alone opens nothing"
    assert browser.get(SECURITY).status_code == 302
    page = browser.see(STEP)
    assert "From your authenticator app" in page.words
    before = browser.cookies["parley_session"].value
    answer = browser.post(STEP, {"code": code_of()})
    assert answer.headers["Location"] == "/"
    assert is_in(browser)
    assert browser.cookies["parley_session"].value != before
    entry = Entry.objects.get(kind="SignedIn")
    assert entry.data["way"] == "two_factors"
    assert entry.person_id == owner.person_id


def test_the_second_step_cannot_be_skipped_or_come_to_without_the_password(
    owner: Membership,
) -> None:
    assert Browser().get(STEP).headers["Location"] == SIGN_IN
    answer = Browser().post(STEP, {"code": code_of()})
    assert answer.headers["Location"] == SIGN_IN
    browser = Browser()
    sign_in(browser, owner)
    for path in ("/", "/tickets/", "/account/app/", "/account/recovery-codes/", "/live"):
        assert browser.get(path).status_code in (302, 401), path


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_code_opens_once_as_long_as_it_is_taken_at_all(owner: Membership, steps: int) -> None:
    from django.core.cache import cache

    code = code_of(steps=steps)
    first, second = Browser(), Browser()
    sign_in(first, owner)
    assert first.post(STEP, {"code": code}).status_code == 302
    # What allauth itself remembers of a used code is over before the code is.
    cache.delete(f"allauth.mfa.totp.used?user={owner.person_id}&code={code}")
    sign_in(second, owner)
    assert second.post(STEP, {"code": code}).status_code == 200
    assert not is_in(second)


def test_a_recovery_code_opens_once(owner: Membership) -> None:
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    first, second = Browser(), Browser()
    sign_in(first, owner)
    assert first.post(STEP, {"code": f"{codes[0][:4]} {codes[0][4:]}"}).status_code == 302
    assert is_in(first)
    sign_in(second, owner)
    assert second.post(STEP, {"code": codes[0]}).status_code == 200
    assert "9 codes are left" in first.see(SECURITY).words


def test_wrong_codes_are_throttled_kept_and_told_of(owner: Membership) -> None:
    browser = Browser()
    sign_in(browser, owner)
    answers = [browser.post(STEP, {"code": f"00000{n}"}) for n in range(6)]
    assert [a.status_code for a in answers] == [200] * 5 + [429]
    assert "Try again in 5 minutes." in Page(answers[-1]).words
    assert answers[-1].headers["Retry-After"] == "300"
    assert browser.post(STEP, {"code": code_of()}).status_code == 429, "a right one has to wait too"
    jobs = ProcrastinateJob.objects.filter(task_name="web.note_refusal")
    assert [job.args["why"] for job in jobs] == ["second_factor"] * 5


def test_codes_can_be_tried_so_often_in_a_day_and_the_person_is_told(
    owner: Membership, settings: Any
) -> None:
    limits = {"login_failed": "1000/m/ip,1000/m/key", "second_factor": "12/d/key"}
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | limits
    browser = Browser()
    sign_in(browser, owner)
    for n in range(12):
        assert browser.post(STEP, {"code": f"0000{n:02}"}).status_code == 200
    assert browser.post(STEP, {"code": code_of()}).status_code == 429
    assert letters() == ["codes_tried"]


def test_an_app_is_removed_after_showing_again_who_one_is(owner: Membership) -> None:
    here, there = Browser(owner), Browser(owner)
    assert here.get("/account/app/removal/").headers["Location"].startswith("/account/again/")
    show_again(here)
    here.send("/account/app/removal/", "")
    assert not has_second_factor(owner.person)
    assert not Authenticator.objects.filter(user=owner.person).exists(), (
        "codes stand in for nothing"
    )
    assert not is_in(there)
    assert letters() == ["totp_deactivated"]


def test_a_new_password_by_mail_is_no_way_around_the_second_factor(owner: Membership) -> None:
    from allauth.account.forms import default_token_generator
    from allauth.account.utils import user_pk_to_url_str

    stolen = Browser(owner)
    key = default_token_generator.make_token(owner.person)
    link = f"/account/password/reset/{user_pk_to_url_str(owner.person)}-{key}/"
    browser = Browser()
    form = browser.get(link, follow=True).redirect_chain[-1][0]
    new = "a whole new battery"
    browser.post(form, {"password1": new, "password2": new})
    assert not is_in(browser)
    assert not is_in(stolen)
    assert not Session.objects.filter(person=owner.person).exists()
    assert sign_in(browser, owner, new).headers["Location"] == STEP
    assert events("PasswordChanged") == ["PasswordChanged"]
    assert "password_reset" in letters()


# --- requiring one ---------------------------------------------------------------------------------


def test_a_company_that_requires_one_lets_its_people_do_nothing_else_first(cast: Cast) -> None:
    TOTP.activate(cast.admin.person, SECRET)
    agent = Browser(cast.agent)
    assert agent.get("/desk/queues/mine/", follow=True).status_code == 200
    admin = Browser(cast.admin)
    admin.send(SECURITY, "/requirement/", required="yes")
    for path in ("/", "/desk/queues/mine/", "/settings/", "/orders/", "/live", "/messenger/"):
        answer = agent.get(path)
        assert answer.status_code == 302, path
        assert answer.headers["Location"] == SECURITY, path
    assert agent.post("/settings/tokens/", {"name": "way out"}).status_code == 403
    assert agent.get("/", HTTP_ACCEPT="application/json").status_code == 403
    assert "Harbour Market" in agent.see(SECURITY).words
    assert is_in(Browser(cast.seller)), "other companies decide for themselves"
    assert is_in(admin)
    TOTP.activate(cast.agent.person, SECRET)
    assert is_in(agent)
    entry = Entry.objects.get(kind="SecondFactorRequirementChanged")
    assert (entry.data["was"], entry.data["now"]) == (False, True)


def test_who_requires_one_has_one_and_is_in_charge(cast: Cast) -> None:
    with pytest.raises(HasNoneThemselves):
        require_second_factor(True, by=cast.admin)
    for who in (cast.lead, cast.agent, cast.seller_member):
        with pytest.raises(NotTheirsToRequire):
            require_second_factor(True, by=who)
    page = Page(Browser(cast.seller).send(SECURITY, "/requirement/", required="yes"))
    assert "Set up a second factor for yourself first." in page.words


# --- what is sealed --------------------------------------------------------------------------------


def test_secrets_sealed_with_another_key_fit_nothing(owner: Membership, settings: Any) -> None:
    settings.SECRET_KEY = "x" * 60
    with pytest.raises(Unreadable):
        unsealed(Authenticator.objects.get(type="totp").data["secret"])
    app = Authenticator.objects.get(type="totp").wrap()
    for guess in (code_of(), code_of(""), "000000"):
        assert not app.validate_code(guess)
    assert unsealed(sealed("words")) == "words"


# --- passkeys (the ceremony itself: flows/test_passkeys.py) ----------------------------------------


def test_a_made_up_passkey_opens_nothing_and_says_so(cast: Cast) -> None:
    browser = Browser()
    options = browser.get("/account/passkeys/sign-in/", HTTP_ACCEPT="application/json").json()
    assert options["request_options"]["publicKey"]["userVerification"] == "required"
    for junk in ("{}", '{"id": "x", "response": {"userHandle": "MQ"}}', "[]", "1", "not json"):
        answer = browser.post("/account/passkeys/sign-in/", {"credential": junk})
        assert answer.status_code == 422, junk
        assert "That passkey does not open anything here" in Page(answer).words
    assert not is_in(browser)


def test_a_page_opened_by_a_number_offers_no_passkeys(cast: Cast) -> None:
    by_name, by_number = Browser(), Browser(SERVER_NAME="127.0.0.1")
    assert "Sign in with a passkey" in by_name.see(SIGN_IN).words
    assert "Sign in with a passkey" not in by_number.see(SIGN_IN).words


def test_a_passkey_is_renamed_and_removed_by_its_owner_alone(cast: Cast) -> None:
    passkey = Authenticator.objects.create(
        user=cast.seller.person,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "My laptop", "credential": {}},
    )
    for who in (cast.seller_member, cast.admin):
        browser = Browser(who)
        show_again(browser)
        for address in (
            f"/account/passkeys/{passkey.pk}/",
            f"/account/passkeys/{passkey.pk}/removal/",
        ):
            assert browser.get(address).status_code == 404
            assert browser.post(address, {"name": "Mine"}).status_code == 404
    passkey.refresh_from_db()
    assert passkey.data["name"] == "My laptop"
