"""The support PIN: six digits by which a person shows, on the phone or in a mail, that they are who they say.

Sealed for its owner, a keyed digest for whoever checks it; it runs out. Wrong ones are counted per
person and per agent, and each try stands in the journal, without its digits.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.crypto import constant_time_compare, salted_hmac

from parley.journal.moment import now
from parley.journal.recording import record
from parley.parties.events import PinMade, PinRefused, PinVerified
from parley.parties.models import (
    Membership,
    PartyKind,
    Person,
    PinOutcome,
    PinUse,
    PinWay,
    Role,
    SupportPin,
)
from parley.parties.settling import Settled, settled
from parley.postgres.waiting import one_at_a_time
from parley.recognition.pin import DIGITS, Candidate, candidates, masked

MOST_DAYS = 365
DAYS = Settled("pin.days", 30, lambda value: type(value) is int and 1 <= value <= MOST_DAYS)
"""For how many days a PIN holds."""
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MOST_WRONG_FOR_PERSON = 10
"""Wrong PINs in a day that agents may type for one person: a guesser has one in a hundred thousand."""
MOST_WRONG_OF_AGENT = 20
"""Wrong PINs in an hour that one agent may type."""
MOST_WRONG_IN_MESSAGES = 30
"""Messages of a person in a day that may quote a wrong one. They are counted apart, so that nobody who
sends mail in a person's name keeps them from being verified on the phone."""


class TooManyTries(Exception):
    """Too many wrong PINs; `minutes` says when the next may be tried, `of_agent` whose they were."""

    def __init__(self, wait: timedelta, *, of_agent: bool) -> None:
        super().__init__(f"again in {wait}")
        self.minutes = max(1, ceil(wait.total_seconds() / 60))
        self.of_agent = of_agent


@dataclass(frozen=True)
class Pin:
    """A person's own PIN, and until when it holds."""

    digits: str
    made_at: datetime
    ends_at: datetime


def pin_of(reader: Membership) -> Pin | None:
    """The reader's own PIN, if they have one that holds."""
    row = SupportPin.objects.filter(person_id=reader.person_id).first()
    pin = _opened(row) if row else None
    return pin if pin and pin.ends_at > now() else None


def pin_to_show(*, by: Membership) -> Pin:
    """One's own PIN; a new one where there is none, or where it has run out."""
    with transaction.atomic():
        one_at_a_time("pin", by.person_id)
        return pin_of(by) or _make(by, replaced=False)


def replace_pin(*, by: Membership) -> Pin:
    """Another PIN of one's own. The one there was holds no longer."""
    with transaction.atomic():
        one_at_a_time("pin", by.person_id)
        return _make(by, replaced=True)


def try_pin(
    person_id: int, typed: str, *, by: Membership, way: str, conversation: int | None = None
) -> PinOutcome:
    """Whether `typed` is the person's PIN, as an agent was told it; spaces and dashes don't matter.

    Each try is kept, so that it must not be rolled back: this may raise TooManyTries, and nothing
    else. Right and wrong take the same time, also where the person has no PIN.
    """
    with transaction.atomic():
        one_at_a_time("pins of agent", by.person_id)
        one_at_a_time("pin", person_id)
        _keep_limit(Q(agent_id=by.person_id), MOST_WRONG_OF_AGENT, HOUR, of_agent=True)
        _keep_limit(
            Q(person_id=person_id, agent__isnull=False), MOST_WRONG_FOR_PERSON, DAY, of_agent=False
        )
        row = SupportPin.objects.filter(person_id=person_id).first()
        outcome = _outcome(row, person_id, re.sub(r"[\s\-.]", "", typed))
        _keep_use(outcome, person_id, way, by=by, agent=by.person_id, conversation=conversation)
    return outcome


def take_pins(text: str, *, by: Membership, conversation: int | None = None) -> str:
    """`text` as it may be kept: the writer's PIN in it is verified, and masked.

    The operator's people quote other people's: whatever they call a PIN is masked unread, so that
    nobody learns from the mask whether it was right. And so is all that may be one after too many
    wrong ones. Must run inside the caller's transaction.
    """
    quoted = candidates(text)
    if not quoted:
        return text
    if by.is_operator:
        return masked(text, (one for one in quoted if one.named))
    one_at_a_time("pin", by.person_id)
    row = SupportPin.objects.filter(person_id=by.person_id).first()
    if row is None:
        return text
    of_messages = Q(person_id=by.person_id, way=PinWay.MESSAGE)
    if _wait(of_messages, MOST_WRONG_IN_MESSAGES, DAY):
        return masked(text, quoted)
    right = _those_of(row, quoted)
    outcome = _outcome(row, by.person_id, right[0].digits if right else "")
    _keep_use(outcome, by.person_id, PinWay.MESSAGE, by=by, conversation=conversation)
    return masked(text, right)


