"""One change made to many tickets by a job: with progress, and with a way back for ten minutes (S2).

Which tickets they are is fixed when it begins. Each is changed by the capability that changes one, so
that its history and everybody's lists say so; that it was come to is kept in the same transaction.
So any number of workers, killed at any moment, change each exactly once.

Taken back, each gets what it had before, unless somebody has changed it since: then it is left so.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from parley.desk.bulk_actions import REFUSALS, change_of
from parley.desk.events import BulkBegun, BulkFinished, BulkUndoing, BulkUndone
from parley.desk.models import Bulk, BulkAction, BulkItem, BulkState, Fate
from parley.journal.moment import now
from parley.journal.recording import record
from parley.parties.access import acting_membership
from parley.parties.models import Membership
from parley.tickets.access import tickets_visible_to
from parley.tickets.models import Ticket

MOST = 10_000
"""Tickets in one bulk."""
CHUNK = 25
"""Tickets that are changed, and locked, in one transaction."""
UNDO_FOR = timedelta(minutes=10)


class BulkRefused(ValueError):
    """It can't be begun or taken back; says why, to an agent."""


def begin(
    action: str, value: Any, tickets: Collection[int], *, by: Membership, words: str = ""
) -> Bulk:
    """Begin to change `tickets`; the job goes on with it. `words` say to people what is done.

    Raises PermissionDenied or BulkRefused.
    """
    from parley.desk.jobs import work_bulk

    if not by.is_operator:
        raise PermissionDenied
    if action not in BulkAction.values:
        raise BulkRefused(_("Pick one from the list."))
    if len(tickets) > MOST:
        raise BulkRefused(_("At most %(most)s tickets are changed at once.") % {"most": MOST})
    with transaction.atomic():
        there = tickets_visible_to(by).filter(pk__in=tickets, merged_into=None).order_by("pk")
        numbers = list(there.values_list("pk", flat=True))
        if not numbers:
            raise BulkRefused(_("Choose at least one ticket."))
        bulk = Bulk.objects.create(
            by=by, action=action, value=value, words=words[:200], total=len(numbers)
        )
        BulkItem.objects.bulk_create(
            [BulkItem(bulk=bulk, ticket_id=number) for number in numbers], batch_size=2000
        )
        told = BulkBegun(bulk=bulk.pk, action=action, value=value, total=bulk.total)
        record(told, by=by)
        work_bulk.defer(bulk_id=bulk.pk)
    return bulk


def undo(bulk_id: int, *, by: Membership) -> Bulk:
    """Take it back: whoever did it, within UNDO_FOR of its end, or while it is under way.

    Raises Bulk.DoesNotExist (also for somebody else's) or BulkRefused.
    """
    from parley.desk.jobs import work_bulk

    with transaction.atomic():
        bulk = Bulk.objects.select_for_update().get(pk=bulk_id, by=by)
        if bulk.state in (BulkState.UNDOING, BulkState.UNDONE):
            return bulk
        if not can_be_undone(bulk):
            raise BulkRefused(_("It is too late to take it back."))
        bulk.state = BulkState.UNDOING
        bulk.save(update_fields=["state"])
        record(BulkUndoing(bulk=bulk.pk), by=by)
        work_bulk.defer(bulk_id=bulk.pk)
    return bulk


def can_be_undone(bulk: Bulk) -> bool:
    """Whether there is still a way back."""
    if bulk.state == BulkState.RUNNING:
        return True
    return (
        bulk.state == BulkState.FINISHED and bulk.undo_until is not None and now() < bulk.undo_until
    )


def bulk_of(reader: Membership, bulk_id: int) -> Bulk:
    """One of the reader's own. Raises Bulk.DoesNotExist."""
    return Bulk.objects.get(pk=bulk_id, by=reader)


def fates_of(bulk: Bulk) -> dict[str, int]:
    """What became of how many of its tickets."""
    counted = BulkItem.objects.filter(bulk=bulk).values("fate").annotate(count=Count("id"))
    return {row["fate"]: row["count"] for row in counted.order_by("fate")}


def work(bulk_id: int) -> None:
    """Go on with a bulk until it is done, or taken back."""
    while work_on(bulk_id):
        pass


def work_on(bulk_id: int) -> bool:
    """Change, or change back, the next few of its tickets; whether there may be more."""
    with transaction.atomic():
        bulk = Bulk.objects.select_for_update(skip_locked=True).filter(pk=bulk_id).first()
        if bulk is None or bulk.state in (BulkState.FINISHED, BulkState.UNDONE):
            return False  # Or another worker is on it.
        by = acting_membership(bulk.by.person_id, bulk.by_id)
        undoing = bulk.state == BulkState.UNDOING
        items = list(
            bulk.items.filter(fate=Fate.DONE if undoing else Fate.WAITING).order_by("id")[:CHUNK]
        )
        if not items:
            _finish(bulk, undoing=undoing)
            return False
        _lock([item.ticket_id for item in items])
        for item in items:
            step = _undo_one if undoing else _do_one
            item.fate = step(bulk, item, by) if by else _given_up(undoing=undoing)
        BulkItem.objects.bulk_update(items, ["fate", "before"])
    return True


def under_way() -> list[int]:
    """The bulks that are not at their end: a job of theirs may have been lost."""
    states = [BulkState.RUNNING, BulkState.UNDOING]
    return list(Bulk.objects.filter(state__in=states).order_by("id").values_list("pk", flat=True))


def _given_up(*, undoing: bool) -> Fate:
    """Whoever did it acts for the operator no more."""
    return Fate.KEPT if undoing else Fate.REFUSED


def _do_one(bulk: Bulk, item: BulkItem, by: Membership) -> Fate:
    change = change_of(bulk.action)
    wanted = change.wanted(bulk.value)
    try:
        with transaction.atomic():
            ticket = _locked(item)
            if change.current(ticket, bulk.value) == wanted:
                return Fate.SAME
            item.before = change.before(ticket, bulk.value)
            change.put(item.ticket_id, wanted, bulk.value, by)
    except REFUSALS:
        return Fate.REFUSED
    return Fate.DONE


def _undo_one(bulk: Bulk, item: BulkItem, by: Membership) -> Fate:
    change = change_of(bulk.action)
    try:
        with transaction.atomic():
            ticket = _locked(item)
            if change.current(ticket, bulk.value) != change.wanted(bulk.value):
                return Fate.KEPT
            change.put(item.ticket_id, item.before, bulk.value, by)
    except REFUSALS:
        return Fate.KEPT
    return Fate.UNDONE


def _lock(tickets: list[int]) -> None:
    """All of them, before anything that a change of the first locks (a team's rota, say).

    Whoever replies on one of them locks that ticket first, and the rota after it.
    """
    list(Ticket.objects.select_for_update().filter(pk__in=tickets).order_by("pk").values("pk"))


def _locked(item: BulkItem) -> Ticket:
    return Ticket.objects.select_for_update(of=("self",)).get(pk=item.ticket_id, merged_into=None)


def _finish(bulk: Bulk, *, undoing: bool) -> None:
    bulk.state = BulkState.UNDONE if undoing else BulkState.FINISHED
    bulk.finished_at = now()
    bulk.undo_until = None if undoing else now() + UNDO_FOR
    bulk.save(update_fields=["state", "finished_at", "undo_until"])
    event = BulkUndone if undoing else BulkFinished
    record(event(bulk=bulk.pk, fates=fates_of(bulk)), by=bulk.by)
