"""The operator's administrators making a company on the marketplace, and naming it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from parley.journal.recording import record
from parley.parties.events import PartyFounded, PartyRenamed
from parley.parties.joining import found
from parley.parties.keeping_people import NotTheirPeople, lock_party
from parley.parties.models import COMPANIES, Membership, Party, PartyKind, Role

LONGEST_NAME = 200


class PartyRefused(ValueError):
    """It can't be called so, or is of no kind there is; `problems` says why, field by field."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


@transaction.atomic
def found_party(kind: str, name: str, *, by: Membership) -> Party:
    """A new seller or supplier. Raises NotTheirPeople or PartyRefused."""
    if by.role != Role.ADMIN:
        raise NotTheirPeople
    name = _tidied(name)
    problems = _name_problem(name)
    if kind not in COMPANIES or kind == PartyKind.OPERATOR:
        problems["kind"] = _("Pick what the company does here.")
    if problems:
        raise PartyRefused(problems)
    party = found(kind, name)
    record(PartyFounded(party=party.pk, kind=kind), by=by)
    return party


@transaction.atomic
def rename_party(party_id: int, name: str, *, by: Membership) -> Party:
    """Another name, everywhere at once; papers keep what they were issued with.

    Raises NotTheirPeople (also for its own owners) or PartyRefused.
    """
    if by.role != Role.ADMIN:
        raise NotTheirPeople
    party = lock_party(party_id, by=by)
    name = _tidied(name)
    if problems := _name_problem(name):
        raise PartyRefused(problems)
    if party.name == name:
        return party
    was, party.name = party.name, name
    party.save(update_fields=["name"])
    record(PartyRenamed(party=party.pk, fields={"name": (was, name)}), by=by)
    return party


def _tidied(name: str) -> str:
    return " ".join(name.replace("\x00", "").split())


def _name_problem(name: str) -> dict[str, str]:
    if 0 < len(name) <= LONGEST_NAME:
        return {}
    return {"name": _("Write the company's name, in at most 200 characters.")}
