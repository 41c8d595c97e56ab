"""On an order that is not linked: finding the product of a line, linking it, or dismissing the order."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parley.catalogue.access import products_visible_to
from parley.catalogue.finding import pick
from parley.catalogue.models import Product
from parley.orders.access import lines_visible_to
from parley.orders.linking import NotToBeLinked, OtherCurrency, dismiss, link_by_hand
from parley.orders.models import Order, OrderLine, Stage
from parley.parties.models import Membership
from parley.web.reader import SignedInRequest
from parley.web.sides import seller_only

MOST = 8


@require_GET
@seller_only
def products(request: SignedInRequest, line: int) -> HttpResponseBase:
    """Products that may be the one of a line, for what is typed in `q`: `channels/_products.html`."""
    found = lines_visible_to(request.reader).filter(pk=line).first()
    if found is None:
        raise Http404
    asked = request.GET.get("q", "").strip()
    # Nothing typed yet: what is called alike is offered.
    guesses = (asked,) if asked else (found.sku, found.title)
    options = next(filter(None, (found_products(request.reader, one) for one in guesses)), [])
    context = {"products": options, "line": found, "asked": asked}
    return render(request, "channels/_products.html", context)


@require_POST
@seller_only
def link(request: SignedInRequest, line: int) -> HttpResponseBase:
    """Link a line to `product`, and its like on that channel from now on."""
    found = lines_visible_to(request.reader).filter(pk=line).first()
    if found is None:
        raise Http404
    try:
        product = chosen_product(request.reader, request.POST.get("product", ""))
        order = link_by_hand(line, product.pk, by=request.reader)
    except Product.DoesNotExist:
        messages.error(request, _("Pick a product from the list."))
    except OtherCurrency:
        words = _("This product is priced in another currency than the rest of the order.")
        messages.error(request, words)
    except NotToBeLinked:
        messages.error(request, _("The order has moved on: there is nothing to link any more."))
    except OrderLine.DoesNotExist:
        raise Http404 from None
    else:
        linked = order.stage not in (Stage.NOT_LINKED, Stage.MATCHING)
        messages.success(
            request,
            _("All of it is linked: the order goes on.") if linked else _("The item is linked."),
        )
    return redirect("orders:order", found.order_id)


@require_POST
@seller_only
def dismissal(request: SignedInRequest, order: int) -> HttpResponseBase:
    """Dismiss an order that is not for this marketplace."""
    try:
        dismiss(order, by=request.reader)
    except Order.DoesNotExist:
        raise Http404 from None
    except NotToBeLinked:
        messages.error(request, _("The order has moved on: it can't be dismissed any more."))
    else:
        messages.success(request, _("The order is dismissed. Nothing will be charged or shipped."))
    return redirect("orders:order", order)


def found_products(reader: Membership, text: str) -> list[Product]:
    """The products on offer that `text` may mean."""
    text = text.replace("\x00", "").strip()[:200]
    return pick(reader, text, most=MOST) if text else []


def chosen_product(reader: Membership, key: str) -> Product:
    """The product that somebody picked. Raises Product.DoesNotExist."""
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        raise Product.DoesNotExist
    return products_visible_to(reader).get(pk=int(key))
