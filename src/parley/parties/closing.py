"""The operator's administrators closing an account or a company, and opening it again.

What is closed keeps all it wrote; nobody acts with it any more, from this moment on.
"""

from __future__ import annotations

from django.db import transaction

from parley.journal.moment import now
from parley.journal.recording import record
from parley.parties.access import IN_FORCE
from parley.parties.events import PartyClosed, PartyReopened, PersonClosed, PersonReopened
from parley.parties.keeping_people import (
    NotTheirPeople,
    end_keys_of,
    end_sessions_of_those_gone,
    ensure_somebody_is_left,
    lock_parties_of,
    lock_party,
)
from parley.parties.models import COMPANIES, Invitation, Membership, Party, Person, Role


class NotOneself(ValueError):
    """Nobody closes the account they act with."""


class NotTheOperator(ValueError):
    """The operator is not closed: nobody could open it again."""


@transaction.atomic
def close_person(person_id: int, *, by: Membership) -> Person:
    """Close an account, whatever parties it acts for. API tokens and sent invitations end for good.

    Raises NotTheirPeople, NotOneself, or LastOne when it alone keeps one of its companies.
    """
    person = _person(person_id, by)
    if person.pk == by.person_id:
        raise NotOneself
    held = lock_parties_of(person)
    if not person.is_active:
        return person
    for membership in held:
        if membership.party.closed_at is None:
            ensure_somebody_is_left(membership)
        end_keys_of(membership)
    person.is_active = False
    person.save(update_fields=["is_active"])
    end_sessions_of_those_gone([person.pk])
    record(PersonClosed(person=person.pk), by=by)
    return person


@transaction.atomic
def reopen_person(person_id: int, *, by: Membership) -> Person:
    """Let the account be signed in with again. Raises NotTheirPeople."""
    person = _person(person_id, by)
    if person.is_active:
        return person
    person.is_active = True
    person.save(update_fields=["is_active"])
    record(PersonReopened(person=person.pk), by=by)
    return person


@transaction.atomic
def close_party(party_id: int, *, by: Membership) -> Party:
    """Close a company: nobody acts for it or opens tickets to it; its invitations end.

    Raises NotTheirPeople (also for its own owners) or NotTheOperator.
    """
    party = _party(party_id, by)
    if party.is_operator:
        raise NotTheOperator
    if party.closed_at is not None:
        return party
    people = Membership.objects.filter(party=party, **IN_FORCE).order_by("person_id")
    leaving = tuple(people.values_list("person_id", flat=True))
    for membership in people:
        end_keys_of(membership)
    Invitation.objects.filter(party=party, accepted_at=None, revoked_at=None).update(
        revoked_at=now(), digest=""
    )
    party.closed_at = now()
    party.save(update_fields=["closed_at"])
    end_sessions_of_those_gone(leaving)
    record(PartyClosed(party=party.pk, people=leaving), by=by)
    return party


@transaction.atomic
def reopen_party(party_id: int, *, by: Membership) -> Party:
    """Let its people act for it again. Raises NotTheirPeople."""
    party = _party(party_id, by)
    if party.closed_at is None:
        return party
    party.closed_at = None
    party.save(update_fields=["closed_at"])
    record(PartyReopened(party=party.pk), by=by)
    return party


def _person(person_id: int, by: Membership) -> Person:
    if by.role != Role.ADMIN:
        raise NotTheirPeople
    # Not locked: whoever changes a person's memberships holds their parties, and so do we.
    person = Person.objects.filter(pk=person_id, memberships__party__kind__in=COMPANIES).first()
    if person is None:
        raise NotTheirPeople
    return person


def _party(party_id: int, by: Membership) -> Party:
    if by.role != Role.ADMIN:
        raise NotTheirPeople
    return lock_party(party_id, by=by)
