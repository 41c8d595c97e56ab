from __future__ import annotations

import base64
import secrets
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parley.parties.access import operator
from parley.parties.models import Party
from parley.postgres.sealing import Unreadable, sealed, unsealed


class FactorsAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors as the house has them: secrets sealed, words our own."""

    error_messages = {  # noqa: RUF012 - allauth's own name for it
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("That was not right. Try the next code, or another way."),
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret before it is stored."""
        return sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open it; one sealed with another key becomes a secret that nobody has, and fits nothing."""
        try:
            return unsealed(encrypted_text)
        except Unreadable:
            return base64.b32encode(secrets.token_bytes(20)).decode("ascii")

    def get_totp_issuer(self) -> str:
        """What an app shows beside the code: the operator's name."""
        return self._get_site_name()

    def _get_site_name(self) -> str:
        try:
            return operator().name
        except Party.DoesNotExist:
            return "Parley"

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Any) -> str:  # noqa: A002
        """What a passkey is called when its owner calls it nothing."""
        return _("Passkey")
