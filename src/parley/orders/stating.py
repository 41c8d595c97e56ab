"""Where an order stands, in words: the one sentence that leads it, and its symbols (O1, O2).

In the reader's own terms: the seller and the operator read of the whole order, a supplier of its part.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from parley.catalogue.eligibility import reason_in_words
from parley.journal.telling_time import day_and_time
from parley.ledger.money import in_words
from parley.orders.axes import Cancellation, Fulfilment, Payment
from parley.orders.models import (
    QUEUE,
    CancellationChoices,
    Consignment,
    FulfilmentChoices,
    Order,
    PaymentChoices,
    Stage,
)


class StateLine(NamedTuple):
    """`sentence` is in the active language; `tone` is calm, soon, over, waiting or done."""

    sentence: str
    tone: str
    icon: str


class Symbol(NamedTuple):
    """An icon and the word that says the same; `tone` as above, or empty for a quiet one."""

    icon: str
    words: str
    tone: str = ""


def state_line(
    order: Order,
    suppliers: Sequence[str] = (),
    *,
    lacking_minor: int = 0,
    unlinked: int = 0,
) -> StateLine:
    """Where `order` stands, for its seller and the operator.

    `suppliers` are their names. A page that knows them gives the money that is lacking (in minor
    units) and how many items are unknown; a list leaves them out.
    """
    if order.cancellation == Cancellation.CANCELLED:
        return StateLine(_cancelled(order), "waiting", "circle-x")
    if order.stage == Stage.PASSED:
        return _with_suppliers(order, ", ".join(suppliers))
    return _before(order, lacking_minor, unlinked)


def state_line_of_part(order: Order, part: Consignment) -> StateLine:
    """Where a supplier's part of an order stands, for that supplier."""
    if part.cancellation == Cancellation.CANCELLED:
        return StateLine(_("Cancelled · do not ship"), "waiting", "circle-x")
    if part.cancellation == Cancellation.ASKED:
        words = _("%(name)s asks to cancel · answer on the ticket") % {"name": order.seller.name}
        return StateLine(words, "soon", "clock-alert")
    if part.fulfilment == Fulfilment.UNSHIPPED and part.accepted_at is None:
        return StateLine(_("New · to be accepted and shipped"), "calm", "circle-dot")
    if part.fulfilment == Fulfilment.UNSHIPPED:
        return StateLine(_("Accepted · to be shipped"), "calm", "circle-dot")
    if part.fulfilment == Fulfilment.PART_SHIPPED:
        return StateLine(_("Part-shipped · the rest is to be shipped"), "calm", "circle-dot")
    return StateLine(str(part.get_fulfilment_display()), "done", "circle-check")


def _before(order: Order, lacking_minor: int, unlinked: int) -> StateLine:
    if order.stage == Stage.QUEUED:
        return _queued(order, lacking_minor)
    if order.stage == Stage.HELD:
        return StateLine(_held(order), "over", "circle-alert")
    if order.stage == Stage.NOT_LINKED:
        return StateLine(_not_linked(unlinked), "soon", "clock-alert")
    if order.stage == Stage.DISMISSED:
        return StateLine(_("Dismissed · it is neither invoiced nor shipped"), "waiting", "circle-x")
    if order.stage == Stage.PAID:
        if order.pass_at is None:
            return StateLine(_("Paid · soon with the supplier"), "waiting", "hourglass")
        words = {"when": day_and_time(order.pass_at)}
        line = _("Paid · goes to the supplier %(when)s") % words
        return StateLine(line, "waiting", "hourglass")
    return StateLine(str(Stage(order.stage).label), "waiting", "hourglass")


def _queued(order: Order, lacking_minor: int) -> StateLine:
    words = {"queue": QUEUE}
    if order.payment == Payment.FAILED:
        return StateLine(_("%(queue)s · the payment failed") % words, "over", "circle-alert")
    if order.payment != Payment.UNPAID:
        return StateLine(_("%(queue)s · being invoiced and paid") % words, "waiting", "hourglass")
    if lacking_minor <= 0:
        return StateLine(_("%(queue)s · waiting for payment") % words, "soon", "clock-alert")
    words |= {"amount": in_words(lacking_minor, order.currency)}
    line = _("%(queue)s · waiting for payment: %(amount)s lacking") % words
    return StateLine(line, "soon", "clock-alert")


