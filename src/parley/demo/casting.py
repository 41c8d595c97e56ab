"""Making the demo's companies, people and topics, and finding who plays which part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random

from django.contrib.auth.hashers import make_password

from parley.demo.marketplace import DemoParty, DemoPerson, parties, password
from parley.demo.topics import categories
from parley.parties.joining import found, join
from parley.parties.models import Membership, Party, Person
from parley.tickets.models import Category, Topic


@dataclass(frozen=True)
class Actor:
    """One person acting for a company: as written, and as the row that acts."""

    person: DemoPerson
    membership: Membership

    @property
    def first_name(self) -> str:
        return self.person.name.split()[0]


@dataclass(frozen=True)
class Company:
    """A company with its people, the owner first."""

    written: DemoParty
    party: Party
    people: tuple[Actor, ...]

    def speakers(self, language: str) -> list[Actor]:
        """Its people who write in `language`."""
        return [actor for actor in self.people if actor.person.language == language]

    def choose(self, language: str, rng: Random) -> Actor:
        """One of the speakers; those one can sign in as three times as often as any other."""
        speakers = self.speakers(language)
        return rng.choices(speakers, [3 if actor.person.signs_in else 1 for actor in speakers])[0]


@dataclass(frozen=True)
class Cast:
    companies: tuple[Company, ...]
    topics: dict[str, Topic]

    @property
    def operator(self) -> Company:
        return next(company for company in self.companies if company.written.kind == "operator")

    def of_kind(self, kind: str, language: str) -> list[Company]:
        """The companies of a kind that have somebody who writes in `language`."""
        return [
            company
            for company in self.companies
            if company.written.kind == kind and company.speakers(language)
        ]


def cast(moment: datetime) -> Cast:
    """Found the companies, let their people join, and plant the topics, all as of `moment`."""
    # One password for everyone is hashed once: hashing is slow on purpose.
    hashed = make_password(password())
    companies = tuple(_company(written, hashed, moment) for written in parties())
    return Cast(companies, _topics())


def cast_again() -> Cast | None:
    """The companies, people and topics that a database has been given before; None if it has none.

    Raises DoesNotExist where the marketplace is another one than the demo's.
    """
    if not Party.objects.exists():
        return None
    companies = tuple(_company_there(written) for written in parties())
    return Cast(companies, _topics_there())


def _company_there(written: DemoParty) -> Company:
    party = Party.objects.get(kind=written.kind, name=written.name)
    if not (party.address or party.vat_number):  # it was made before companies had these
        _detail(party, written)
    members = party.memberships.select_related("person", "party")
    by_email = {membership.person.email: membership for membership in members}
    there = [person for person in written.people if person.email in by_email]
    return Company(written, party, tuple(Actor(person, by_email[person.email]) for person in there))


def _topics_there() -> dict[str, Topic]:
    by_name = {topic.names.get("en"): topic for topic in Topic.objects.all()}
    written = [topic for category in categories() for topic in category.topics]
    return {
        topic.key: by_name[topic.names["en"]] for topic in written if topic.names["en"] in by_name
    }


def _company(written: DemoParty, hashed: str, moment: datetime) -> Company:
    party = found(written.kind, written.name)
    _detail(party, written)
    people = tuple(
        Actor(person, join(_person(person, hashed, moment), party, person.role))
        for person in written.people
    )
    return Company(written, party, people)


def _detail(party: Party, written: DemoParty) -> None:
    """Give a company the address and the VAT number that stand on its papers."""
    for name, value in written.details.items():
        setattr(party, name, value)
    party.save(update_fields=list(written.details))


def _person(written: DemoPerson, hashed: str, moment: datetime) -> Person:
    return Person.objects.create(
        email=written.email,
        name=written.name,
        language=written.language,
        time_zone=written.time_zone,
        password=hashed,
        created_at=moment,
    )


def _topics() -> dict[str, Topic]:
    planted = {}
    for category in categories():
        row = Category.objects.create(names=category.names)
        for topic in category.topics:
            planted[topic.key] = Topic.objects.create(
                category=row,
                names=topic.names,
                keywords={code: words.split() for code, words in topic.keywords.items()},
                opened_by=list(topic.opened_by),
                goes_to=topic.goes_to,
                order_field=topic.order,
            )
    return planted
