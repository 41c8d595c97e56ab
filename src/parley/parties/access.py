"""The doors to parties, people and memberships."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import BooleanField, Case, Exists, OuterRef, QuerySet, Value, When

from parley.parties.models import (
    COMPANIES,
    ApiToken,
    Invitation,
    JoinRequest,
    Membership,
    Party,
    PartyKind,
    Person,
    Role,
    Team,
    TeamMember,
)
from parley.postgres.questions import Given, Question

IN_FORCE: dict[str, Any] = {
    "active": True,
    "person__is_active": True,
    "party__closed_at__isnull": True,
}
"""What must be true of a membership that somebody may act with: for `filter`."""

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What lets a person in besides a password; recovery codes alone only stand in for one."""


def operator() -> Party:
    """The one operator. Raises Party.DoesNotExist before the marketplace is set up."""
    found = _operator().ask_one()
    if found is None:
        raise Party.DoesNotExist
    return found


@cache
def _operator() -> Question[Party]:
    return Question(Party.objects.filter(kind=PartyKind.OPERATOR))


def parties_of_kind(kind: str) -> QuerySet[Party]:
    """The parties a ticket may be opened to, by name: the marketplace's companies know each other."""
    return Party.objects.filter(kind=kind, closed_at=None).order_by("name")


def parties_by_name(text: str, limit: int = 8) -> QuerySet[Party]:
    """Companies whose name is like `text`, typing errors forgiven (trigrams), the likest first."""
    from django.contrib.postgres.search import TrigramWordSimilarity

    return (
        Party.objects.filter(kind__in=COMPANIES, closed_at=None)
        .annotate(likeness=TrigramWordSimilarity(text, "name"))
        .filter(likeness__gte=0.5)
        .order_by("-likeness", "name")[:limit]
    )


def people_by_name(text: str, limit: int = 8) -> QuerySet[Membership]:
    """Companies' people whose name is like `text`, as above, each with their company."""
    from django.contrib.postgres.search import TrigramWordSimilarity

    return (
        Membership.objects.select_related("person", "party")
        .filter(party__kind__in=COMPANIES, active=True, person__is_active=True)
        .annotate(likeness=TrigramWordSimilarity(text, "person__name"))
        .filter(likeness__gte=0.5)
        .order_by("-likeness", "person__name", "pk")[:limit]
    )


def acting_membership(person_id: int, membership_id: int | None = None) -> Membership | None:
    """The membership a signed-in person acts with: the chosen one, or else their first."""
    if membership_id is None:
        return _first_membership().ask_one(person=person_id)
    return _chosen_membership().ask_one(person=person_id, membership=membership_id)


def _who_may_owe() -> QuerySet[Membership]:
    """Memberships with their person and party, and whether they still owe it a second factor.

    Looked up only where the party requires one.
    """
    theirs = Authenticator.objects.filter(user=OuterRef("person_id"), type__in=SECOND_FACTORS)
    owes = Case(
        When(party__requires_second_factor=True, then=~Exists(theirs)),
        default=Value(False),
        output_field=BooleanField(),
    )
    return Membership.objects.select_related("person", "party").annotate(owes=owes)


@cache
def _first_membership() -> Question[Membership]:
    acting = _who_may_owe().filter(person_id=Given("person"), **IN_FORCE)
    return Question(acting.order_by("id")[:1])


@cache
def _chosen_membership() -> Question[Membership]:
    acting = _who_may_owe().filter(pk=Given("membership"), person_id=Given("person"), **IN_FORCE)
    return Question(acting)


def any_reader(*, of_operator: bool) -> Membership:
    """A reader for questions: `person` and `party` are given with each asking.

    What a reader may see goes by these two, and by whether they are the operator's.
    """
    role = Role.AGENT if of_operator else Role.MEMBER
    return Membership(person_id=Given("person"), party_id=Given("party"), role=role)


def any_reader_of(kind: str) -> Membership:
    """The same for readers of a party of this kind."""
    party = Party(id=Given("party"), kind=kind)
    role = Role.AGENT if kind == PartyKind.OPERATOR else Role.MEMBER
    return Membership(person_id=Given("person"), party=party, role=role)


def members_of(party_id: int) -> QuerySet[Membership]:
    """The active members of a party with their person, by name. For its own people and the operator."""
    return (
        Membership.objects.select_related("person")
        .filter(party_id=party_id, **IN_FORCE)
        .order_by("person__name", "id")
    )


def teams_in_use() -> QuerySet[Team]:
    """The operator's teams that take tickets, by name. For the operator's people."""
    return Team.objects.filter(active=True).order_by("name")


def all_teams() -> QuerySet[Team]:
    """Those that take none any more as well."""
    return Team.objects.order_by("-active", "name")


