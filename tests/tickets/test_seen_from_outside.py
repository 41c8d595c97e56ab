"""What a side that is not told could still read off a ticket, and what happens when things come twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from cast import Cast
from parley.conversations.models import Message
from parley.journal.models import Entry
from parley.journal.moment import at
from parley.tickets.completing import claim_reminders
from parley.tickets.disputing import decide, step_in
from parley.tickets.models import Ticket, TicketSide
from parley.tickets.replying import Reply, reply
from parley.tickets.states import Side

pytestmark = pytest.mark.django_db


def _dealt(ticket: Ticket) -> list[tuple[str, object]]:
    return list(TicketSide.objects.order_by("id").values_list("side", "dealt_at"))


def test_when_a_side_last_dealt_does_not_tell_of_a_word_to_the_operator(cast: Cast) -> None:
    """All three read when each side last dealt with the ticket, so a word to one is no dealing."""
    ticket = cast.ticket()
    step_in(ticket.pk, "We look into it.", by=cast.lead)
    before = _dealt(ticket)
    for by, side in (
        (cast.seller, Side.OPENER),
        (cast.supplier, Side.COUNTERPARTY),
        (cast.agent, Side.OPENER),
        (cast.agent, Side.COUNTERPARTY),
    ):
        reply(ticket.pk, Reply(text="Between us", audience="side", side=side), by=by)
    assert _dealt(ticket) == before


def test_the_same_decision_twice_is_one(cast: Cast) -> None:
    """A button pressed twice, or a request sent again when its answer was lost."""
    ticket = cast.ticket()
    step_in(ticket.pk, "We look into it.", by=cast.lead)
    for _time in range(2):
        decide(ticket.pk, "opener", "The parcel is lost.", by=cast.lead)
    assert Entry.objects.filter(kind="DisputeDecided").count() == 1
    assert Message.objects.filter(text="The parcel is lost.").count() == 1


def test_another_decision_is_another(cast: Cast) -> None:
    ticket = cast.ticket()
    step_in(ticket.pk, "We look into it.", by=cast.lead)
    decide(ticket.pk, "opener", "The parcel is lost.", by=cast.lead)
    decide(ticket.pk, "both", "The parcel is lost.", by=cast.lead)
    reply(ticket.pk, Reply(text="It has been found!"), by=cast.seller)
    decide(ticket.pk, "both", "The parcel is lost.", by=cast.lead)
    assert Entry.objects.filter(kind="DisputeDecided").count() == 3


def test_no_reminder_comes_with_the_answer_itself(cast: Cast, settings: object) -> None:
    """Where tickets complete after a day, a day before that is the moment of the answer."""
    settings.AUTO_COMPLETE_DAYS = 1  # type: ignore[attr-defined]
    ticket = cast.ticket()
    answered = timezone.now()
    with at(answered):
        reply(ticket.pk, Reply(text="On its way."), by=cast.supplier)
    with at(answered + timedelta(minutes=1)):
        assert claim_reminders() == 0
