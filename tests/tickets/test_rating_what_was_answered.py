"""Only what somebody answered can be rated (T8): a scorecard counts answers, not silence."""

from __future__ import annotations

import pytest

from cast import Cast
from parley.tickets.ending import close, rate
from parley.tickets.models import Ticket
from parley.tickets.replying import Reply, reply
from parley.tickets.states import NotAllowed
from parley.web.ticket_page import ticket_context


def test_a_ticket_nobody_answered_is_closed_without_stars(cast: Cast) -> None:
    ticket = cast.ticket()
    close(ticket.pk, by=cast.seller)
    with pytest.raises(NotAllowed):
        rate(ticket.pk, 1, by=cast.seller)
    assert not ticket_context(cast.seller, ticket.pk)["may"]["rate"]


def test_what_was_answered_and_then_closed_can_still_be_rated(cast: Cast) -> None:
    ticket = cast.ticket()
    reply(ticket.pk, Reply(text="It arrives tomorrow."), by=cast.supplier)
    close(ticket.pk, by=cast.supplier)
    assert ticket_context(cast.seller, ticket.pk)["may"]["rate"]
    assert rate(ticket.pk, 4, by=cast.seller).stars == 4


def test_the_first_answer_is_noted_once_and_is_not_the_openers(cast: Cast) -> None:
    ticket = cast.ticket()
    reply(ticket.pk, Reply(text="One more thing."), by=cast.seller)
    assert Ticket.objects.get(pk=ticket.pk).answered_at is None
    reply(ticket.pk, Reply(text="Which parcel?", asks=True), by=cast.supplier)
    first = Ticket.objects.get(pk=ticket.pk).answered_at
    assert first is not None
    reply(ticket.pk, Reply(text="Found it."), by=cast.supplier)
    assert Ticket.objects.get(pk=ticket.pk).answered_at == first
