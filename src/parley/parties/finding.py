"""Finding people and companies, for the operator: by words, by name, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Count, Prefetch, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan

from parley.parties.models import COMPANIES, NO_MAIL, Membership, Party, Person

M = TypeVar("M", Person, Party)
PAGE = 50
SHORTEST_LIKENESS = 3
"""Letters that make a trigram: fewer are looked for at the beginning alone."""


@dataclass(frozen=True)
class Found(Generic[M]):
    """A page of people or companies, and the key of its last row if there are more."""

    rows: Sequence[M]
    last: int | None


def find_people(
    words: str = "", *, after: int | None = None, closed: bool = False
) -> Found[Person]:
    """People by name, behind the one of key `after`, with `.held`: their memberships.

    `words` are looked for in names and addresses, typing errors forgiven. With `closed`, those whose
    account is closed, and no others. Visitors have no account, and are not among them.
    """
    people = Person.objects.exclude(email__endswith=NO_MAIL).filter(is_active=not closed)
    held = Membership.objects.select_related("party").order_by("-active", "id")
    people = _with(people, words, "name", "email").prefetch_related(
        Prefetch("memberships", queryset=held, to_attr="held")
    )
    last = Person.objects.filter(pk=after).first() if after else None
    return _page(list(_behind(people, last)[: PAGE + 1]))


def find_parties(
    words: str = "", *, kind: str = "", after: int | None = None, closed: bool = False
) -> Found[Party]:
    """Companies by name, behind the one of key `after`, with `.people`: how many act for each."""
    kinds = [kind] if kind in COMPANIES else list(COMPANIES)
    parties = Party.objects.filter(kind__in=kinds, closed_at__isnull=not closed)
    last = Party.objects.filter(pk=after).first() if after else None
    rows = list(_behind(_with(parties, words, "name"), last)[: PAGE + 1])
    counted = (
        Membership.objects.filter(party__in=rows, active=True, person__is_active=True)
        .values("party_id")
        .annotate(people=Count("id"))
        .values_list("party_id", "people")
    )
    people = dict(counted)
    for party in rows:
        party.people = people.get(party.pk, 0)  # type: ignore[attr-defined]
    return _page(rows)


def person_of_company(person_id: int) -> Person | None:
    """A person who acts, or has acted, for a company; None for visitors and nobody."""
    return (
        Person.objects.filter(pk=person_id, memberships__party__kind__in=COMPANIES)
        .distinct()
        .first()
    )


def all_memberships_of(person: Person) -> QuerySet[Membership]:
    """A person's memberships, ended ones as well, with their parties: for the operator."""
    return (
        Membership.objects.select_related("party")
        .filter(person=person)
        .order_by("-active", "party__name", "id")
    )


def company_of_any_state(party_id: int) -> Party | None:
    """A company of whatever kind, closed or not; None for visitors and nobody."""
    return Party.objects.filter(pk=party_id, kind__in=COMPANIES).first()


def names_of_people(keys: Sequence[int]) -> dict[int, str]:
    """The names of these people, by id."""
    return dict(Person.objects.filter(pk__in=keys).values_list("id", "name"))


def names_of_parties(keys: Sequence[int]) -> dict[int, str]:
    """The names of these parties, by id."""
    return dict(Party.objects.filter(pk__in=keys).values_list("id", "name"))


def _with(rows: QuerySet[M], words: str, *fields: str) -> QuerySet[M]:
    words = " ".join(words.replace("\x00", "").split())[:100]
    if not words:
        return rows
    way = "trigram_word_similar" if len(words) >= SHORTEST_LIKENESS else "istartswith"
    fits = Q()
    for field in fields:
        fits |= Q(**{f"{field}__{way}": words})
    return rows.filter(fits)


def _behind(rows: QuerySet[M], last: Person | Party | None) -> QuerySet[M]:
    rows = rows.order_by("name", "id")
    if last is None:
        return rows
    return rows.filter(Q(TupleGreaterThan(Tuple("name", "id"), (last.name, last.pk))))


def _page(rows: list[M]) -> Found[M]:
    return Found(rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None)