def hide_pins(text: str, *, by: Membership) -> str:
    """`text` as it may be kept for its writer alone (a draft): masked, and nothing is verified."""
    quoted = candidates(text)
    if not quoted:
        return text
    if by.is_operator:
        return masked(text, (one for one in quoted if one.named))
    row = SupportPin.objects.filter(person_id=by.person_id).first()
    return masked(text, _those_of(row, quoted)) if row else text


def hide_all_pins(text: str) -> str:
    """`text` with all masked that may be a PIN, whosever it is: a title made of something said."""
    return masked(text, candidates(text))


def person_to_verify(person_id: int) -> Person | None:
    """Somebody who acts for a seller or a supplier; anybody else quotes no PIN to the operator."""
    acting = Membership.objects.filter(
        person=person_id, active=True, person__is_active=True, role__in=(Role.MEMBER, Role.OWNER)
    ).exclude(party__kind=PartyKind.VISITOR)
    member = acting.select_related("person").first()
    return member.person if member else None


def last_verified(person_id: int) -> PinUse | None:
    """The last time that the person's PIN was right, with the agent who was told it."""
    right = PinUse.objects.filter(person=person_id, outcome=PinOutcome.RIGHT)
    return right.select_related("agent").order_by("-at").first()


def _make(by: Membership, *, replaced: bool) -> Pin:
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    row, _made = SupportPin.objects.update_or_create(
        person_id=by.person_id,
        defaults={
            "sealed": {"pin": digits},
            "digest": _digest(by.person_id, digits),
            "made_at": now(),
        },
    )
    record(PinMade(person=by.person_id, replaced=replaced), by=by)
    return Pin(digits, row.made_at, _end(row))


def _opened(row: SupportPin) -> Pin | None:
    """What is sealed; nothing, if it was with another SECRET_KEY."""
    digits = row.sealed.get("pin", "")
    return Pin(digits, row.made_at, _end(row)) if digits else None


def _end(row: SupportPin) -> datetime:
    return row.made_at + timedelta(days=settled(DAYS))


def _outcome(row: SupportPin | None, person_id: int, digits: str) -> PinOutcome:
    same = constant_time_compare(row.digest if row else "", _digest(person_id, digits))
    if row is None or not same:
        return PinOutcome.WRONG
    return PinOutcome.RIGHT if _end(row) > now() else PinOutcome.EXPIRED


def _those_of(row: SupportPin, quoted: Iterable[Candidate]) -> list[Candidate]:
    """Those that are the person's PIN; all are looked at, whichever it is."""
    return [
        one
        for one in quoted
        if constant_time_compare(row.digest, _digest(row.person_id, one.digits))
    ]


def _digest(person_id: int, digits: str) -> str:
    return salted_hmac(
        "parley.parties.pinning", f"{person_id}:{digits}", algorithm="sha256"
    ).hexdigest()


def _keep_use(
    outcome: PinOutcome,
    person_id: int,
    way: str,
    *,
    by: Membership,
    agent: int | None = None,
    conversation: int | None = None,
) -> None:
    PinUse.objects.create(
        person_id=person_id,
        agent_id=agent,
        way=way,
        outcome=outcome,
        conversation=conversation,
        at=now(),
    )
    told: dict[str, Any] = {"person": person_id, "way": str(way), "conversation": conversation}
    if outcome == PinOutcome.RIGHT:
        record(PinVerified(**told), by=by)
    else:
        record(PinRefused(**told, why=outcome.value), by=by)


def _keep_limit(whose: Q, most: int, window: timedelta, *, of_agent: bool) -> None:
    wait = _wait(whose, most, window)
    if wait:
        raise TooManyTries(wait, of_agent=of_agent)


def _wait(whose: Q, most: int, window: timedelta) -> timedelta:
    """How long until fewer than `most` that were not right lie within the `window`; none: now."""
    moment = now()
    refused = PinUse.objects.filter(whose, ~Q(outcome=PinOutcome.RIGHT), at__gt=moment - window)
    times = list(refused.order_by("-at").values_list("at", flat=True)[:most])
    return times[-1] + window - moment if len(times) == most else timedelta()
