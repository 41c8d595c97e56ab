"""How the operator is reached, and what it warns everybody of: both are settled on a page."""

from __future__ import annotations

from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import translation

from parley.parties.settling import Settled, settled

MAX_NOTICE = 4_000
"""Characters of a safety notice in one language."""


def _is_address(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        validate_email(value or "nobody@example.com")
    except ValidationError:
        return False
    return True


def _is_notice(value: Any) -> bool:
    if not isinstance(value, dict) or not value.keys() <= dict(settings.LANGUAGES).keys():
        return False
    return all(isinstance(words, str) and len(words) <= MAX_NOTICE for words in value.values())


SUPPORT_ADDRESS: Settled[str] = Settled("contact.support_address", "", _is_address)
"""The e-mail address that people write to for support; empty is that of the mails' sender."""

SAFETY_NOTICE: Settled[dict[str, str]] = Settled("contact.safety_notice", {}, _is_notice)
"""What the operator warns of in its own words (T13), as plain text by language; empty says nothing
beside what is said everywhere."""


def support_address() -> str:
    """The address to write to for support. One query."""
    return settled(SUPPORT_ADDRESS) or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def safety_notice() -> str:
    """The operator's own safety notice in the active language, or in one it was written in; or empty.

    One query.
    """
    notice = settled(SAFETY_NOTICE)
    language = (translation.get_language() or "").partition("-")[0]
    written = (words for words in notice.values() if words.strip())
    return notice.get(language, "").strip() or next(written, "").strip()
