"""Accepting an invitation: with a new account, or with the one that its mailbox has.

Whoever holds the link has read the mail, so the mailbox is theirs. The link makes no session for an
account that exists already: its owner signs in as always, with a second factor if they have one.
"""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from parley.journal.moment import now
from parley.journal.recording import record
from parley.parties.events import PersonJoined
from parley.parties.inviting import InvitationGone
from parley.parties.joining import join
from parley.parties.models import Invitation, Membership, Party, Person
from parley.postgres.waiting import one_at_a_time

LONGEST_NAME = 200
LONGEST_PASSWORD = 1000
"""Characters that are hashed at most: hashing costs time."""


@dataclass(frozen=True, kw_only=True)
class NewPerson:
    """As typed by somebody new, and as their browser has it."""

    name: str
    password: str
    language: str = "en"
    time_zone: str = "UTC"


class PersonRefused(ValueError):
    """The account can't be made so; `problems` says why, field by field, for the reader."""

    def __init__(self, problems: dict[str, list[str]]) -> None:
        super().__init__(", ".join(problems))
        self.problems = problems


class AccountClosed(PermissionError):
    """The mailbox has an account that the operator has closed."""


class HasAccount(ValueError):
    """The mailbox has an account: no second one is made, and no password is set for it."""


def invitation_by(digest: str) -> Invitation:
    """The open invitation with this link, with its party and sender. Raises InvitationGone."""
    found = _open().select_related("party", "by__person").filter(digest=digest).first()
    if not digest or found is None or found.has_ended:
        raise InvitationGone
    return found


def account_of(invitation: Invitation) -> Person | None:
    """The account that the mailbox of an invitation has already. Raises AccountClosed."""
    person = Person.objects.filter(email=invitation.email).first()
    if person is not None and not person.is_active:
        raise AccountClosed
    return person


@transaction.atomic
def accept_as_new(digest: str, new: NewPerson) -> Membership:
    """Make the account and let it act for the party.

    Raises InvitationGone, HasAccount, AccountClosed or PersonRefused; then nothing is made.
    """
    invitation = _locked(digest)
    if account_of(invitation) is not None:
        raise HasAccount
    name = " ".join(new.name.replace("\x00", "").split())
    _check(name, new.password, invitation.email)
    person = Person.objects.create_user(
        invitation.email,
        new.password,
        name=name,
        language=_language(new.language),
        time_zone=_zone(new.time_zone),
    )
    return _joined(invitation, person)


@transaction.atomic
def accept_as_known(digest: str) -> Membership:
    """Let the account of the mailbox act for the party.

    Raises InvitationGone, AccountClosed, and Person.DoesNotExist when the mailbox has none.
    """
    invitation = _locked(digest)
    person = account_of(invitation)
    if person is None:
        raise Person.DoesNotExist
    return _joined(invitation, person)


@transaction.atomic
def accept_by_proved_mailbox(email: str, name: str) -> Membership:
    """Accept the oldest open invitation to a mailbox that somebody else has proved to be theirs.

    A single sign-on provider, say. Where there is no account yet it is made, without a password, and
    called `name` unless the invitation has a name. Raises InvitationGone, and AccountClosed.
    """
    one_at_a_time("mailbox", email)
    waiting = _open().select_for_update(of=["self"]).select_related("party")
    invitation = waiting.filter(email=email, ends_at__gt=now()).order_by("id").first()
    if invitation is None:
        raise InvitationGone
    person = account_of(invitation)
    if person is None:
        called = " ".join((invitation.name or name or email).replace("\x00", "").split())[:200]
        language = invitation.language
        person = Person.objects.create_user(email, None, name=called, language=language)
    return _joined(invitation, person)


def let_in(person: Person, party: Party, role: str, by_way_of: str) -> Membership:
    """Let `person` act for `party` from now on, in the transaction and under the lock of the caller.

    Whoever acts for it already keeps the role they have: a late answer takes nothing away.
    """
    there = Membership.objects.filter(person=person, party=party, active=True).first()
    if there is not None:
        return there
    membership = join(person, party, role)
    joined = PersonJoined(
        party=party.pk,
        person=person.pk,
        membership=membership.pk,
        role=role,
        by_way_of=by_way_of,
    )
    record(joined, by=membership)
    return membership


def _joined(invitation: Invitation, person: Person) -> Membership:
    membership = let_in(person, invitation.party, invitation.role, "invitation")
    invitation.accepted_at, invitation.person, invitation.digest = now(), person, ""
    invitation.save(update_fields=["accepted_at", "person", "digest"])
    return membership


def _open() -> QuerySet[Invitation]:
    return Invitation.objects.filter(accepted_at=None, revoked_at=None, party__closed_at=None)


def _locked(digest: str) -> Invitation:
    """The invitation, and nobody else becomes anybody by its mailbox meanwhile."""
    one_at_a_time("mailbox", invitation_by(digest).email)
    found = (
        _open().select_for_update(of=["self"]).select_related("party").filter(digest=digest).first()
    )
    if found is None or found.has_ended:
        raise InvitationGone
    return found


def _check(name: str, password: str, email: str) -> None:
    problems: dict[str, list[str]] = {}
    if not 0 < len(name) <= LONGEST_NAME:
        problems["name"] = [_("Write your name, in at most 200 characters.")]
    if len(password) > LONGEST_PASSWORD or "\x00" in password:
        problems["password"] = [_("This password is too long.")]
    else:
        try:
            validate_password(password, Person(name=name, email=email))
        except ValidationError as refusal:
            problems["password"] = list(refusal.messages)
    if problems:
        raise PersonRefused(problems)


def _language(asked_for: str) -> str:
    known = {code for code, _name in settings.LANGUAGES}
    return asked_for if asked_for in known else settings.LANGUAGE_CODE


def _zone(asked_for: str) -> str:
    return asked_for if asked_for in zoneinfo.available_timezones() else settings.OPERATOR_TIME_ZONE
