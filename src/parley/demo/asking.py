"""Tickets that ask a supplier to cancel an order: one is accepted, one declined, two still wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import override

from parley.demo.casting import Actor, Cast, Company
from parley.demo.trade.deals import Deal
from parley.journal.moment import at
from parley.orders.models import Order
from parley.tickets.calling_off import accept, decline, words_to_ask
from parley.tickets.models import Purpose, Topic
from parley.tickets.opening import NewTicket, open_ticket

TOPIC = "cancel-before-dispatch"
_DECLINED = "It was packed and labelled this morning, and the driver has it on the van."


@dataclass(frozen=True)
class _Asking:
    """How long ago a seller asked, and what the supplier answered, if it did."""

    asked: timedelta
    answered: timedelta | None = None
    accepted: bool = False


_ASKINGS = (
    _Asking(timedelta(hours=2)),
    _Asking(timedelta(hours=9), timedelta(hours=7)),
    _Asking(timedelta(minutes=55), timedelta(minutes=6), accepted=True),
    _Asking(timedelta(hours=3)),
)


def ask_to_cancel(cast: Cast, deals: Sequence[Deal], present: datetime) -> list[int]:
    """Let the topic ask from now on, and ask for each of the orders; gives the tickets."""
    let_it_ask(cast)
    topic = cast.topics[TOPIC]
    return [
        _ask(topic, deal, asking, present) for deal, asking in zip(deals, _ASKINGS, strict=True)
    ]


def let_it_ask(cast: Cast) -> None:
    """Have the demo's own topic ask to cancel, so that the house makes no second one at first use.

    From when its tickets are written: those of long ago asked nobody.
    """
    if Topic.objects.filter(purpose=Purpose.CANCEL_ORDER).exists():
        return
    topic = cast.topics[TOPIC]
    topic.purpose = Purpose.CANCEL_ORDER
    topic.save(update_fields=["purpose"])


def _ask(topic: Topic, deal: Deal, asking: _Asking, present: datetime) -> int:
    supplier = deal.parts[0].supplier
    by = _somebody_shown(deal.shop.company)
    order = Order.objects.get(pk=deal.id)
    with override(by.person.language), at(present - asking.asked):
        words = words_to_ask(order, [str(line) for line in order.lines.order_by("position")])
        new = NewTicket(
            topic=topic, title=words.title, text=words.text, to=supplier.party, order=deal.id
        )
        ticket = open_ticket(new, by=by.membership).pk
    if asking.answered is None:
        return ticket
    who = _somebody_shown(supplier).membership
    with override("en"), at(present - asking.answered):
        if asking.accepted:
            accept(ticket, by=who)
        else:
            decline(ticket, _DECLINED, by=who)
    return ticket


def _somebody_shown(company: Company) -> Actor:
    """Somebody one can sign in as, or else its owner."""
    shown = [actor for actor in company.people if actor.person.signs_in]
    return (shown or list(company.people))[-1]
