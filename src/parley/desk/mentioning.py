"""Whom an internal note names: `@Anna Petrova`, or `@Money` for everybody of a team."""

from __future__ import annotations

import re
from collections.abc import Iterable

from parley.parties.access import members_of_teams, teams_in_use
from parley.parties.models import Membership

_MARK = re.compile(r"(?<![\w@.])@(?=\w)")
_LONGEST = 250


def people_named(text: str, members: Iterable[Membership]) -> set[int]:
    """The people whom a note names, of `members` (the operator's); of a team, all of them."""
    if not _MARK.search(text):
        return set()
    here = list(members)
    teams = {team.name: team.pk for team in teams_in_use()}
    people: dict[str, set[int]] = {}
    for member in here:
        people.setdefault(member.person.name, set()).add(member.person_id)
    named = names_in(text, [*people, *teams])
    found = {person for name in named for person in people.get(name, ())}
    chosen = [pk for name, pk in teams.items() if name in named]
    if chosen:
        of_teams = members_of_teams(chosen).values_list("membership__person", flat=True)
        found |= set(of_teams) & {member.person_id for member in here}
    return found


def names_in(text: str, names: Iterable[str]) -> set[str]:
    """Those of `names` that stand in `text` behind an @, whatever their letters' case.

    Of names that begin alike, the longest that fits is meant: @Anna Petrova is not @Anna.
    """
    longest_first = sorted({name for name in names if name}, key=lambda name: (-len(name), name))
    folded = [(_folded(name), name) for name in longest_first]
    found = set()
    for mark in _MARK.finditer(text):
        rest = _folded(text[mark.end() : mark.end() + _LONGEST])
        fitting = next((name for start, name in folded if _begins(rest, start)), None)
        if fitting is not None:
            found.add(fitting)
    return found


def _begins(rest: str, start: str) -> bool:
    """Whether `rest` begins with this name, as whole words."""
    return rest.startswith(start) and not rest[len(start) : len(start) + 1].isalnum()


def _folded(text: str) -> str:
    return text.casefold().replace("ё", "е")
