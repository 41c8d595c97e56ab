from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.parties.access import acting_membership
from parley.web.errors import minutes_to_wait

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
            raise _too_many(minutes_to_wait(request)) from None

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


def _too_many(minutes: int) -> ValidationError:
    words = ngettext(
        "Too many tries to sign in. Try again in %(num)s minute.",
        "Too many tries to sign in. Try again in %(num)s minutes.",
        minutes,
    )
    return ValidationError(words % {"num": minutes}, code=TOO_MANY)
