"""Saying how tickets hang together; the operator's people alone do and see this."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parley.journal.recording import record
from parley.parties.models import Membership
from parley.tickets.access import tickets_visible_to
from parley.tickets.events import TicketLinked
from parley.tickets.models import Link, LinkKind, Ticket
from parley.tickets.moving import lock, operator_of


class LinkRefused(ValueError):
    """The ticket can't stand so to that one."""


class LinkedToItself(LinkRefused):
    """A ticket has nothing to say of itself."""


class NoSuchTicket(LinkRefused):
    """There is no other ticket of that number."""


class NoSuchStanding(LinkRefused):
    """Tickets don't stand to one another like that."""


STANDINGS: dict[str, tuple[str, bool, str | Promise]] = {
    "relates": (LinkKind.RELATES.value, True, _("Has to do with")),
    "duplicates": (LinkKind.DUPLICATES.value, True, _("Says the same as")),
    "duplicated": (LinkKind.DUPLICATES.value, False, _("Is said again in")),
    "blocks": (LinkKind.BLOCKS.value, True, _("Has to be settled before")),
    "blocked": (LinkKind.BLOCKS.value, False, _("Waits for")),
    "split": (LinkKind.SPLIT.value, True, _("Was a part of")),
    "whole": (LinkKind.SPLIT.value, False, _("A part of it is on")),
}
"""How a ticket can stand to another: the kind of link, whether it leads from the ticket, the words."""
CHOICES = ("relates", "duplicates", "duplicated", "blocks", "blocked")
"""Those that people choose from; the others come about by splitting."""


@dataclass(frozen=True)
class Linked:
    """A link as one of its tickets shows it."""

    key: int
    words: str | Promise
    ticket: Ticket
    standing: str


def link(ticket_id: int, standing: str, other_id: int, *, by: Membership) -> bool:
    """Say how a ticket stands to another (a key of STANDINGS); whether that is new.

    Raises Ticket.DoesNotExist, PermissionDenied or LinkRefused.
    """
    if not by.is_operator:
        raise PermissionDenied
    if standing not in CHOICES:
        raise NoSuchStanding(standing)
    with transaction.atomic():
        there = set(
            tickets_visible_to(by).filter(pk__in=(ticket_id, other_id)).values_list("pk", flat=True)
        )
        if ticket_id not in there:
            raise Ticket.DoesNotExist
        if other_id == ticket_id:
            raise LinkedToItself
        if other_id not in there:
            raise NoSuchTicket
        # Both, in one order: a link points at the other, so that two crosswise would wait for each.
        locked = {number: lock(by, number) for number in sorted(there)}
        return keep_link(locked[ticket_id], standing, other_id, by=by)


def keep_link(ticket: Ticket, standing: str, other_id: int, *, by: Membership) -> bool:
    """The same for a ticket that is locked already, in any of the STANDINGS."""
    kind, leads_away, _words = STANDINGS[standing]
    first, second = (ticket.pk, other_id) if leads_away else (other_id, ticket.pk)
    if kind == LinkKind.RELATES:
        first, second = sorted((first, second))
    _link, made = Link.objects.get_or_create(
        ticket_id=first, other_id=second, kind=kind, defaults={"person_id": by.person_id}
    )
    if made:
        _tell(ticket, first, second, kind, by, on=True)
    return made


def unlink(ticket_id: int, key: int, *, by: Membership) -> bool:
    """Take a link away; whether it was there. Raises Ticket.DoesNotExist or PermissionDenied."""
    if not by.is_operator:
        raise PermissionDenied
    with transaction.atomic():
        ticket = lock(by, ticket_id)
        found = Link.objects.filter(_of(ticket.pk), pk=key).first()
        if found is None:
            return False
        found.delete()
        _tell(ticket, found.ticket_id, found.other_id, found.kind, by, on=False)
    return True


def links_of(ticket_id: int) -> list[Linked]:
    """How a ticket stands to others, the oldest link first, in one query. For the operator's people."""
    found = Link.objects.filter(_of(ticket_id)).order_by("id")
    return [_seen_from(ticket_id, one) for one in found.select_related(*_SHOWN)]


_SHOWN = [f"{end}__{party}" for end in ("ticket", "other") for party in ("turn_party", "opener")]


def _of(ticket_id: int) -> Q:
    return Q(ticket=ticket_id) | Q(other=ticket_id)


def _seen_from(ticket_id: int, one: Link) -> Linked:
    leads_away = one.ticket_id == ticket_id
    both_ways = one.kind == LinkKind.RELATES
    standing = next(
        name
        for name, (kind, away, _words) in STANDINGS.items()
        if kind == one.kind and (both_ways or away is leads_away)
    )
    other = one.other if leads_away else one.ticket
    return Linked(one.pk, STANDINGS[standing][2], other, standing)


def _tell(ticket: Ticket, first: int, second: int, kind: str, by: Membership, *, on: bool) -> None:
    """Both tickets have it in their history."""
    seen = (operator_of(ticket),)
    for one, other in ((first, second), (second, first)):
        record(TicketLinked(ticket=one, seen=seen, other=other, link=kind, on=on), by=by)
