"""Inviting people by e-mail to act for a party, sending an invitation again, taking it back.

The link is made when the mail is (`notifications.inviting`): its secret stands in that mail and
nowhere else, and the table has its SHA-256.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from parley.journal.moment import now
from parley.journal.recording import record
from parley.parties.events import InvitationRevoked, InvitationSentAgain, PersonInvited
from parley.parties.joining import RoleDoesNotFit
from parley.parties.keeping_people import NotTheirPeople, lock_party
from parley.parties.models import NO_MAIL, ROLES_OF, Invitation, Membership, Party

VALID_FOR = timedelta(days=7)
"""How long a link works, from the moment its mail was asked for."""
MOST_AN_HOUR = 30
"""Invitations that a party may have sent in an hour, the same one again counted once."""
BETWEEN_TWO = timedelta(minutes=2)
"""How long to wait before the same invitation is sent again."""
MOST_TIMES = 6
"""How often the same invitation is sent at most."""


@dataclass(frozen=True, kw_only=True)
class NewInvitation:
    """As typed. `name` is what to call them, and may be empty; `language` is the mail's."""

    email: str
    role: str
    name: str = ""
    language: str = ""


class InvitationRefused(ValueError):
    """It can't be sent so; `problems` says why, field by field, for the reader."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


class TooManyInvitations(ValueError):
    """The party has sent as many as it may for now. `minutes` to wait; 0: this one never again."""

    def __init__(self, minutes: int) -> None:
        super().__init__(f"too many invitations: wait {minutes} minutes")
        self.minutes = minutes


class InvitationGone(LookupError):
    """It was accepted or taken back, its time is over, or there has never been one."""


@transaction.atomic
def invite(party_id: int, new: NewInvitation, *, by: Membership) -> Invitation:
    """Ask a mailbox to act for the party; the mail goes out once this is committed.

    Raises NotTheirPeople, RoleDoesNotFit, InvitationRefused (also for somebody who acts for the
    party already, or is invited already) and TooManyInvitations.
    """
    party = lock_party(party_id, by=by)
    if new.role not in ROLES_OF[party.kind]:
        raise RoleDoesNotFit(f"{new.role} is not a role at a {party.kind}")
    email, name = new.email.strip().lower(), " ".join(new.name.replace("\x00", "").split())
    if problem := _email_problem(party, email):
        raise InvitationRefused({"email": problem})
    if len(name) > 200:
        raise InvitationRefused({"name": _("Write the name in at most 200 characters.")})
    _keep_the_limit(party)
    known = {code for code, _name in settings.LANGUAGES}
    invitation = Invitation.objects.create(
        party=party,
        email=email,
        name=name,
        role=new.role,
        language=new.language if new.language in known else by.person.language,
        by=by,
        asked_at=(moment := now()),
        ends_at=moment + VALID_FOR,
    )
    record(PersonInvited(party=party.pk, invitation=invitation.pk, role=new.role), by=by)
    return invitation


@transaction.atomic
def send_again(invitation_id: int, *, by: Membership) -> Invitation:
    """Another mail with another link, which works as long as the first did; that one does no more.

    Raises NotTheirPeople, InvitationGone or TooManyInvitations.
    """
    invitation = _locked(invitation_id, by)
    moment = now()
    if invitation.times_asked >= MOST_TIMES:
        raise TooManyInvitations(0)
    if (wait := invitation.asked_at + BETWEEN_TWO - moment) > timedelta(0):
        raise TooManyInvitations(_minutes(wait))
    _keep_the_limit(invitation.party)
    invitation.times_asked += 1
    invitation.asked_at, invitation.ends_at = moment, moment + VALID_FOR
    invitation.digest = ""
    invitation.save()
    record(InvitationSentAgain(party=invitation.party_id, invitation=invitation.pk), by=by)
    return invitation


@transaction.atomic
def revoke(invitation_id: int, *, by: Membership) -> Invitation:
    """Take an invitation back: its link works no longer. Raises NotTheirPeople or InvitationGone."""
    invitation = _locked(invitation_id, by)
    invitation.revoked_at = now()
    invitation.digest = ""
    invitation.save()
    record(InvitationRevoked(party=invitation.party_id, invitation=invitation.pk), by=by)
    return invitation


@transaction.atomic
def new_link(invitation_id: int) -> tuple[Invitation, str] | None:
    """An invitation with the secret of a new link, for the mail that is about to go out.

    None when it is not to go out any more.
    """
    invitation = (
        Invitation.objects.select_for_update(of=["self"])
        .select_related("party", "by__person", "by__party")
        .filter(pk=invitation_id, accepted_at=None, revoked_at=None, party__closed_at=None)
        .first()
    )
    if invitation is None or invitation.has_ended:
        return None
    secret = secrets.token_urlsafe(32)
    invitation.digest, invitation.sent_at = digest_of(secret), now()
    invitation.save(update_fields=["digest", "sent_at"])
    return invitation, secret


def digest_of(secret: str) -> str:
    """What stands in the table for a link's secret (256 random bits: a plain hash is enough)."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def _email_problem(party: Party, email: str) -> str:
    try:
        validate_email(email)
    except ValidationError:
        return _("Write an e-mail address, such as name@example.com.")
    if len(email) > 254 or email.endswith(NO_MAIL):
        return _("Write an e-mail address, such as name@example.com.")
    if Membership.objects.filter(
        party=party, person__email=email, active=True, person__is_active=True
    ).exists():
        return _("They act for %(party)s already.") % {"party": party.name}
    if Invitation.objects.filter(party=party, email=email, accepted_at=None, revoked_at=None):
        return _("They are invited already. Send that invitation again from the list.")
    return ""


def _keep_the_limit(party: Party) -> None:
    """Raises TooManyInvitations. Under the lock of the party's row."""
    since = now() - timedelta(hours=1)
    asked = Invitation.objects.filter(party=party, asked_at__gt=since).order_by("-asked_at")
    moments: list[datetime] = list(asked.values_list("asked_at", flat=True)[:MOST_AN_HOUR])
    if len(moments) >= MOST_AN_HOUR:
        raise TooManyInvitations(_minutes(moments[-1] - since))


def _minutes(wait: timedelta) -> int:
    return max(1, ceil(wait / timedelta(minutes=1)))


def _locked(invitation_id: int, by: Membership) -> Invitation:
    party_id = (
        Invitation.objects.filter(pk=invitation_id).values_list("party_id", flat=True).first()
    )
    if party_id is None:
        raise NotTheirPeople
    party = lock_party(party_id, by=by)
    invitation = Invitation.objects.select_for_update().get(pk=invitation_id)
    if not invitation.is_open:
        raise InvitationGone
    invitation.party = party
    return invitation
