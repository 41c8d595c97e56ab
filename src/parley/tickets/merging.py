"""Merging a ticket into another: nothing is lost, and both numbers keep working (S2).

What was said on the one is on the other from then on; the one has ended, and its number leads there.
Every message keeps its audience. So a ticket can be merged only into one that all of its parties are
on; and what everyone on it could read stays between them where more parties read along.

The promise goes on as well: the other one takes over an answer that is owed, and by the earlier date.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from parley.conversations.carrying import carry_drafts, carry_messages
from parley.conversations.models import Message
from parley.journal.recording import record
from parley.parties.models import Membership
from parley.tickets.carrying import count_files, keep_unread
from parley.tickets.clocking import clocked_ticket, set_clock
from parley.tickets.events import TicketMerged, TicketTookIn
from parley.tickets.models import Link, LinkKind, Tagging, Ticket, TicketSide, UnsentReply
from parley.tickets.moving import everyone_on, lock, move, operator_of, party_of, sides_of
from parley.tickets.ordering import count_bound
from parley.tickets.replying import draft_place
from parley.tickets.states import Action, NotAllowed, Side, clock_holder
from parley.tickets.words import add_said, restate_words


class MergeRefused(ValueError):
    """The ticket can't be merged into that one; says why, to an agent."""


def merge(ticket_id: int, into: int, *, by: Membership) -> Ticket:
    """Merge a ticket into another; gives that one. The operator's people alone do.

    Raises Ticket.DoesNotExist, PermissionDenied or MergeRefused; then nothing has changed.
    """
    if not by.is_operator:
        raise PermissionDenied
    if ticket_id == into:
        raise MergeRefused(_("That is this ticket itself. Type the number of another one."))
    with transaction.atomic():
        # Always in one order, so that two who merge crosswise don't wait for each other.
        locked = {number: lock(by, number) for number in sorted((ticket_id, into))}
        source, target = locked[ticket_id], locked[into]
        _check(source, target)
        _merge(source, target, by)
    return target


def _check(source: Ticket, target: Ticket) -> None:
    numbers = {"one": source.number, "other": target.number}
    if source.merged_into_id or target.merged_into_id:
        raise MergeRefused(_("One of them was merged already."))
    if source.is_open and source.dispute == "open":
        raise MergeRefused(_("%(one)s is in dispute. Decide that first.") % numbers)
    if source.asks_to_cancel:
        raise MergeRefused(
            _("%(one)s asks to cancel an order. That has to be answered there.") % numbers
        )
    if not set(everyone_on(source)) <= set(everyone_on(target)):
        raise MergeRefused(
            _("Not everybody on %(one)s is on %(other)s: they would lose what was said.") % numbers
        )
    if UnsentReply.objects.filter(ticket=source, trouble="").exists():
        raise MergeRefused(
            _("A reply on %(one)s is just being sent. Try again in a moment.") % numbers
        )


def _merge(source: Ticket, target: Ticket, by: Membership) -> None:
    known, owed, clock = everyone_on(source), _owed(source, target), _clock(source)
    others = [party for party in known if party != operator_of(source)]
    narrow_to = others[0] if set(known) != set(everyone_on(target)) else None
    carried, narrowed = carry_messages(
        Q(conversation=source.conversation_id), target.conversation_id, narrow_to=narrow_to
    )
    _carry_sides(source, target, whole=narrow_to is None)
    keep_unread(source, target)
    carry_drafts(known, draft_place(source.pk), draft_place(target.pk))
    is_bound = _carry_marks(source, target, whole=narrow_to is None)
    moved = _take_over(source, target, owed)
    if is_bound:
        count_bound(target, by=by)
    record(
        TicketTookIn(
            **moved,
            source=source.pk,
            known=known,
            messages=tuple(carried),
            narrowed=tuple(narrowed),
            audience=narrow_to,
        ),
        by=by,
    )
    _keep_earlier(target, owed, clock)
    _end(source, target, carried, by)
    for ticket in (source, target):
        count_files(ticket)
    restate_words(source)
    add_said(target, Message.objects.filter(pk__in=carried))


def _owed(source: Ticket, target: Ticket) -> Side:
    """The side of `target` that owes an answer on `source`."""
    party = party_of(source, clock_holder(source.state))
    return next(
        (Side(name) for name, row in sides_of(target).items() if row.party_id == party), Side.NOBODY
    )


