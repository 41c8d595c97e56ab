"""Verifying, on a ticket, that somebody who quotes a support PIN is who they say (P2)."""

from __future__ import annotations

from functools import cache

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Case, QuerySet, Value, When

from parley.journal.recording import record
from parley.parties.models import (
    Membership,
    PartyKind,
    PinOutcome,
    PinUse,
    PinWay,
    Role,
)
from parley.parties.pinning import try_pin
from parley.postgres.questions import Given, Question
from parley.tickets.access import tickets_visible_to
from parley.tickets.events import PersonVerified
from parley.tickets.models import Ticket

MOST_PEOPLE = 60


class NotOnTheTicket(ValueError):
    """The person is none of the people of the parties of this ticket."""


def people_to_verify(ticket: Ticket) -> list[Membership]:
    """Who may say that it is them: the people of both parties, whoever opened the ticket first."""
    opener_first = Case(When(person_id=ticket.opener_person_id, then=Value(0)), default=Value(1))
    return list(_people(ticket).order_by(opener_first, "party__name", "person__name")[:MOST_PEOPLE])


def verify(ticket_id: int, person_id: int, typed: str, *, by: Membership) -> PinOutcome:
    """Whether `typed` is the PIN of the person, who calls or writes about the ticket.

    A right one marks them as verified on the ticket. Call it outside a transaction: each try counts.
    Raises PermissionDenied (it is the operator's to do), Ticket.DoesNotExist, NotOnTheTicket and
    TooManyTries.
    """
    if not by.is_operator:
        raise PermissionDenied
    ticket = tickets_visible_to(by).get(pk=ticket_id)
    if not _people(ticket).filter(person_id=person_id).exists():
        raise NotOnTheTicket
    with transaction.atomic():
        outcome = try_pin(
            person_id, typed, by=by, way=PinWay.TICKET, conversation=ticket.conversation_id
        )
        if outcome == PinOutcome.RIGHT:
            seen = (by.party_id,)
            record(PersonVerified(ticket=ticket.pk, seen=seen, person=person_id), by=by)
    return outcome


def verified_on(conversation_id: int) -> list[PinUse]:
    """The latest time at which each person was verified there, with them and the agent; newest first."""
    latest = _verified().ask(conversation=conversation_id)
    return sorted(latest, key=lambda use: use.at, reverse=True)


@cache
def _verified() -> Question[PinUse]:
    right = PinUse.objects.filter(conversation=Given("conversation"), outcome=PinOutcome.RIGHT)
    newest = right.order_by("person", "-at").distinct("person")
    return Question(newest.select_related("person", "agent"))


def _people(ticket: Ticket) -> QuerySet[Membership]:
    return (
        Membership.objects.select_related("person", "party")
        .filter(
            party__in=(ticket.opener_id, ticket.counterparty_id),
            role__in=(Role.MEMBER, Role.OWNER),
            active=True,
            person__is_active=True,
        )
        .exclude(party__kind=PartyKind.VISITOR)
    )
