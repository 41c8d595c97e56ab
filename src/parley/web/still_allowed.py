"""Whether those who have a stream open may still have it: asked for all of them at once.

That they have it open says that they are there, too.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from dataclasses import dataclass

from django.db import DatabaseError, connection

from parley.journal.moment import now
from parley.messenger.presence import note_there
from parley.messenger.visiting import keys_in_force
from parley.parties.access import memberships_in_force
from parley.parties.models import Session
from parley.web.hub import Hub

SECONDS_BETWEEN_LOOKS = 60.0
log = logging.getLogger("parley.live")


@dataclass(frozen=True, slots=True)
class Claim:
    """By what right a stream is open: a session, signed in with a password, and a membership.

    The ticket needs no second look, for a party that has a side in it keeps it.
    """

    session: str
    signed: str
    membership: int
    person: int


@dataclass(frozen=True, slots=True)
class KeyClaim:
    """By what right a stream of the messenger is open: a key, of which the SHA-256 stands here.

    Of somebody who has said nothing yet nothing is kept (`is_kept`), and they hear of nothing.
    """

    digest: str
    person: int
    is_kept: bool


def still_allowed(claims: Collection[Claim | KeyClaim]) -> set[Claim | KeyClaim]:
    """Those of `claims` that still hold: nobody signed out, left, changed the password, or owes a factor."""
    by_session = [claim for claim in claims if isinstance(claim, Claim)]
    by_key = [claim for claim in claims if isinstance(claim, KeyClaim)]
    return {*_sessions_in_force(by_session), *_keys_in_force(by_key)}


def _keys_in_force(claims: Collection[KeyClaim]) -> set[KeyClaim]:
    if not claims:
        return set()
    held = keys_in_force({claim.digest for claim in claims if claim.is_kept})
    return {claim for claim in claims if not claim.is_kept or claim.digest in held}


def _sessions_in_force(claims: Collection[Claim]) -> set[Claim]:
    if not claims:
        return set()
    sessions = set(
        Session.objects.filter(
            session_key__in={claim.session for claim in claims}, expire_date__gt=now()
        ).values_list("session_key", flat=True)
    )
    signed = {
        membership.pk: membership.person.get_session_auth_hash()
        for membership in memberships_in_force({claim.membership for claim in claims})
        if not membership.owes_second_factor
    }
    return {
        claim
        for claim in claims
        if claim.session in sessions and signed.get(claim.membership) == claim.signed
    }


async def watch_over(hub: Hub) -> None:
    """End the streams of those who lost their right, once a minute, until cancelled."""
    while True:
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        hub.forget_old()
        looked_at = list(hub.streams)
        if not looked_at:
            continue
        try:
            allowed = await asyncio.to_thread(_look, {stream.claim for stream in looked_at})
        except DatabaseError as error:
            # Without the database nothing is told either; the next look is soon enough.
            log.warning("Could not look who is still signed in: %s", error)
            continue
        for stream in looked_at:
            if stream.claim not in allowed:
                stream.end()


def _look(claims: Collection[Claim | KeyClaim]) -> set[Claim | KeyClaim]:
    try:
        allowed = still_allowed(claims)
        note_there({claim.membership for claim in allowed if isinstance(claim, Claim)})
        return allowed
    finally:
        connection.close()