def _take_over(source: Ticket, target: Ticket, owed: Side) -> dict[str, Any]:
    """Move `target` to where it owes what is owed on `source`. Raises MergeRefused."""
    if owed is Side.NOBODY:
        return _as_it_stands(target)
    try:
        return move(target, Action.TAKE_IN, Side.OPERATOR, owed)
    except NotAllowed:
        numbers = {"one": source.number, "other": target.number}
        if not target.is_open:
            raise MergeRefused(
                _(
                    "%(one)s waits for an answer, and %(other)s has ended. "
                    "Merge it the other way round."
                )
                % numbers
            ) from None
        raise MergeRefused(
            _(
                "%(one)s waits for our answer, and %(other)s is between others. "
                "Answer it first, or step in there."
            )
            % numbers
        ) from None


def _as_it_stands(ticket: Ticket) -> dict[str, Any]:
    state = ticket.state
    return {
        "ticket": ticket.pk,
        "seen": everyone_on(ticket),
        "status": state.status.value,
        "turn": state.turn.value,
        "dispute": state.dispute.value,
        "clock_moved": False,
        "was": state.turn.value,
    }


def _carry_sides(source: Ticket, target: Ticket, *, whole: bool) -> None:
    """Each side's list shows when something moved last that it may see, on either."""
    theirs = {row.party_id: row for row in sides_of(target).values()}
    for row in sides_of(source).values():
        other = theirs[row.party_id]
        other.activity_at = max(other.activity_at, row.activity_at)
        if whole and row.dealt_at:
            # All may know of that: nothing of it was between fewer.
            other.dealt_at = max(other.dealt_at or row.dealt_at, row.dealt_at)
        TicketSide.objects.filter(pk=other.pk).update(
            activity_at=other.activity_at, dealt_at=other.dealt_at
        )


def _carry_marks(source: Ticket, target: Ticket, *, whole: bool) -> bool:
    """Tags, links, whose hands it is in, how much it matters, and the order it is about.

    Where more parties read along, they may know nothing of the order. Says whether it is about that
    order from now on.
    """
    tags = Tagging.objects.filter(ticket=source).values_list("tag_id", flat=True)
    Tagging.objects.bulk_create(
        [Tagging(ticket=target, tag_id=tag) for tag in tags], ignore_conflicts=True
    )
    _carry_links(source, target)
    target.assignee_id = target.assignee_id or source.assignee_id
    if source.is_open and source.urgency < target.urgency:
        target.priority, target.urgency = source.priority, source.urgency
    takes_order = whole and target.order_id is None and source.order_id is not None
    if takes_order:
        target.order_id, target.order_number = source.order_id, source.order_number
    target.operator_speaks = target.operator_speaks or source.operator_speaks
    target.answered_at = _earlier(target.answered_at, source.answered_at)
    target.save(
        update_fields=[
            "assignee", "priority", "urgency", "order", "order_number", "operator_speaks",
            "answered_at",
        ]
    )  # fmt: skip
    Ticket.objects.filter(merged_into=source).update(merged_into=target)
    # What could not be sent waits for its sender where they are led now.
    UnsentReply.objects.filter(ticket=source).update(ticket=target)
    return takes_order


def _carry_links(source: Ticket, target: Ticket) -> None:
    found = Link.objects.filter(Q(ticket=source) | Q(other=source))
    made = []
    for one in found:
        ends = [target.pk if end == source.pk else end for end in (one.ticket_id, one.other_id)]
        if ends[0] == ends[1]:
            continue
        if one.kind == LinkKind.RELATES:
            ends.sort()
        made.append(
            Link(ticket_id=ends[0], other_id=ends[1], kind=one.kind, person_id=one.person_id)
        )
    found.delete()
    Link.objects.bulk_create(made, ignore_conflicts=True)


def _earlier(*moments: Any) -> Any:
    return min((moment for moment in moments if moment), default=None)


def _clock(ticket: Ticket) -> dict[str, Any] | None:
    """The clock that runs on a ticket, as `set_clock` takes it."""
    if ticket.due_at is None:
        return None
    return {
        "started_at": ticket.clock_started_at,
        "due_at": ticket.due_at,
        "due_soon_at": ticket.due_soon_at,
        "seconds": ticket.clock_seconds,
    }


def _keep_earlier(target: Ticket, owed: Side, clock: dict[str, Any] | None) -> None:
    """Of two promises of one side, the earlier is kept."""
    if owed is Side.NOBODY or clock is None:
        return
    fresh = clocked_ticket(target.pk)
    if clock_holder(fresh.state) is owed and (
        fresh.due_at is None or clock["due_at"] < fresh.due_at
    ):
        set_clock(fresh, **clock)


def _end(source: Ticket, target: Ticket, carried: Sequence[int], by: Membership) -> None:
    moved = move(source, Action.MERGE, Side.OPERATOR) if source.is_open else _as_it_stands(source)
    source.merged_into = target
    source.save(update_fields=["merged_into"])
    record(TicketMerged(**moved, into=target.pk, messages=tuple(carried)), by=by)
