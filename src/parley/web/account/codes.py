"""Codes of the second step, from an app or a list: each counts once, and can't be tried at will."""

from __future__ import annotations

from typing import Any

from allauth.core import context, ratelimit
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from parley.web.account.adapter import TOO_MANY, refused, too_many
from parley.web.account.letters import about_now
from parley.web.account.whence import whence_of
from parley.web.errors import minutes_to_wait
from parley.web.jobs import send_letter

SECONDS_A_CODE_IS_GOOD = 120
"""Longer than any code of an app is taken: its half minute, and one on either side."""
TELL_AFTER = 10
"""After so many wrong codes in a day the person is told that somebody knows the password."""


class _OnceOnly:
    """What the two forms have in common; `user` and `authenticator` are allauth's."""

    user: Any
    authenticator: Any

    def clean_code(self) -> str:
        """The code, if it is right and was not used before. Raises ValidationError."""
        key = f"second-factor-{self.user.pk}"
        if not ratelimit.consume(context.request, action="second_factor", key=key):
            raise ValidationError(
                _("Too many wrong codes today. Try again tomorrow, or use a passkey."),
                code=TOO_MANY,
            )
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except ValidationError as refusal:
            if refusal.code == TOO_MANY:
                raise too_many(minutes_to_wait(context.request)) from None
            self._note_wrong_one()
            raise
        if self.authenticator.type == Authenticator.Type.TOTP and not self._is_first_use(code):
            raise get_adapter().validation_error("incorrect_code")
        ratelimit.clear(context.request, action="second_factor", key=key)
        return code

    def _is_first_use(self, code: str) -> bool:
        # allauth remembers a code for one period only, and takes it for three.
        used = f"code-used:{self.user.pk}:{''.join(code.split())}"
        return bool(cache.add(used, "yes", timeout=SECONDS_A_CODE_IS_GOOD))

    def _note_wrong_one(self) -> None:
        refused(context.request, self.user.email, "second_factor")
        tried = f"codes-tried:{self.user.pk}"
        cache.add(tried, 0, timeout=24 * 3600)
        if cache.incr(tried) == TELL_AFTER:
            about = about_now(whence_of(context.request))
            send_letter.defer(about="codes_tried", person_id=self.user.pk, **about)


class SecondStepForm(_OnceOnly, AuthenticateForm):  # type: ignore[misc]
    """The code of somebody who is signing in."""


class AgainForm(_OnceOnly, ReauthenticateForm):  # type: ignore[misc]
    """The code of somebody who is in, before something that matters."""
