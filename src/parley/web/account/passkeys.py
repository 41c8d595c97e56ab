"""The forms of passkeys: names have an end, and junk in place of a passkey is no more than wrong."""

from __future__ import annotations

import struct
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import pgettext_lazy

LONGEST_NAME = 60
NO_PASSKEY = (
    *(AttributeError, KeyError, IndexError, TypeError, ValueError),
    *(struct.error, InvalidSignature, UnsupportedAlgorithm),
)
"""What reading a made-up one raises below, in fido2 and cryptography, where allauth expects none."""


class NewPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A passkey that the browser has just made."""

    name = forms.CharField(
        label=pgettext_lazy("of a thing", "Name"), required=False, max_length=LONGEST_NAME
    )

    def clean(self) -> dict[str, Any]:
        """The passkey, if it is one and answers what it was asked. Raises ValidationError."""
        try:
            cleaned: dict[str, Any] = super().clean()
        except ValidationError:
            raise
        except NO_PASSKEY:
            raise get_adapter().validation_error("incorrect_code") from None
        return cleaned


class PasskeyNameForm(EditWebAuthnForm):  # type: ignore[misc]
    """Another name for one."""

    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=LONGEST_NAME)


class _Checked:
    """What the forms that are answered with a passkey have in common."""

    def clean_credential(self) -> Any:
        """The passkey's row, if it is the person's and has signed. Raises ValidationError."""
        try:
            return super().clean_credential()  # type: ignore[misc]
        except ValidationError:
            raise
        except NO_PASSKEY:
            raise get_adapter().validation_error("incorrect_code") from None


class SecondStepPasskeyForm(_Checked, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """After the password."""


class SignInPasskeyForm(_Checked, LoginWebAuthnForm):  # type: ignore[misc]
    """In place of it."""


class AgainPasskeyForm(_Checked, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """Of somebody who is in, before something that matters."""
