"""Making an order by hand (O9): delivery details, items, a shipping service, and completing it.

Until it is completed it is a draft: it stands under the seller's drafts, keeps what was chosen, shows
what it would cost now, and nobody else sees it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from parley.catalogue.access import products_visible_to, services_of
from parley.catalogue.models import Product, ShippingService
from parley.conversations.typed import typed
from parley.journal.moment import now
from parley.journal.recording import record
from parley.orders import events
from parley.orders.access import channels_of, drafts_of, orders_visible_to
from parley.orders.advancing import advance, queue_up
from parley.orders.holding import why_held
from parley.orders.models import Channel, ChannelKind, Order, OrderLine, Stage
from parley.orders.moving import seen_by_seller
from parley.orders.parting import part_out
from parley.orders.recipients import FIELDS, read_recipient
from parley.parties.models import Membership, PartyKind

MOST_LINES = 100
MOST_OF_ONE = 10_000


class NotASeller(Exception):
    """Only sellers make orders."""


class RecipientRefused(ValueError):
    """The delivery details can't be kept so; `problems` says why, field by field."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


class ItemRefused(ValueError):
    """An item can't be added; `code`: `gone` (not on offer), `quantity`, `currency`, `too_many`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Incomplete(ValueError):
    """The order can't be completed yet; `code`: `nothing` (no item), `gone` (`line` is not on offer)."""

    def __init__(self, code: str, line: OrderLine | None = None) -> None:
        super().__init__(code)
        self.code, self.line = code, line


class NotShippedThere(ValueError):
    """Something of it may not be shipped there; `why` is as `catalogue.eligibility` writes it."""

    def __init__(self, why: list[dict[str, Any]]) -> None:
        super().__init__(str(why))
        self.why = why


class CostChanged(ValueError):
    """It would cost something else than was agreed to: prices have changed meanwhile."""

    def __init__(self, before_minor: int, now_minor: int) -> None:
        super().__init__(f"{before_minor} → {now_minor}")
        self.before_minor, self.now_minor = before_minor, now_minor


def begin(written: Mapping[str, str], *, by: Membership) -> Order:
    """Begin an order with its delivery details (`recipients.FIELDS`, and `note`).

    Raises NotASeller and RecipientRefused.
    """
    if by.party.kind != PartyKind.SELLER:
        raise NotASeller
    address = _read(written)
    with transaction.atomic():
        order = Order.objects.create(
            seller=by.party,
            channel=_manual_channel(by),
            person_id=by.person_id,
            stage=Stage.DRAFT,
            note=typed(written.get("note", "")).strip()[:2000],
            **address,
        )
        record(events.OrderDrafted(order=order.pk, seen=(order.seller_id,)), by=by)
    return order


def readdress(draft_id: int, written: Mapping[str, str], *, by: Membership) -> Order:
    """Change a draft's delivery details. Raises Order.DoesNotExist and RecipientRefused."""
    address = _read(written)
    with transaction.atomic():
        order = _lock(draft_id, by)
        for name, value in address.items():
            setattr(order, name, value)
        order.note = typed(written.get("note", "")).strip()[:2000]
        order.save(update_fields=[*address, "note"])
    return order


def add_item(draft_id: int, product_id: int, quantity: int, *, by: Membership) -> OrderLine:
    """Add so many of a product to a draft; more of it, if it is there already.

    Raises Order.DoesNotExist and ItemRefused.
    """
    with transaction.atomic():
        order = _lock(draft_id, by)
        product = products_visible_to(by).filter(pk=product_id, active=True).first()
        if product is None:
            raise ItemRefused("gone")
        if product.currency != order.currency and order.lines.exists():
            raise ItemRefused("currency")
        line = order.lines.filter(product=product).first() or _new_line(order, product)
        line.quantity = _checked(quantity + (line.quantity if line.pk else 0))
        _take_prices(line, product)
        line.save()
        if order.currency != product.currency:
            order.currency = product.currency
            order.save(update_fields=["currency"])
        part_out(order)
    return line


def set_quantity(draft_id: int, line_id: int, quantity: int, *, by: Membership) -> Order:
    """Change how many of a draft's line there are; none takes it out.

    Raises Order.DoesNotExist, OrderLine.DoesNotExist and ItemRefused.
    """
    with transaction.atomic():
        order = _lock(draft_id, by)
        line = order.lines.get(pk=line_id)
        if quantity == 0:
            line.delete()
        else:
            line.quantity = _checked(quantity)
            line.save(update_fields=["quantity"])
        part_out(order)
    return order


def choose_service(draft_id: int, service_id: int, *, by: Membership) -> Order:
    """Ship the part of a draft that is of the service's supplier by this service.

    Raises Order.DoesNotExist, and ShippingService.DoesNotExist for one that is not offered for it.
    """
    with transaction.atomic():
        order = _lock(draft_id, by)
        suppliers = order.consignments.values_list("supplier", flat=True)
        service = services_of(suppliers).get(pk=service_id, currency=order.currency)
        _ship_by(order, service)
        part_out(order)
    return order