def _held(order: Order) -> str:
    if not order.why_held:
        return _("Held · it goes where it may not be shipped")
    why = reason_in_words(order.why_held[0]).rstrip(".")
    if len(order.why_held) == 1:
        return _("Held · %(why)s") % {"why": why}
    more = len(order.why_held) - 1
    return ngettext(
        "Held · %(why)s, and %(n)s more reason", "Held · %(why)s, and %(n)s more reasons", more
    ) % {"why": why, "n": more}


def _not_linked(unlinked: int) -> str:
    if not unlinked:
        return _("Not linked · an item is unknown")
    return ngettext(
        "Not linked · %(n)s item is unknown", "Not linked · %(n)s items are unknown", unlinked
    ) % {"n": unlinked}


def _cancelled(order: Order) -> str:
    if order.refunded_minor:
        amount = in_words(order.refunded_minor, order.currency)
        return _("Cancelled · %(amount)s refunded") % {"amount": amount}
    return _("Cancelled")


def _with_suppliers(order: Order, names: str) -> StateLine:
    words = {"paid": order.get_payment_display(), "name": names or _("the supplier")}
    if order.cancellation == Cancellation.ASKED:
        line = _("Cancellation asked for · waiting for %(name)s") % words
        return StateLine(line, "soon", "hourglass")
    if order.fulfilment == Fulfilment.UNSHIPPED:
        line = _("%(paid)s · with %(name)s · to be shipped") % words
        return StateLine(line, "waiting", "hourglass")
    if order.fulfilment == Fulfilment.PART_SHIPPED:
        line = _("%(paid)s · with %(name)s · part-shipped") % words
        return StateLine(line, "waiting", "hourglass")
    words |= {"shipped": order.get_fulfilment_display()}
    return StateLine(_("%(paid)s · %(shipped)s") % words, "done", "circle-check")


_PAYMENTS = {
    Payment.QUEUED: ("banknote", ""),
    Payment.UNPAID: ("banknote-x", "soon"),
    Payment.FAILED: ("banknote-x", "over"),
    Payment.PAID: ("banknote-check", "done"),
    Payment.PART_REFUNDED: ("undo-2", "calm"),
    Payment.REFUNDED: ("undo-2", "calm"),
}
_SHIPPINGS = {
    Fulfilment.UNSHIPPED: ("package", ""),
    Fulfilment.PART_SHIPPED: ("package-open", "calm"),
    Fulfilment.SHIPPED: ("truck", "done"),
    Fulfilment.DELIVERED: ("package-check", "done"),
    Fulfilment.RETURNED: ("package-x", "soon"),
}


def payment_symbol(order: Order, part: Consignment | None = None) -> Symbol:
    """Paid, unpaid or refunded; for a supplier, of its own part."""
    return _payment(payment_of(order, part), get_language())


def shipping_symbol(order: Order, part: Consignment | None = None) -> Symbol:
    """Shipped, unshipped or something between; for a supplier, of its own part."""
    return _shipping((part or order).fulfilment, get_language())


def cancellation_symbol(order: Order, part: Consignment | None = None) -> Symbol | None:
    """Cancelled, or being asked for; none otherwise."""
    return _cancellation((part or order).cancellation, get_language())


def payment_of(order: Order, part: Consignment | None = None) -> str:
    """How an order stands with payment.

    For a supplier, of its own part: what was given back of another's is none of its matter.
    """
    if part is None:
        return order.payment
    if not part.refunded_minor:
        return Payment.PAID
    whole = part.refunded_minor >= part.total_minor
    return Payment.REFUNDED if whole else Payment.PART_REFUNDED


# A list has many of the same, and looking up a label takes longer than all the rest of a row.
@cache
def _payment(payment: str, _language: str | None) -> Symbol:
    icon, tone = _PAYMENTS[Payment(payment)]
    if payment == Payment.QUEUED:
        return Symbol(icon, _("Unpaid"), tone)
    return Symbol(icon, str(PaymentChoices(payment).label), tone)


@cache
def _shipping(fulfilment: str, _language: str | None) -> Symbol:
    icon, tone = _SHIPPINGS[Fulfilment(fulfilment)]
    return Symbol(icon, str(FulfilmentChoices(fulfilment).label), tone)


@cache
def _cancellation(cancellation: str, _language: str | None) -> Symbol | None:
    if cancellation == Cancellation.NONE:
        return None
    icon = "ban" if cancellation == Cancellation.CANCELLED else "circle-question-mark"
    return Symbol(icon, str(CancellationChoices(cancellation).label), "over")
