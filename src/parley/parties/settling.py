"""What the operator settles for the whole marketplace, on pages, without touching the server.

A room declares what may be settled as a `Settled` constant beside the rule it is for, reads it with
`settled`, and changes it with `settle`, which is journalled with before and after.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import transaction

from parley.journal.moment import now
from parley.journal.recording import record
from parley.parties.events import SettingChanged
from parley.parties.models import Membership, Role, Setting
from parley.postgres.questions import Given, Question

T = TypeVar("T")


class NotAdministrators(PermissionError):
    """What holds for the whole marketplace is settled by the operator's administrators."""


class CannotBeSo(ValueError):
    """The value is none that this may have."""


@dataclass(frozen=True)
class Settled(Generic[T]):
    """One thing that can be settled.

    `key` names it in the table (`guard.mode`), `default` holds while nobody has said otherwise, and
    `fits` says whether a value (of JSON's kinds) may be kept.
    """

    key: str
    default: T
    fits: Callable[[Any], bool]


def settled(thing: Settled[T]) -> T:
    """What holds now, at the cost of one query. A kept value that fits no longer is not used."""
    row = _row().ask_one(key=thing.key)
    return row.value if row is not None and thing.fits(row.value) else thing.default


def settled_each(things: Sequence[Settled[T]]) -> dict[str, T]:
    """What holds now of several, by their keys, at the cost of one query as well."""
    kept = {row.key: row.value for row in Setting.objects.filter(key__in=[t.key for t in things])}
    return {
        thing.key: kept[thing.key]
        if thing.key in kept and thing.fits(kept[thing.key])
        else thing.default
        for thing in things
    }


def settle(thing: Settled[T], value: T, *, by: Membership) -> None:
    """Let `value` hold from now on. Raises NotAdministrators or CannotBeSo, and changes nothing then."""
    if by.role != Role.ADMIN:
        raise NotAdministrators
    if not thing.fits(value):
        raise CannotBeSo(thing.key)
    with transaction.atomic():
        Setting.objects.get_or_create(key=thing.key, defaults={"value": thing.default})
        row = Setting.objects.select_for_update().get(key=thing.key)
        if row.value == value:
            return
        was, row.value, row.changed_at = row.value, value, now()
        row.save()
        record(SettingChanged(key=thing.key, was=was, now=value), by=by)


@cache
def _row() -> Question[Setting]:
    return Question(Setting.objects.filter(key=Given("key")))
