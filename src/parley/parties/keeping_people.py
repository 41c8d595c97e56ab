"""Who may keep whose people, and what no change of them may lead to.

An owner keeps the people of their own company, an administrator those of the operator and of every
company. Each change is made under the lock of the party's row: two owners who remove each other at
the same moment do it one after the other, and the second finds that nobody would be left.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from parley.journal.moment import now
from parley.journal.recording import record
from parley.parties.access import IN_FORCE
from parley.parties.events import MembershipEnded, MembershipRestored, RoleChanged
from parley.parties.joining import RoleDoesNotFit
from parley.parties.models import (
    ROLES_OF,
    ApiToken,
    Invitation,
    Membership,
    Party,
    PartyKind,
    Person,
    Role,
    Session,
)

HEAD_OF: dict[str, Role] = {
    PartyKind.SELLER: Role.OWNER,
    PartyKind.SUPPLIER: Role.OWNER,
    PartyKind.OPERATOR: Role.ADMIN,
}
"""The role of those who keep a party's people. A party that has one of them never loses the last."""


class NotTheirPeople(PermissionError):
    """The people of this party are not for this reader to keep."""


class LastOne(ValueError):
    """They are the last owner (or administrator) of a party: nobody would be left to keep it."""

    def __init__(self, party: Party) -> None:
        super().__init__(f"the last one in charge of party {party.pk}")
        self.party = party


def may_keep_people(reader: Membership, party: Party) -> bool:
    """Whether `reader` may invite, change and deactivate the people of `party`."""
    if party.kind not in HEAD_OF:
        return False
    is_head = reader.party_id == party.pk and reader.role == HEAD_OF[party.kind]
    return is_head or reader.role == Role.ADMIN


def lock_party(party_id: int, *, by: Membership) -> Party:
    """The party, whose people `by` is about to change: nobody else does until the transaction ends.

    Raises NotTheirPeople, also for a party that is not there, and for one who was let go or given
    another role while this waited for the lock.
    """
    party = Party.objects.select_for_update().filter(pk=party_id).first()
    if party is None or not may_keep_people(by, party):
        raise NotTheirPeople
    if not Membership.objects.filter(pk=by.pk, role=by.role, **IN_FORCE).exists():
        raise NotTheirPeople
    return party


@transaction.atomic
def change_role(membership_id: int, role: str, *, by: Membership) -> Membership:
    """Give a member another role. Raises NotTheirPeople, RoleDoesNotFit or LastOne."""
    membership = _locked(membership_id, by)
    if role not in ROLES_OF[membership.party.kind]:
        raise RoleDoesNotFit(f"{role} is not a role at a {membership.party.kind}")
    if membership.role == role:
        return membership
    if membership.active:
        ensure_somebody_is_left(membership)
    was, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    record(RoleChanged(**_told_of(membership), fields={"role": (was, role)}), by=by)
    return membership


@transaction.atomic
def deactivate(membership_id: int, *, by: Membership) -> Membership:
    """Nobody acts with this membership from now on: not in a session, by a token or over a stream.

    Their API tokens and the invitations they sent that nobody has accepted end with it, and stay
    ended when they come back. Raises NotTheirPeople or LastOne.
    """
    membership = _locked(membership_id, by)
    if not membership.active:
        return membership
    ensure_somebody_is_left(membership)
    membership.active = False
    membership.save(update_fields=["active"])
    end_keys_of(membership)
    end_sessions_of_those_gone([membership.person_id])
    record(MembershipEnded(**_told_of(membership)), by=by)
    return membership


@transaction.atomic
def reactivate(membership_id: int, *, by: Membership) -> Membership:
    """Let somebody act for the party again, as before. Raises NotTheirPeople."""
    membership = _locked(membership_id, by)
    if membership.active:
        return membership
    membership.active = True
    membership.save(update_fields=["active"])
    record(MembershipRestored(**_told_of(membership)), by=by)
    return membership


def ensure_somebody_is_left(membership: Membership) -> None:
    """That somebody keeps the party when this member does not. Raises LastOne.

    Under the lock of the party's row: for whoever ends a membership, in whatever way.
    """
    head = HEAD_OF.get(membership.party.kind)
    if membership.role != head:
        return
    others = Membership.objects.filter(
        party_id=membership.party_id, role=head, active=True, person__is_active=True
    ).exclude(pk=membership.pk)
    if not others.exists():
        raise LastOne(membership.party)


def lock_parties_of(person: Person) -> list[Membership]:
    """The memberships in force of a person, with the parties of all of them locked.

    For what ends all of them: closing an account, erasing a person. In the order of their parties'
    ids, so that two who do it at once don't wait for each other.
    """
    held = Membership.objects.filter(person=person, active=True)
    list(Party.objects.select_for_update().filter(memberships__in=held).order_by("id"))
    return list(held.select_related("party", "person").order_by("id"))


def end_keys_of(membership: Membership) -> None:
    """End what else works in this member's name: API tokens, and invitations not yet accepted."""
    moment = now()
    ApiToken.objects.filter(membership=membership, revoked_at=None).update(revoked_at=moment)
    Invitation.objects.filter(by=membership, accepted_at=None, revoked_at=None).update(
        revoked_at=moment
    )


def end_sessions_of_those_gone(people: Collection[int]) -> None:
    """End the sessions of those of these people who act for nobody any more.

    They could do nothing with them now; and should they come back, an old browser stays signed out.
    """
    here = Membership.objects.filter(person__in=people, **IN_FORCE).values("person_id")
    Session.objects.filter(person__in=people).exclude(person__in=here).delete()


def _locked(membership_id: int, by: Membership) -> Membership:
    party_id = (
        Membership.objects.filter(pk=membership_id).values_list("party_id", flat=True).first()
    )
    party = lock_party(party_id or 0, by=by)
    # Read again: it may have changed while we waited for the lock.
    membership = Membership.objects.select_related("person").get(pk=membership_id)
    membership.party = party
    return membership


def _told_of(membership: Membership) -> dict[str, int]:
    return {
        "party": membership.party_id,
        "person": membership.person_id,
        "membership": membership.pk,
    }
