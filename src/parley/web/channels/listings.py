"""The listings of a channel: which of the seller's items is which supplier's product."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parley.catalogue.models import Product
from parley.channels.access import may_work
from parley.orders.access import listings_of
from parley.orders.linking import ListingRefused, channel_for, list_product, unlist
from parley.orders.models import Channel, Listing
from parley.web.channels.doors import channel_of, with_channels
from parley.web.channels.linking import chosen_product, found_products
from parley.web.reader import SignedInRequest
from parley.web.sides import seller_only

PAGE = 50


@require_GET
@with_channels
def listings(request: SignedInRequest, channel: int) -> HttpResponseBase:
    """What is linked: `channels/listings.html`.

    Context: `channel`, `rows`, `older`, `newer`, `query`, `typed`, `problem`, `may_work`.
    """
    return _page(request, channel_of(request, channel))


@require_POST
@seller_only
def listing(request: SignedInRequest, channel: int) -> HttpResponseBase:
    """Link the channel's item `sku` or `listing_id` to `product`."""
    found = channel_of(request, channel)
    typed = {
        name: request.POST.get(name, "").replace("\x00", "").strip()
        for name in ("sku", "listing_id", "title", "product")
    }
    try:
        product = chosen_product(request.reader, typed["product"])
        list_product(
            channel_for(found.pk, by=request.reader),
            product,
            sku=typed["sku"][:80],
            listing_id=typed["listing_id"][:100],
            title=typed["title"] or product.title,
            by=request.reader,
        )
    except Product.DoesNotExist:
        return _page(request, found, typed, _("Pick a product from the list."), 422)
    except ListingRefused:
        words = _("Say by what the channel knows the item: its SKU or its item number.")
        return _page(request, found, typed, words, 422)
    except Channel.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("Linked. Orders that waited for it are matched now."))
    return redirect("channels:listings", found.pk)


@require_GET
@seller_only
def products(request: SignedInRequest, channel: int) -> HttpResponseBase:
    """Products to pick from, for what is typed in `q`: `channels/_products.html`."""
    channel_of(request, channel)
    asked = request.GET.get("q", "")
    options = found_products(request.reader, asked)
    context = {"products": options, "line": None, "asked": asked}
    return render(request, "channels/_products.html", context)


@require_POST
@seller_only
def removal(request: SignedInRequest, listing: int) -> HttpResponseBase:
    """Take a listing away."""
    try:
        gone = unlist(listing, by=request.reader)
    except Listing.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("The item is not linked any more. Orders that are stay so."))
    return redirect("channels:listings", gone.channel_id)


def _page(
    request: SignedInRequest,
    found: Channel,
    typed: dict[str, str] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    query = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    rows = listings_of(request.reader).filter(channel=found).select_related("product__supplier")
    if query:
        rows = rows.filter(
            Q(sku__istartswith=query) | Q(listing_id__startswith=query) | Q(title__icontains=query)
        )
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    page = list(rows.defer("product__words").order_by("-id")[: PAGE + 1])
    context: dict[str, Any] = {
        "channel": found,
        "rows": page[:PAGE],
        "older": f"?before={page[PAGE - 1].pk}" if len(page) > PAGE else "",
        "newer": "?" if before else "",
        "query": query,
        "typed": typed or {},
        "problem": problem,
        "may_work": may_work(request.reader),
    }
    return render(request, "channels/listings.html", context, status=status)
