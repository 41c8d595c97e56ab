"""Making parties, and people joining them."""

from __future__ import annotations

from parley.parties.models import ROLES_OF, Membership, Party, Person


class RoleDoesNotFit(ValueError):
    """The role is not one that this kind of party has."""


def found(kind: str, name: str) -> Party:
    """Make a party of `kind`. Raises IntegrityError for a second operator."""
    return Party.objects.create(kind=kind, name=name)


def join(person: Person, party: Party, role: str) -> Membership:
    """Make `person` a member of `party` with `role`; joining again changes the role.

    Raises RoleDoesNotFit when the party's kind does not have that role.
    """
    if role not in ROLES_OF[party.kind]:
        raise RoleDoesNotFit(f"{role} is not a role at a {party.kind}")
    membership, _made = Membership.objects.update_or_create(
        person=person, party=party, defaults={"role": role, "active": True}
    )
    return membership
