"""The reasons to pick from when cancelling: the list, and the operator's keeping of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from parley.conversations.typed import typed_line
from parley.journal.recording import record
from parley.orders.events import ReasonsChanged
from parley.orders.models import CancelReason
from parley.parties.models import Membership

LONGEST = 120
LANGUAGES = ("en", "ru")


class ReasonUnknown(ValueError):
    """No reason of the list was picked."""

    def __init__(self) -> None:
        super().__init__(_("Pick a reason from the list."))


class ReasonRefused(ValueError):
    """A reason can't be called that; the text says why, to the reader."""


@dataclass(frozen=True, kw_only=True)
class ReasonTyped:
    """A reason as the operator has typed it: its name in each language; English has to be there."""

    names: dict[str, str]
    active: bool = True


def reasons() -> QuerySet[CancelReason]:
    """The reasons that can be picked now, in the operator's order."""
    return CancelReason.objects.filter(active=True).order_by("position", "id")


def all_reasons() -> QuerySet[CancelReason]:
    """Those switched off as well, for the operator's list."""
    return CancelReason.objects.order_by("position", "id")


def reason_to_pick(key: int | None) -> CancelReason:
    """The reason somebody picked. Raises ReasonUnknown."""
    found = reasons().filter(pk=key).first() if key else None
    if found is None:
        raise ReasonUnknown
    return found


def add_reason(names: dict[str, str], *, by: Membership) -> CancelReason:
    """Add a reason at the end of the list. Raises ReasonRefused."""
    names = _checked(names)
    with transaction.atomic():
        last = CancelReason.objects.aggregate(last=Max("position"))["last"]
        position = 0 if last is None else last + 1
        reason = CancelReason.objects.create(names=names, position=position)
        _tell(reason, "added", {"names": [None, names]}, by)
    return reason


def change_reason(key: int, given: ReasonTyped, *, by: Membership) -> CancelReason:
    """Rename a reason, switch it off or on. Orders cancelled for it keep the words they have.

    Raises CancelReason.DoesNotExist or ReasonRefused.
    """
    names = _checked(given.names)
    with transaction.atomic():
        reason = CancelReason.objects.select_for_update().get(pk=key)
        changed: dict[str, Any] = {}
        if reason.names != names:
            changed["names"] = [reason.names, names]
        if reason.active != given.active:
            changed["active"] = [reason.active, given.active]
        if changed:
            reason.names, reason.active = names, given.active
            reason.save(update_fields=["names", "active"])
            _tell(reason, "changed", changed, by)
    return reason


def move_reason(key: int, places: int, *, by: Membership) -> None:
    """Move a reason up (−1) or down (+1) the list. Raises CancelReason.DoesNotExist."""
    with transaction.atomic():
        listed = list(all_reasons().select_for_update())
        at = _place_of(key, listed)
        to = max(0, min(len(listed) - 1, at + places))
        if to == at:
            return
        listed.insert(to, listed.pop(at))
        for position, reason in enumerate(listed):
            reason.position = position
        CancelReason.objects.bulk_update(listed, ["position"])
        _tell(listed[to], "moved", {"position": [at, to]}, by)


def _place_of(key: int, listed: Sequence[CancelReason]) -> int:
    for place, reason in enumerate(listed):
        if reason.pk == key:
            return place
    raise CancelReason.DoesNotExist


def _checked(names: dict[str, str]) -> dict[str, str]:
    cleaned = {code: typed_line(names.get(code, "")) for code in LANGUAGES}
    if not cleaned["en"]:
        raise ReasonRefused(_("Write the reason in English; it stands in for other languages."))
    if any(len(name) > LONGEST for name in cleaned.values()):
        raise ReasonRefused(_("Keep a reason under %(most)s characters.") % {"most": LONGEST})
    return {code: name for code, name in cleaned.items() if name}


def _tell(reason: CancelReason, what: str, changed: dict[str, Any], by: Membership) -> None:
    record(ReasonsChanged(reason=reason.pk, what=what, changed=changed), by=by)
