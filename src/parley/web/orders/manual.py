"""Making an order by hand (O9), step by step; half-made ones are kept as drafts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parley.catalogue.eligibility import country_choices, country_name, reason_in_words
from parley.catalogue.finding import pick
from parley.catalogue.models import ShippingService
from parley.ledger.balances import balance_beside
from parley.ledger.money import in_words
from parley.orders import drafting
from parley.orders.access import drafts_of, lines_visible_to, orders_visible_to
from parley.orders.models import Order, OrderLine, Stage
from parley.orders.recipients import FIELDS
from parley.orders.seeing_drafts import DraftPart, parts_of
from parley.postgres.keysets import CursorUnreadable, Keyset
from parley.web.reader import SignedInRequest
from parley.web.sides import seller_only

REFUSALS = (
    drafting.RecipientRefused,
    drafting.Incomplete,
    drafting.NotShippedThere,
    drafting.CostChanged,
    drafting.ItemRefused,
)


@require_GET
@seller_only
def drafts(request: SignedInRequest) -> HttpResponseBase:
    """The orders that were begun and not completed, the latest first: `orders/drafts.html`.

    Context: `rows`, `older`, `newer`.
    """
    keyset = Keyset(("id",), request.GET.get("cursor", ""))
    try:
        found = keyset.page(list(keyset.cut(drafts_of(request.reader).defer("words"))))
    except CursorUnreadable:
        raise Http404 from None
    context = {"rows": found.rows, "older": found.older, "newer": found.newer}
    return render(request, "orders/drafts.html", context)


@require_http_methods(["GET", "POST"])
@seller_only
def new_order(request: SignedInRequest) -> HttpResponseBase:
    """The first step, `orders/delivery.html`; posted, it begins a draft with delivery details."""
    if request.method == "GET":
        return _delivery(request, {"country": "GB"}, None)
    written = _written(request)
    try:
        order = drafting.begin(written, by=request.reader)
    except drafting.RecipientRefused as refusal:
        return _delivery(request, written, None, refusal.problems)
    return redirect("orders:draft", order.pk)


@require_http_methods(["GET", "POST"])
@seller_only
def draft_delivery(request: SignedInRequest, draft: int) -> HttpResponseBase:
    """The same form for a draft that has been begun."""
    order = _draft(request, draft)
    if request.method == "GET":
        return _delivery(request, drafting.recipient_of(order) | {"note": order.note}, order)
    written = _written(request)
    try:
        drafting.readdress(draft, written, by=request.reader)
    except drafting.RecipientRefused as refusal:
        return _delivery(request, written, order, refusal.problems)
    messages.success(request, _("The delivery details are saved."))
    return redirect("orders:draft", draft)


@require_GET
@seller_only
def draft(request: SignedInRequest, draft: int) -> HttpResponseBase:
    """A draft: its items, shipping services and cost, `orders/draft.html`.

    One that was completed meanwhile leads to its order.
    """
    found = _drafts(request).filter(pk=draft).first()
    if found is not None:
        return _page(request, found)
    own = orders_visible_to(request.reader).filter(seller=request.reader.party_id)
    if not own.filter(pk=draft).exists():
        raise Http404
    return redirect("orders:order", draft)


@require_GET
@seller_only
def draft_search(request: SignedInRequest, draft: int) -> HttpResponseBase:
    """What fits the words typed under *Add item*: `orders/_found_items.html`."""
    order = _draft(request, draft)
    text = request.GET.get("q", "").replace("\x00", "")[:200]
    currency = order.currency if order.has_items else ""  # type: ignore[attr-defined]
    return render(request, "orders/_found_items.html", _found(request, order, text, currency))


@require_POST
@seller_only
def draft_items(request: SignedInRequest, draft: int) -> HttpResponseBase:
    """Add `quantity` of a `product`."""

    def add() -> object:
        product, quantity = _number(request, "product"), _number(request, "quantity", 1)
        return drafting.add_item(draft, product, quantity, by=request.reader)

    return _act(request, draft, add, "items")


@require_POST
@seller_only
def draft_item(request: SignedInRequest, draft: int, item: int) -> HttpResponseBase:
    """Change the `quantity` of an item (a line); none takes it out."""

    def change() -> object:
        quantity = _number(request, "quantity", -1)
        return drafting.set_quantity(draft, item, quantity, by=request.reader)

    return _act(request, draft, change, "items")


@require_POST
@seller_only
def draft_services(request: SignedInRequest, draft: int) -> HttpResponseBase:
    """Choose a shipping `service` for its supplier's part."""

    def choose() -> object:
        return drafting.choose_service(draft, _number(request, "service"), by=request.reader)

    return _act(request, draft, choose, "shipping")


@require_POST
@seller_only
def draft_completion(request: SignedInRequest, draft: int) -> HttpResponseBase:
    """Complete the order: it is invoiced, paid and passed on. `agreed` is the cost it was shown at."""
    agreed = request.POST.get("agreed", "")
    minor = int(agreed) if agreed.isascii() and agreed.isdigit() and len(agreed) < 16 else None
    try:
        order = drafting.complete(draft, by=request.reader, agreed_minor=minor)
    except Order.DoesNotExist:
        raise Http404 from None
    except REFUSALS as refusal:
        return _page(request, _draft(request, draft), refused=refusal_in_words(refusal), status=409)
    messages.success(request, _completed(order))
    return redirect("orders:order", order.pk)


