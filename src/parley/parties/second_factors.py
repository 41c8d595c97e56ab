"""What a person shows besides a password: an authenticator app, passkeys, recovery codes.

The rows are allauth's (`allauth.mfa`), which makes and checks them; what they mean for the house
stands here. Recovery codes alone are no second factor: they stand in for one.
"""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import QuerySet

from parley.journal.events import Actor
from parley.journal.recording import record
from parley.parties.access import SECOND_FACTORS
from parley.parties.events import (
    RecoveryCodesMade,
    SecondFactorAdded,
    SecondFactorRemoved,
    SecondFactorRequirementChanged,
)
from parley.parties.models import Membership, Party, Person, Role
from parley.parties.signing_in import end_sessions

_REQUIRE_IT = frozenset({Role.OWNER, Role.ADMIN})


class NotTheirsToRequire(PermissionError):
    """What a company asks of its people its owners say, and the operator's administrators."""


class HasNoneThemselves(ValueError):
    """Whoever requires a second factor, or lifts the demand, has one themselves."""


def factors_of(person: Person) -> QuerySet[Authenticator]:
    """A person's second factors and recovery codes, the oldest first. For themselves."""
    theirs: QuerySet[Authenticator] = Authenticator.objects.filter(user=person)
    return theirs.order_by("created_at", "pk")


def has_second_factor(person: Person) -> bool:
    """Whether a password alone does not let them in."""
    return factors_of(person).filter(type__in=SECOND_FACTORS).exists()


@transaction.atomic
def factor_added(factor: str, *, by: Membership, session: str | None) -> None:
    """Whoever came in without it has to come in anew: other sessions than `session` (its key) end."""
    record(SecondFactorAdded(person=by.person_id, factor=factor), by=by)
    end_sessions(by.person, "second_factor", by=by, but=session)


@transaction.atomic
def factor_removed(factor: str, *, by: Membership, session: str | None) -> None:
    """As when one is added."""
    record(SecondFactorRemoved(person=by.person_id, factor=factor), by=by)
    end_sessions(by.person, "second_factor", by=by, but=session)


@transaction.atomic
def codes_made(*, by: Membership) -> None:
    """New recovery codes; those from before work no longer."""
    record(RecoveryCodesMade(person=by.person_id), by=by)


@transaction.atomic
def take_off(person: Person, *, by: Actor | None) -> None:
    """Take all second factors and recovery codes off a person, and end all their sessions."""
    for one in factors_of(person).select_for_update():
        if one.type in SECOND_FACTORS:
            record(SecondFactorRemoved(person=person.pk, factor=one.type), by=by)
        one.delete()
    end_sessions(person, "second_factor", by=by)


def may_require(reader: Membership) -> bool:
    """Whether `reader` says what their own company asks of its people."""
    return reader.role in _REQUIRE_IT


@transaction.atomic
def require_second_factor(required: bool, *, by: Membership) -> None:
    """From now on all who act for the company of `by` need a second factor, or no more.

    Those who have none can do nothing but set one up; API tokens, which are made by people who have
    one, go on. Raises NotTheirsToRequire or HasNoneThemselves.
    """
    if not may_require(by):
        raise NotTheirsToRequire
    party = Party.objects.select_for_update().get(pk=by.party_id)
    if party.requires_second_factor == required:
        return
    # To lift it as well: else a stolen password of one in charge would undo it for everybody.
    if not has_second_factor(by.person):
        raise HasNoneThemselves
    was, party.requires_second_factor = party.requires_second_factor, required
    party.save(update_fields=["requires_second_factor"])
    record(SecondFactorRequirementChanged(party=party.pk, was=was, now=required), by=by)
