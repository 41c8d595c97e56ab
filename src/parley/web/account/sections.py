"""What Settings → Security shows of second factors and of sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator

from parley.parties.models import Session
from parley.parties.second_factors import factors_of, may_require
from parley.parties.signing_in import device_in_words, handle_of, sessions_of
from parley.web.account.whence import passkeys_work
from parley.web.reader import SignedInRequest

CODES = 10
"""How many recovery codes there are at first; allauth's own number."""


@dataclass(frozen=True)
class Factor:
    """An authenticator app or a passkey, as its owner sees it."""

    key: int
    name: str
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class OpenSession:
    """Somewhere a person is signed in."""

    handle: str
    device: str
    address: str
    way: str
    began_at: datetime
    seen_at: datetime
    is_this: bool


def factors_section(request: SignedInRequest) -> dict[str, Any]:
    """`app`, `passkeys`, `codes_left` (None: there are none), `may_require` and `passkeys_work`."""
    by_kind: dict[str, list[Authenticator]] = {}
    for one in factors_of(request.reader.person):
        by_kind.setdefault(one.type, []).append(one)
    apps = [_factor(one) for one in by_kind.get(Authenticator.Type.TOTP, [])]
    return {
        "app": apps[0] if apps else None,
        "passkeys": [_factor(one) for one in by_kind.get(Authenticator.Type.WEBAUTHN, [])],
        "codes_left": _left(by_kind.get(Authenticator.Type.RECOVERY_CODES, [])),
        "may_require": may_require(request.reader),
        "passkeys_work": passkeys_work(request),
    }


def sessions_section(request: SignedInRequest) -> dict[str, Any]:
    """`sessions`: where the person is signed in, this browser first."""
    mine = request.session.session_key
    shown = [_session(one, mine) for one in sessions_of(request.reader.person)]
    return {"sessions": sorted(shown, key=lambda one: not one.is_this)}


def _factor(one: Authenticator) -> Factor:
    return Factor(one.pk, one.data.get("name", ""), one.created_at, one.last_used_at)


def _left(codes: list[Authenticator]) -> int | None:
    return CODES - int(codes[0].data["used_mask"]).bit_count() if codes else None


def _session(session: Session, mine: str | None) -> OpenSession:
    return OpenSession(
        handle=handle_of(session),
        device=device_in_words(session.device),
        address=session.address or "",
        way=session.get_way_display() if session.way else "",
        began_at=session.began_at,
        seen_at=session.seen_at,
        is_this=session.session_key == mine,
    )