def discard(draft_id: int, *, by: Membership) -> None:
    """Throw a draft away. Raises Order.DoesNotExist."""
    with transaction.atomic():
        _lock(draft_id, by).delete()


def complete(draft_id: int, *, by: Membership, agreed_minor: int | None = None) -> Order:
    """Complete a draft: it is invoiced and paid as far as it can be now, and then passed on.

    `agreed_minor` is what the page said it costs. Completing it again gives the same order. Raises
    Order.DoesNotExist, RecipientRefused, Incomplete, NotShippedThere and CostChanged; it then stays a
    draft, at the prices of now.
    """
    with transaction.atomic():
        if not drafts_of(by).filter(pk=draft_id).exists():
            return _completed(draft_id, by)
        try:
            order = _lock(draft_id, by)
        except Order.DoesNotExist:  # completed at this very moment by a second press
            return _completed(draft_id, by)
        refresh(order)
        refusal = _refusal(order, agreed_minor)
        if refusal is None:
            _arrive(order, by)
    if refusal is not None:
        raise refusal
    return order


def _completed(order_id: int, by: Membership) -> Order:
    """One's own order that was completed before."""
    own = orders_visible_to(by).filter(seller=by.party_id)
    return own.defer("words").get(pk=order_id)


def refresh(order: Order) -> None:
    """Bring a locked draft to the prices of now: products', services'."""
    for line in order.lines.select_related("product"):
        assert line.product is not None
        _take_prices(line, line.product)
        line.save(update_fields=["sku", "title", "cost_minor", "vat_bp"])
    for part in order.consignments.select_related("service"):
        service = part.service
        if service is None or not service.active or service.currency != order.currency:
            order.consignments.filter(pk=part.pk).update(service=None)
        else:
            _ship_by(order, service)
    part_out(order)


def _refusal(order: Order, agreed_minor: int | None) -> ValueError | None:
    """Why a draft can't be completed as it is, or None."""
    _address, problems = read_recipient(recipient_of(order))
    if problems:
        return RecipientRefused(problems)
    lines = list(order.lines.select_related("product").order_by("position"))
    if not lines:
        return Incomplete("nothing")
    gone = next((line for line in lines if not _is_on_offer(order, line)), None)
    if gone is not None:
        return Incomplete("gone", gone)
    if why := why_held(order):
        return NotShippedThere(why)
    if agreed_minor is not None and agreed_minor != order.cost_minor:
        return CostChanged(agreed_minor, order.cost_minor)
    return None


def _is_on_offer(order: Order, line: OrderLine) -> bool:
    """Whether it can still be had, and for the currency that the order was begun in."""
    product = line.product
    return product is not None and product.active and product.currency == order.currency


def recipient_of(order: Order) -> dict[str, str]:
    """A draft's delivery details as they would be written."""
    return {field: str(getattr(order, f"to_{field}")) for field in FIELDS}


def _arrive(order: Order, by: Membership) -> None:
    order.stage = Stage.QUEUED
    order.placed_at = order.arrived_at = now()
    order.person_id = by.person_id
    order.save(update_fields=["stage", "placed_at", "arrived_at", "person"])
    seen = seen_by_seller(order)
    record(events.OrderArrived(order=order.pk, seen=seen, channel=order.channel_id), by=by)
    queue_up(order, by=by)
    advance(order, by=by)


def _lock(draft_id: int, by: Membership) -> Order:
    own = drafts_of(by).select_related("seller", "channel").defer("words")
    return own.select_for_update(of=("self",)).get(pk=draft_id)


def _read(written: Mapping[str, str]) -> dict[str, str]:
    address, problems = read_recipient(written)
    if problems:
        raise RecipientRefused(problems)
    return address


def _checked(quantity: int) -> int:
    if not 0 < quantity <= MOST_OF_ONE:
        raise ItemRefused("quantity")
    return quantity


def _new_line(order: Order, product: Product) -> OrderLine:
    last = order.lines.order_by("-position").values_list("position", flat=True).first()
    if last is not None and order.lines.count() >= MOST_LINES:
        raise ItemRefused("too_many")
    position = 0 if last is None else last + 1
    return OrderLine(order=order, product=product, position=position, quantity=0)


def _take_prices(line: OrderLine, product: Product) -> None:
    line.sku, line.title = product.sku, product.title
    line.cost_minor, line.vat_bp = product.price_minor, product.vat_bp


def _ship_by(order: Order, service: ShippingService) -> None:
    order.consignments.filter(supplier=service.supplier_id).update(
        service=service, shipping_minor=service.price_minor, shipping_vat_bp=service.vat_bp
    )


def _manual_channel(by: Membership) -> Channel:
    """The seller's channel of orders made by hand; it is made with the first of them."""
    found = channels_of(by).filter(seller=by.party_id, kind=ChannelKind.MANUAL).first()
    if found is not None:
        return found
    made, _new = Channel.objects.get_or_create(
        seller=by.party, name=MANUAL_NAME, defaults={"kind": ChannelKind.MANUAL}
    )
    return made


MANUAL_NAME = "Entered by hand"
