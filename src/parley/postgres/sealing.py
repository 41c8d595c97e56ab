"""Columns that hold secrets (passwords of other servers, keys of shops): sealed before they are stored.

Whoever has the database, or a backup of it, has not the secrets: the key is made from SECRET_KEY, which
stands in neither. With another SECRET_KEY they can't be opened any more, and have to be entered again.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import models

_PURPOSE = b"parley sealed column 1"


if TYPE_CHECKING:
    _Column = models.Field[dict[str, Any], dict[str, Any]]
else:
    _Column = models.Field  # which has no parameters when the code runs


class SealedField(_Column):
    """A dictionary kept sealed (Fernet: AES-CBC and HMAC); what can't be opened reads as empty."""

    def db_type(self, connection: Any) -> str:
        """Bytes."""
        return "bytea"

    def get_prep_value(self, value: Any) -> Any:
        """What is stored: the sealed JSON."""
        return _key().encrypt(json.dumps(value or {}).encode())

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> dict[str, Any]:
        """What was sealed, or nothing if it was sealed with another key."""
        if value is None:  # the row that was joined is not there
            return {}
        try:
            opened: dict[str, Any] = json.loads(_key().decrypt(bytes(value)))
        except InvalidToken:
            return {}
        return opened

    def to_python(self, value: Any) -> dict[str, Any]:
        """The dictionary itself."""
        return dict(value or {})


class Unreadable(ValueError):
    """It was sealed with another key, or not at all."""


def sealed(text: str) -> str:
    """A secret as it may be stored by tables that are not ours."""
    return _key().encrypt(text.encode()).decode("ascii")


def unsealed(stored: str) -> str:
    """The secret that was sealed. Raises Unreadable."""
    try:
        return _key().decrypt(stored.encode()).decode()
    except (InvalidToken, UnicodeEncodeError):
        raise Unreadable from None


def _key() -> Fernet:
    made = hashlib.blake2b(settings.SECRET_KEY.encode(), key=_PURPOSE, digest_size=32)
    return Fernet(base64.urlsafe_b64encode(made.digest()))
