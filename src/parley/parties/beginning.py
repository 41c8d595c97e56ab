"""What only whoever runs the server does: naming the first administrator, letting in the last.

There is no `by`: whoever has the server's command line and its secret could write into the database too.
"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from parley.journal.moment import now
from parley.journal.recording import record
from parley.parties.events import FirstAdministratorInvited, PartyFounded
from parley.parties.inviting import VALID_FOR, new_link
from parley.parties.joining import found
from parley.parties.models import NO_MAIL, Invitation, Party, PartyKind, Person, Role
from parley.parties.second_factors import has_second_factor, take_off
from parley.postgres.waiting import one_at_a_time


class CannotBegin(ValueError):
    """The address is none that mail goes to."""


class HasNoSecondFactor(ValueError):
    """There is nothing to take off."""


@transaction.atomic
def begin(name: str, email: str, language: str = "en") -> tuple[Invitation, str]:
    """Make the operator, called `name` (unless there is one), and invite `email` as its administrator.

    Gives the invitation and the secret of its link, which stands nowhere else; no mail is sent, since
    none may be set up yet. Doing it again makes another link, and the one before works no longer.

    Raises CannotBegin.
    """
    one_at_a_time("beginning")
    operator = _operator(name)
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise CannotBegin(email) from None
    if email.endswith(NO_MAIL):
        raise CannotBegin(email)
    invitation = _invitation(operator, email, language, now())
    record(FirstAdministratorInvited(party=operator.pk, invitation=invitation.pk), by=None)
    made = new_link(invitation.pk)
    assert made is not None
    return made


@transaction.atomic
def let_in_without_second_factor(email: str) -> Person:
    """Take all second factors off somebody who has lost them and whom nobody can approve.

    Their sessions end; the password alone opens the account then.

    Raises Person.DoesNotExist or HasNoSecondFactor.
    """
    person = Person.objects.select_for_update().get(email=email.strip().lower())
    if not has_second_factor(person):
        raise HasNoSecondFactor
    take_off(person, by=None)
    return person


def _operator(name: str) -> Party:
    there = Party.objects.filter(kind=PartyKind.OPERATOR).first()
    if there is not None:
        return there
    operator = found(PartyKind.OPERATOR, " ".join(name.split()))
    record(PartyFounded(party=operator.pk, kind=operator.kind), by=None)
    return operator


def _invitation(operator: Party, email: str, language: str, moment: datetime) -> Invitation:
    there = Invitation.objects.filter(
        party=operator, email=email, accepted_at=None, revoked_at=None
    ).first()
    invitation = there or Invitation(party=operator, email=email, language=language)
    invitation.role = Role.ADMIN
    invitation.asked_at, invitation.ends_at = moment, moment + VALID_FOR
    invitation.save()
    return invitation
