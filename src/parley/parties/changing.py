"""A person changing their own profile."""

from __future__ import annotations

import zoneinfo

from django.conf import settings
from django.utils.translation import gettext as _

from parley.parties.models import Person


class ProfileRefused(ValueError):
    """Something can't be set so; `problems` says why, field by field, for the reader."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


def change_profile(person: Person, **changed: str) -> None:
    """Set `name`, `language`, `time_zone`, `own_messages` or `theme` of a person.

    Raises ProfileRefused, and then nothing is set.
    """
    changed = {name: value.replace("\x00", "").strip() for name, value in changed.items()}
    problems = {name: words for name, value in changed.items() if (words := _problem(name, value))}
    if problems:
        raise ProfileRefused(problems)
    for name, value in changed.items():
        setattr(person, name, value)
    person.save(update_fields=list(changed))


def _problem(name: str, value: str) -> str:
    if name == "name":
        return "" if 0 < len(value) <= 200 else _("Write your name, in at most 200 characters.")
    if name == "time_zone":
        known = value in zoneinfo.available_timezones()
        return "" if known else _("Pick a time zone from the list.")
    known_values = {
        "language": {code for code, _name in settings.LANGUAGES},
        "own_messages": set(Person.OwnMessages.values),
        "theme": set(Person.Theme.values),
    }[name]
    return "" if value in known_values else _("Pick one from the list.")
