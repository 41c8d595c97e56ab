"""Joining a company by approval: its code, asking with it, and its owners' yes or no.

Knowing the code lets somebody ask, and nothing else: it can be told to a whole company, and replaced
when too many know it. The operator's own people come by invitation alone.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from parley.journal.moment import now
from parley.journal.recording import record
from parley.parties.accepting import let_in
from parley.parties.events import (
    JoinApproved,
    JoinAsked,
    JoinCodeChanged,
    JoinDeclined,
)
from parley.parties.inviting import NewInvitation, invite
from parley.parties.joining import RoleDoesNotFit
from parley.parties.keeping_people import NotTheirPeople, lock_party
from parley.parties.models import (
    NO_MAIL,
    ROLES_OF,
    JoinRequest,
    Membership,
    Party,
    PartyKind,
    Person,
)

CODE_LENGTH = 10
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Thirty-two that nobody takes for another when they are read out; ten of them are fifty bits."""
MOST_WAITING = 50
"""Requests that wait for a company's owners at most; nobody floods them."""
LONGEST_NOTE = 500


@dataclass(frozen=True, kw_only=True)
class NewJoinRequest:
    """As typed."""

    code: str
    email: str = ""
    name: str = ""
    note: str = ""
    language: str = ""


class JoinRefused(ValueError):
    """It can't be asked so; `problems` says why, field by field, for the reader."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


class RequestGone(LookupError):
    """It was answered already."""


def party_by_code(code: str) -> Party | None:
    """The company that can be asked with this code, as people type it; None for no such code."""
    known = tidied_code(code)
    return Party.objects.filter(join_code=known, closed_at=None).first() if known else None


def tidied_code(code: str) -> str:
    """A code without the spaces and hyphens it was written down with; empty for what is none."""
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    is_one = len(letters) == CODE_LENGTH and set(letters) <= set(_LETTERS)
    return letters if is_one else ""


@transaction.atomic
def new_code(party_id: int, *, by: Membership) -> str:
    """A code to ask with, in place of the one before. Raises NotTheirPeople."""
    party = lock_party(party_id, by=by)
    if party.kind == PartyKind.OPERATOR:
        raise NotTheirPeople
    party.join_code = "".join(secrets.choice(_LETTERS) for _letter in range(CODE_LENGTH))
    party.save(update_fields=["join_code"])
    record(JoinCodeChanged(party=party.pk, given=True), by=by)
    return party.join_code


@transaction.atomic
def take_code_away(party_id: int, *, by: Membership) -> None:
    """Nobody can ask any more; who has asked already still waits. Raises NotTheirPeople."""
    party = lock_party(party_id, by=by)
    if not party.join_code:
        return
    party.join_code = ""
    party.save(update_fields=["join_code"])
    record(JoinCodeChanged(party=party.pk, given=False), by=by)


@transaction.atomic
def ask_to_join(new: NewJoinRequest, *, person: Person | None) -> JoinRequest:
    """Ask the owners of the company with this code; `person` is who is signed in, if anybody.

    Whoever asks again changes what they asked before; a stranger who types the address of somebody
    who has asked signed in changes nothing, and isn't told. Raises JoinRefused.
    """
    party = party_by_code(new.code)
    if party is None:
        raise JoinRefused({"code": _("No company has this code. Ask whoever gave it to you.")})
    email, name = _who(new, person)
    Party.objects.select_for_update().get(pk=party.pk)
    _check(party, email, name, new.note, is_signed_in=person is not None)
    waiting = JoinRequest.objects.filter(party=party, approved_at=None, declined_at=None)
    if waiting.exclude(email=email).count() >= MOST_WAITING:
        raise JoinRefused({"code": _("Too many wait for this company already. Try again later.")})
    proved = waiting.filter(email=email, person__isnull=False).first()
    if person is None and proved is not None:
        return proved
    known = {code for code, _name in settings.LANGUAGES}
    asked, is_new = JoinRequest.objects.update_or_create(
        party=party,
        email=email,
        approved_at=None,
        declined_at=None,
        defaults={
            "person": person,
            "name": name,
            "note": new.note.replace("\x00", "").strip(),
            "language": new.language if new.language in known else settings.LANGUAGE_CODE,
        },
    )
    if is_new:
        record(JoinAsked(party=party.pk, request=asked.pk), by=None)
    return asked


@transaction.atomic
def approve(request_id: int, role: str, *, by: Membership) -> Membership | None:
    """Let them act for the company: at once whoever asked signed in, others by an invitation.

    Raises NotTheirPeople, RoleDoesNotFit, RequestGone, and what `invite` raises.
    """
    asked = _locked(request_id, by)
    if role not in ROLES_OF[asked.party.kind]:
        raise RoleDoesNotFit(f"{role} is not a role at a {asked.party.kind}")
    asked.approved_at = now()
    asked.save(update_fields=["approved_at"])
    record(JoinApproved(party=asked.party_id, request=asked.pk), by=by)
    person = asked.person
    if person is None or not person.is_active:
        _invite(asked, role, by)
        return None
    return let_in(person, asked.party, role, "request")


@transaction.atomic
def decline(request_id: int, *, by: Membership) -> None:
    """They don't. Raises NotTheirPeople or RequestGone."""
    asked = _locked(request_id, by)
    asked.declined_at = now()
    asked.save(update_fields=["declined_at"])
    record(JoinDeclined(party=asked.party_id, request=asked.pk), by=by)


def _invite(asked: JoinRequest, role: str, by: Membership) -> None:
    new = NewInvitation(email=asked.email, name=asked.name, role=role, language=asked.language)
    invite(asked.party_id, new, by=by)


def _who(new: NewJoinRequest, person: Person | None) -> tuple[str, str]:
    if person is not None:
        return person.email, person.name
    return new.email.strip().lower(), " ".join(new.name.replace("\x00", "").split())


def _check(party: Party, email: str, name: str, note: str, *, is_signed_in: bool) -> None:
    problems: dict[str, str] = {}
    try:
        validate_email(email)
    except ValidationError:
        problems["email"] = _("Write an e-mail address, such as name@example.com.")
    if len(email) > 254 or email.endswith(NO_MAIL):
        problems["email"] = _("Write an e-mail address, such as name@example.com.")
    if not 0 < len(name) <= 200:
        problems["name"] = _("Write your name, in at most 200 characters.")
    if len(note) > LONGEST_NOTE:
        problems["note"] = _("Write at most %(most)s characters.") % {"most": LONGEST_NOTE}
    # Only one who is signed in is told: to a stranger it would say whose address works here.
    if is_signed_in and _acts_for(party, email):
        problems["code"] = _("You act for %(party)s already.") % {"party": party.name}
    if problems:
        raise JoinRefused(problems)


def _acts_for(party: Party, email: str) -> bool:
    return Membership.objects.filter(party=party, person__email=email, active=True).exists()


def _locked(request_id: int, by: Membership) -> JoinRequest:
    party_id = JoinRequest.objects.filter(pk=request_id).values_list("party_id", flat=True).first()
    party = lock_party(party_id or 0, by=by)
    asked = JoinRequest.objects.select_related("person").get(pk=request_id)
    if asked.approved_at or asked.declined_at:
        raise RequestGone
    asked.party = party
    return asked
