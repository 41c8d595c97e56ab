"""What notices are about: a ticket, an order, or a page; how each is called and where it is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from parley.channels import reasons
from parley.ledger.money import in_words
from parley.notifications import addresses
from parley.notifications.access import Sight
from parley.notifications.models import Notice
from parley.orders.models import Order
from parley.parties.models import Membership, PartyKind
from parley.tickets.addresses import order_address
from parley.tickets.stating import state_line
from parley.transfer import troubles


class Name(NamedTuple):
    """How a thing is called in a list: its number (if it has one) and title."""

    number: str
    title: str

    @property
    def in_a_row(self) -> str:
        return f"{self.number} {self.title}".strip()


@dataclass(frozen=True)
class Subject:
    """What a notice is about, as its person may see it now, in the active language."""

    name: Name
    state: str
    tone: str
    at: str
    """Its page's address."""
    open_words: str
    answerable: bool
    """Whether it is a ticket, where an answer is written on its page."""


def name_of(notice: Notice) -> Name:
    """How what it is about is called."""
    if notice.ticket is not None:
        return Name(str(notice.ticket.number), notice.ticket.title)
    if notice.order is not None:
        return _name_of_order(notice.order)
    return Name("", _PAGES[notice.event].title(notice.facts))


def subject_of(notice: Notice, sight: Sight) -> Subject:
    """What a mail about it says of it."""
    if sight.ticket is not None:
        state = state_line(sight.ticket, sight.reader.party_id)
        at = addresses.ticket_address(sight.reader, sight.ticket.pk, notice.message_id)
        return Subject(
            Name(str(sight.ticket.number), sight.ticket.title),
            # The sentence names what they can do on a page; who has none is told how things are.
            state.sentence if at else state.status,
            state.tone,
            at,
            _open_words(sight.reader),
            answerable=True,
        )
    if sight.order is not None:
        return Subject(
            _name_of_order(sight.order),
            _why_unpaid(notice.facts),
            "over",
            order_address(sight.order.pk),
            _("Open the order"),
            answerable=False,
        )
    return Subject(
        name_of(notice),
        _PAGES[notice.event].state(notice.facts),
        _PAGES[notice.event].tone,
        addresses.page_address(notice.path),
        _("Open the page"),
        answerable=False,
    )


def _open_words(reader: Membership) -> str:
    if reader.party.kind == PartyKind.VISITOR:
        return _("Answer in the messenger")
    return _("Open and answer")


def key_of(notice: Notice) -> str:
    """The same for all notices of one thing: `ticket-17`."""
    if notice.ticket_id is not None:
        return f"ticket-{notice.ticket_id}"
    if notice.order_id is not None:
        return f"order-{notice.order_id}"
    return "page-" + notice.path.strip("/").replace("/", "-")


class _Page(NamedTuple):
    """What a notice about a page says of it, from its facts."""

    title: Callable[[dict[str, Any]], str]
    state: Callable[[dict[str, Any]], str]
    tone: str = "over"


def _name_of_channel(facts: dict[str, Any]) -> str:
    return _("Channel: %(name)s") % {"name": facts["name"]}


def _trouble_of_channel(facts: dict[str, Any]) -> str:
    return reasons.in_words(facts["reason"])


_PAGES: dict[str, _Page] = {
    "ExportFailed": _Page(
        lambda facts: _("Orders export: %(name)s") % {"name": facts["name"]},
        lambda facts: troubles.in_words(facts["trouble"]),
    ),
    "JoinAsked": _Page(
        lambda _facts: _("The people of your company"),
        lambda _facts: _("Waiting for an owner's yes or no"),
        "calm",
    ),
    "ChannelLost": _Page(_name_of_channel, _trouble_of_channel),
    "DeliveryFailed": _Page(_name_of_channel, _trouble_of_channel),
}


def _name_of_order(order: Order) -> Name:
    number = str(order.number or order.channel_number or order.shown_number)
    return Name(number, _("Order for %(name)s") % {"name": order.to_name})


def _why_unpaid(facts: dict[str, Any]) -> str:
    if facts.get("reason"):
        return _("%(reason)s. It will be tried again by itself.") % {
            "reason": str(facts["reason"]).rstrip(".")
        }
    lacking = in_words(facts["lacking_minor"], facts["currency"])
    return _(
        "%(amount)s is missing on the balance. The order waits in the queue, and is paid by itself as"
        " soon as there is enough."
    ) % {"amount": lacking}
