"""Whom a host site vouches for: the signed tokens by which it says who is signed in there.

A token is a JWT (RFC 7519) signed with HS256 by the site's secret. It lives ten minutes at most, and
is for one site alone (`aud` is the site's public key).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from parley.conversations.typed import typed_line
from parley.journal.moment import now
from parley.messenger.keeping_sites import secrets_of
from parley.messenger.models import Site

LONGEST_LIFE = timedelta(minutes=10)
CLOCKS_DIFFER = timedelta(seconds=60)
LONGEST_TOKEN = 4_000
LONGEST_SUBJECT = 200
LONGEST_NAME = 200
LONGEST_EMAIL = 254


class TokenRefused(ValueError):
    """The token proves nothing: forged, too old, made to live too long, or for another site."""


class TokenTooOld(TokenRefused):
    """The token was right once. `vouched` is what it said: it lets nobody in, and puts nobody out."""

    def __init__(self, vouched: Vouched) -> None:
        super().__init__("it is too old")
        self.vouched = vouched


@dataclass(frozen=True)
class Vouched:
    """What a site says of somebody who is signed in there, and when it said so."""

    subject: str
    name: str
    email: str
    email_verified: bool
    signed_at: datetime


def vouched_by(site: Site, token: str) -> Vouched:
    """What the site's token says. Raises TokenRefused; TokenTooOld for one that was right once."""
    claims = _claims(site, token)
    signed_at, ends_at = _moment(claims, "iat"), _moment(claims, "exp")
    if ends_at - signed_at > LONGEST_LIFE:
        raise TokenRefused("it lives longer than ten minutes")
    if signed_at > now() + CLOCKS_DIFFER:
        raise TokenRefused("it was signed in the future")
    subject = typed_line(_text(claims, "sub"))
    if not subject or len(subject) > LONGEST_SUBJECT:
        raise TokenRefused("it names nobody, or at too great length")
    vouched = Vouched(
        subject=subject,
        name=typed_line(_text(claims, "name"))[:LONGEST_NAME],
        email=typed_line(_text(claims, "email")).lower()[:LONGEST_EMAIL],
        email_verified=claims.get("email_verified") is True,
        signed_at=signed_at,
    )
    if ends_at + CLOCKS_DIFFER < now():
        raise TokenTooOld(vouched)
    return vouched


def _claims(site: Site, token: str) -> dict[str, Any]:
    if len(token) > LONGEST_TOKEN:
        raise TokenRefused("it is too long")
    for secret in secrets_of(site):
        try:
            # Time is looked at above, by our own clock.
            claims: dict[str, Any] = jwt.decode(
                token,
                secret,
                algorithms=["HS256"],
                audience=site.key,
                options={
                    "require": ["sub", "iat", "exp", "aud"],
                    "verify_exp": False,
                    "verify_iat": False,
                },
            )
        except jwt.InvalidSignatureError:
            continue
        except (jwt.PyJWTError, ValueError) as trouble:
            raise TokenRefused(str(trouble)) from None
        return claims
    raise TokenRefused("it was not signed by this site")


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name, "")
    return value if isinstance(value, str) else ""


def _moment(claims: dict[str, Any], name: str) -> datetime:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TokenRefused(f"{name} is no moment")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError):
        raise TokenRefused(f"{name} is no moment") from None
