"""The switch of one who takes no tickets for a while, and the hours one works."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction

from parley.desk.events import DutyChanged
from parley.desk.keeping_teams import may_keep_teams
from parley.desk.models import Duty
from parley.journal.moment import now
from parley.journal.recording import record
from parley.parties.access import members_of
from parley.parties.models import Membership
from parley.sla.models import Calendar


class CalendarUnknown(ValueError):
    """The calendar is none of those there are."""


def is_away(reader: Membership) -> bool:
    """Whether `reader` takes no tickets at the moment."""
    return Duty.objects.filter(membership=reader, away_since__isnull=False).exists()


def go_away(away: bool, *, by: Membership, whom: int | None = None) -> None:
    """Take no more tickets in turn, or again. `whom`, a membership, if it is not oneself.

    Raises PermissionDenied, and Membership.DoesNotExist when there is none such at the operator.
    """
    member = _one_of_us(by, whom)
    with transaction.atomic():
        duty = _duty_of(member)
        if (duty.away_since is not None) == away:
            return
        duty.away_since = now() if away else None
        duty.save(update_fields=["away_since"])
        record(DutyChanged(membership=member.pk, fields={"away": (not away, away)}), by=by)


def set_hours(whom: int, calendar_id: int | None, *, by: Membership) -> None:
    """Let somebody's working hours be those of a calendar, or (None) those of their team.

    Raises PermissionDenied, Membership.DoesNotExist or CalendarUnknown.
    """
    if not may_keep_teams(by):
        raise PermissionDenied
    if calendar_id is not None and not Calendar.objects.filter(pk=calendar_id).exists():
        raise CalendarUnknown(calendar_id)
    member = _one_of_us(by, whom)
    with transaction.atomic():
        duty = _duty_of(member)
        if duty.calendar_id == calendar_id:
            return
        was, duty.calendar_id = duty.calendar_id, calendar_id
        duty.save(update_fields=["calendar"])
        changed = {"calendar": (was, calendar_id)}
        record(DutyChanged(membership=member.pk, fields=changed), by=by)


def _one_of_us(by: Membership, whom: int | None) -> Membership:
    if not by.is_operator or (whom not in (None, by.pk) and not may_keep_teams(by)):
        raise PermissionDenied
    return members_of(by.party_id).get(pk=by.pk if whom is None else whom)


def _duty_of(member: Membership) -> Duty:
    Duty.objects.get_or_create(membership=member)
    return Duty.objects.select_for_update().get(membership=member)