def teams_of(reader: Membership) -> QuerySet[Team]:
    """The teams that `reader` works in, by name."""
    return teams_in_use().filter(members__membership=reader.pk)


def members_of_teams(teams: Collection[int]) -> QuerySet[TeamMember]:
    """Who works in these teams now, with their person, by name."""
    return (
        TeamMember.objects.select_related("membership__person")
        .filter(team__in=teams, membership__active=True, membership__person__is_active=True)
        .order_by("membership__person__name", "membership_id")
    )


def is_in_team(team: int, person: int) -> bool:
    """Whether the person works in the team."""
    return members_of_teams([team]).filter(membership__person=person).exists()


def everybody_at(party_id: int) -> QuerySet[Membership]:
    """All who act or have acted for a party, with their person: those who do first, by name."""
    return (
        Membership.objects.select_related("person", "party")
        .filter(party_id=party_id)
        .order_by("-active", "person__name", "id")
    )


def invitations_to(party_id: int) -> QuerySet[Invitation]:
    """The open invitations to a party, the latest first. For those who keep its people."""
    return (
        Invitation.objects.select_related("by__person")
        .filter(party_id=party_id, accepted_at=None, revoked_at=None)
        .order_by("-asked_at", "-id")
    )


def requests_to_join(party_id: int) -> QuerySet[JoinRequest]:
    """The requests that wait for an answer, the oldest first. For those who keep its people."""
    return JoinRequest.objects.filter(
        party_id=party_id, approved_at=None, declined_at=None
    ).order_by("id")


def party_of_member(membership_id: int) -> int | None:
    """The id of the party that a membership is of."""
    return Membership.objects.filter(pk=membership_id).values_list("party_id", flat=True).first()


def party_of_invitation(invitation_id: int) -> int | None:
    """The id of the party that an invitation is to."""
    return Invitation.objects.filter(pk=invitation_id).values_list("party_id", flat=True).first()


def party_of_request(request_id: int) -> int | None:
    """The id of the party that somebody asked to join."""
    return JoinRequest.objects.filter(pk=request_id).values_list("party_id", flat=True).first()


def tokens_in_force_of(person: Person) -> QuerySet[ApiToken]:
    """The API tokens that act in a person's name, for whichever party. For the operator."""
    return (
        ApiToken.objects.select_related("membership__party")
        .filter(membership__person=person, revoked_at=None)
        .order_by("-id")
    )


def memberships_of(person: Person) -> QuerySet[Membership]:
    """A person's own active memberships."""
    return Membership.objects.select_related("party", "person").filter(person=person, **IN_FORCE)


def tokens_of(reader: Membership) -> QuerySet[ApiToken]:
    """The reader's own API tokens that still work."""
    return ApiToken.objects.filter(membership=reader, revoked_at=None).order_by("-id")


def parties_in_tickets(reader: Membership) -> QuerySet[Party]:
    """The parties a reader's list can be filtered by: the other kinds of company, by name.

    Who else sells or supplies here is no seller's or supplier's to know; and visitors are too many to
    pick from, and no companies.
    """
    companies = Party.objects.filter(kind__in=COMPANIES)
    others = companies.exclude(pk=reader.party_id).order_by("name")
    return others if reader.is_operator else others.exclude(kind=reader.party.kind)


def memberships_by_email(emails: list[str]) -> QuerySet[Membership]:
    """The active memberships of the people with these addresses: the demo's "sign in as"."""
    return Membership.objects.select_related("person", "party").filter(
        person__email__in=emails, **IN_FORCE
    )


def memberships_of_email(email: str) -> QuerySet[Membership]:
    """The active memberships of the person with this address, who may sign in; the oldest first."""
    return (
        Membership.objects.select_related("person", "party")
        .filter(person__email=email, **IN_FORCE)
        .order_by("id")
    )


def person_who_signs_in(person_id: int) -> Person | None:
    """The person with this id, if the account is open: for letters about it."""
    return Person.objects.filter(pk=person_id, is_active=True).first()


def memberships_in_force(keys: Collection[int]) -> QuerySet[Membership]:
    """Those of the memberships `keys` that someone may still act with, with their person and party.

    Each knows whether a second factor is owed by now.
    """
    return _who_may_owe().filter(pk__in=keys, **IN_FORCE)


def parties_called(ids: Iterable[int]) -> dict[int, Party]:
    """The parties of these ids, for naming them to those who may know of them."""
    return {party.pk: party for party in Party.objects.filter(pk__in=list(ids))}


def people_called(ids: Iterable[int]) -> dict[int, str]:
    """The names of these people, for naming them to those who may know of them."""
    return dict(Person.objects.filter(pk__in=list(ids)).values_list("pk", "name"))