@require_POST
@seller_only
def draft_removal(request: SignedInRequest, draft: int) -> HttpResponseBase:
    """Throw the draft away."""
    try:
        drafting.discard(draft, by=request.reader)
    except Order.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("The draft is gone."))
    return redirect("orders:drafts")


def refusal_in_words(refusal: Exception) -> list[str]:
    """Why an order can't be completed, or an item not added, as sentences."""
    match refusal:
        case drafting.NotShippedThere():
            return [reason_in_words(one) for one in refusal.why]
        case drafting.RecipientRefused():
            return list(refusal.problems.values())
        case drafting.CostChanged():
            return [
                _("A price has changed meanwhile: look at the new total and complete it again.")
            ]
        case drafting.Incomplete(code="gone"):
            title = refusal.line.title if refusal.line else ""
            return [_("%(product)s is not on offer any more. Remove it.") % {"product": title}]
        case drafting.Incomplete():
            return [_("Add an item first.")]
        case drafting.ItemRefused():
            return [_item_refused(refusal.code)]
    raise refusal


def _item_refused(code: str) -> str:
    return {
        "gone": _("This product is not on offer any more."),
        "quantity": _("Write how many: from 1 to %(most)s.") % {"most": drafting.MOST_OF_ONE},
        "currency": _("All items of an order have prices in one currency."),
        "too_many": _("An order has at most %(most)s lines.") % {"most": drafting.MOST_LINES},
    }[code]


def _completed(order: Order) -> str:
    if order.stage in (Stage.PAID, Stage.PASSED):
        return _("Order %(number)s is paid and goes to the supplier.") % {"number": order.number}
    return _("The order is complete. It gets its number once it is paid.")


def _act(
    request: SignedInRequest, draft: int, act: Callable[[], object], place: str
) -> HttpResponseBase:
    try:
        act()
    except (Order.DoesNotExist, OrderLine.DoesNotExist):
        raise Http404 from None
    except ShippingService.DoesNotExist:
        messages.error(request, _("This service is not offered any more."))
    except drafting.ItemRefused as refusal:
        messages.error(request, " ".join(refusal_in_words(refusal)))
    return redirect(f"{reverse('orders:draft', args=[draft])}#{place}")


def _draft(request: SignedInRequest, key: int) -> Order:
    found = _drafts(request).filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def _drafts(request: SignedInRequest) -> QuerySet[Order]:
    """One's own drafts, each with what there is to pay it (`balance`), and whether it `has_items`."""
    balance = balance_beside("seller", "currency")
    items = lines_visible_to(request.reader).filter(order=OuterRef("pk"))
    drafts = drafts_of(request.reader).annotate(balance=balance, has_items=Exists(items))
    return drafts.select_related("channel").defer("words")


def _written(request: SignedInRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "").replace("\x00", "") for name in (*FIELDS, "note")}


def _number(request: SignedInRequest, name: str, usual: int = 0) -> int:
    text = request.POST.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else usual


def _delivery(
    request: SignedInRequest,
    written: dict[str, str],
    order: Order | None,
    problems: dict[str, str] | None = None,
) -> HttpResponse:
    context = {
        "order": order,
        "typed": dict.fromkeys((*FIELDS, "note"), "") | written,
        "countries": country_choices(),
        "problems": problems or {},
    }
    return render(request, "orders/delivery.html", context, status=422 if problems else 200)


def _found(request: SignedInRequest, order: Order, text: str, currency: str) -> dict[str, Any]:
    products = pick(request.reader, text, currency=currency)
    return {
        "order": order,
        "products": products,
        "text": text.strip(),
    }


def _page(
    request: SignedInRequest, order: Order, *, refused: list[str] | None = None, status: int = 200
) -> HttpResponse:
    """The page of a draft. Context: `order`, `parts` (`DraftPart`), `net`, `vat`, `balance`, `refused`."""
    parts = parts_of(order)
    context: dict[str, Any] = {
        "order": order,
        "parts": parts,
        "net": sum(part.net_minor for part in parts),
        "vat": sum(part.vat_minor for part in parts),
        "envelope": _envelope(order),
        "lacking": _lacking(order),
        "warnings": _warnings(parts),
        "refused": refused or [],
    }
    return render(request, "orders/draft.html", context, status=status)


def _lacking(order: Order) -> str:
    """By how much the seller's balance is short of the order, in words; empty if it is not."""
    lacking: int = order.cost_minor - order.balance  # type: ignore[attr-defined]
    return in_words(lacking, order.currency) if lacking > 0 else ""


def _envelope(order: Order) -> list[str]:
    """The address, with the country in the reader's words."""
    lines = order.address_lines
    return [*lines[:-1], country_name(order.to_country)] if order.to_country else lines


def _warnings(parts: list[DraftPart]) -> list[str]:
    return [reason_in_words(why) for part in parts for why in part.against]
