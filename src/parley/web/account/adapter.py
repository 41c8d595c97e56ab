"""How allauth lets people in here: who may come, what is noted of it, and what is written to them."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.parties.access import acting_membership
from parley.parties.coming_back import cancel_of
from parley.parties.models import Person, SignInWay
from parley.parties.signing_in import note_sign_in
from parley.web.account.letters import LETTERS, about_now
from parley.web.account.whence import whence_of
from parley.web.errors import minutes_to_wait
from parley.web.jobs import note_refusal, send_letter
from parley.web.sessions import SIGN_IN

TOO_MANY = "too_many_login_attempts"
"""allauth's code for it."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People join by invitation: nobody signs up by themselves, and nothing greets them twice."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Signing in and out are seen for themselves: no toast says so as well."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Keep the limits of trying, and say when it can be tried again. Raises ValidationError."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            raise too_many(minutes_to_wait(request)) from None

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """The person, if the password is theirs. Raises ValidationError when they may not come in.

        Only one who knows the password is told that the account is closed.
        """
        person: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if person is not None and acting_membership(person.pk) is None:
            raise ValidationError(
                _("This account is closed. Ask an owner of your company, or the operator."),
                code="account_inactive",
            )
        return person

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Keep that somebody tried. Known address or not, it is a job that looks, and takes as long."""
        refused(request, str(credentials.get("email", "")), "password")

    def pre_login(
        self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any
    ) -> HttpResponse | None:
        """Whoever has shown who they are and may not come in is told so, by whichever way they came."""
        if acting_membership(user.pk) is not None:
            return None
        clear_login(request)
        return render(request, "account/closed.html", status=403)

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Let them in, with a new session that knows whose it is, and keep that they came."""
        assert isinstance(user, Person)
        way = _way_of(get_authentication_records(request, user))
        whence = whence_of(request)
        super().login(request, user)
        request.session.cycle_key()  # also for one who was in already, as the same person
        request.session[SIGN_IN] = {
            "at": timezone.now().isoformat(),
            "address": whence.address,
            "device": whence.agent,
            "way": way,
        }
        note_sign_in(user, way, whence)
        if way in (SignInWay.TWO_FACTORS, SignInWay.PASSKEY):
            cancel_of(user)

    def send_notification_mail(
        self, template_prefix: str, user: AbstractBaseUser, *args: Any, **kwargs: Any
    ) -> None:
        """Tell the person what was changed about their account: a job writes and sends the letter."""
        about = template_prefix.rpartition("/")[2]
        if about in LETTERS:
            send_letter.defer(about=about, person_id=user.pk, **about_now(whence_of(self.request)))


def refused(request: HttpRequest, email: str, why: str) -> None:
    """Keep, by a job, that somebody who said to be the person with this address was not let in."""
    whence = whence_of(request)
    note_refusal.defer(email=email, why=why, address=whence.address, agent=whence.agent)


def too_many(minutes: int) -> ValidationError:
    """Tried too often, in words that say when it can be tried again."""
    words = ngettext(
        "Too many tries to sign in. Try again in %(num)s minute.",
        "Too many tries to sign in. Try again in %(num)s minutes.",
        minutes,
    )
    return ValidationError(words % {"num": minutes}, code=TOO_MANY)


def _way_of(records: list[dict[str, Any]]) -> str:
    """By what somebody has come in, as allauth has kept it step by step."""
    methods = {record.get("method") for record in records}
    if any(record.get("passwordless") for record in records):
        return SignInWay.PASSKEY
    if "socialaccount" in methods:
        return SignInWay.SINGLE_SIGN_ON
    if "mfa" in methods:
        return SignInWay.TWO_FACTORS
    return SignInWay.PASSWORD if "password" in methods else SignInWay.DEMO
