"""The way back for somebody who has lost a second factor.

It takes what one thief hardly has together: the password (to ask), the word of somebody who keeps the
company's people and knows their voice (to approve), time in which the person can cancel it, and the
mailbox and the password once more (to take it). Coming in with the second factor cancels it.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet

from parley.journal.events import Actor
from parley.journal.moment import now
from parley.journal.recording import record
from parley.parties.access import IN_FORCE
from parley.parties.events import WayBackApproved, WayBackAsked, WayBackEnded
from parley.parties.models import Membership, Person, Role, WayBack, WayBackEnd
from parley.parties.second_factors import has_second_factor, take_off
from parley.parties.settling import Settled, settled
from parley.parties.signing_in import Whence

HOURS_TO_WAIT = Settled(
    "security.way_back_hours", 24, lambda hours: type(hours) is int and 1 <= hours <= 168
)
"""How long it waits after it was approved, so that its person hears of it and can cancel it."""
LAPSES_AFTER = timedelta(days=14)
"""One that nobody has approved or taken by then is over."""


class NoWayBack(LookupError):
    """There is none, it is over, it is not open yet, or it is not for this reader."""


class NothingLost(ValueError):
    """The person has no second factor to lose."""


@transaction.atomic
def ask(person: Person, whence: Whence) -> tuple[WayBack, bool]:
    """Ask for a way back, having shown the password; gives it, and whether it is a new one.

    Raises NothingLost.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    if not has_second_factor(person):
        raise NothingLost
    there = WayBack.objects.filter(person=person, ended_at=None).first()
    if there is not None:
        return there, False
    made = WayBack.objects.create(
        person=person, address=whence.address or None, device=whence.agent
    )
    record(WayBackAsked(person=person.pk, way_back=made.pk), by=None)
    return made, True


def may_approve_any(reader: Membership) -> bool:
    """Whether `reader` keeps people at all."""
    return reader.role in (Role.OWNER, Role.ADMIN)


def ways_back_for(reader: Membership) -> QuerySet[WayBack]:
    """Those that wait for the word of `reader`, the oldest first.

    An owner's word is enough for those who act for no other company: what is opened is all that a
    person may do. An administrator's is enough for everybody. Nobody's is for themselves.
    """
    waiting = WayBack.objects.select_related("person").filter(ended_at=None, opens_at=None)
    others = waiting.exclude(person=reader.person_id).order_by("id")
    if reader.role == Role.ADMIN:
        return others
    if reader.role != Role.OWNER:
        return others.none()
    theirs = Membership.objects.filter(party=reader.party_id, **IN_FORCE)
    elsewhere = Membership.objects.filter(active=True).exclude(party=reader.party_id)
    return others.filter(person__in=theirs.values("person")).exclude(
        person__in=elsewhere.values("person")
    )


def approvers_of(way_back: WayBack) -> list[Membership]:
    """Whose word it waits for: the owners of the person's only company, and the administrators."""
    heads = Membership.objects.select_related("person").filter(
        role__in=(Role.OWNER, Role.ADMIN), **IN_FORCE
    )
    near = heads.filter(party__memberships__person=way_back.person_id)
    everybody = (near | heads.filter(role=Role.ADMIN)).distinct()
    return [one for one in everybody if ways_back_for(one).filter(pk=way_back.pk).exists()]


@transaction.atomic
def approve(key: int, *, by: Membership) -> WayBack:
    """Say that it is really them; it opens when its time has passed. Raises NoWayBack."""
    found = _locked(ways_back_for(by).filter(pk=key))
    found.approved_by = by
    found.opens_at = now() + timedelta(hours=settled(HOURS_TO_WAIT))
    found.save(update_fields=["approved_by", "opens_at"])
    opens_at = found.opens_at.isoformat()
    event = WayBackApproved(person=found.person_id, way_back=found.pk, opens_at=opens_at)
    record(event, by=by)
    return found


@transaction.atomic
def refuse(key: int, *, by: Membership) -> None:
    """Say that it is not them. Raises NoWayBack."""
    _end(_locked(ways_back_for(by).filter(pk=key)), WayBackEnd.REFUSED, by)


@transaction.atomic
def cancel(key: int) -> None:
    """Cancel it by the link that was sent to its person. Raises NoWayBack."""
    _end(_locked(_open().filter(pk=key)), WayBackEnd.CANCELLED, None)


@transaction.atomic
def cancel_of(person: Person) -> None:
    """The second factor was used: nothing is lost."""
    for one in _open().select_for_update().filter(person=person):
        _end(one, WayBackEnd.CANCELLED, None)


def open_way_back(key: int) -> WayBack:
    """The one whose link this is, if it can be taken now. Raises NoWayBack."""
    found = _open().select_related("person").filter(pk=key, opens_at__lte=now()).first()
    if found is None or found.person is None or not found.person.is_active:
        raise NoWayBack
    return found


@transaction.atomic
def take(key: int) -> Person:
    """Take all second factors off; all sessions end. For who has shown the link and the password.

    Raises NoWayBack.
    """
    found = _locked(_open().filter(pk=key, opens_at__lte=now()))
    _end(found, WayBackEnd.TAKEN, None)
    take_off(found.person, by=None)
    return found.person


@transaction.atomic
def claim_opened() -> list[int]:
    """Those whose time has come since the last look; each is given once, to be told of."""
    due = WayBack.objects.filter(ended_at=None, told_at=None, opens_at__lte=now())
    claimed = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True))
    WayBack.objects.filter(pk__in=claimed).update(told_at=now())
    return claimed


@transaction.atomic
def let_lapse() -> int:
    """End those that nobody has approved or taken in all the time; gives how many."""
    old = _open().select_for_update(skip_locked=True).filter(asked_at__lt=now() - LAPSES_AFTER)
    lapsed = list(old)
    for one in lapsed:
        _end(one, WayBackEnd.LAPSED, None)
    return len(lapsed)


def way_back(key: int) -> WayBack:
    """One, open or ended, with its person, for whoever writes of it. Raises WayBack.DoesNotExist."""
    return WayBack.objects.select_related("person").get(pk=key)


def _open() -> QuerySet[WayBack]:
    return WayBack.objects.filter(ended_at=None)


def _locked(found: QuerySet[WayBack]) -> WayBack:
    one = found.select_related(None).select_for_update(of=("self",)).first()
    if one is None:
        raise NoWayBack
    return one


def _end(one: WayBack, end: str, by: Actor | None) -> None:
    one.ended_at, one.end = now(), end
    one.save(update_fields=["ended_at", "end"])
    record(WayBackEnded(person=one.person_id, way_back=one.pk, end=end), by=by)
