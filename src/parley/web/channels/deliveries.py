"""One delivery: what came, what it became, and trying it again."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parley.channels.access import deliveries_of, may_work
from parley.channels.models import Delivery
from parley.channels.reasons import in_words
from parley.channels.receiving import body_of, try_again
from parley.web.channels.doors import with_channels
from parley.web.reader import SignedInRequest
from parley.web.sides import seller_only

SHOWN = 20_000


@require_GET
@with_channels
def delivery(request: SignedInRequest, delivery: int) -> HttpResponseBase:
    """`channels/delivery.html`. Context: `delivery`, `reason`, `body` (its beginning), `may_work`."""
    found = _found(request, delivery)
    body = body_of(found)
    context = {
        "delivery": found,
        "reason": in_words(found.reason),
        "body": body[:SHOWN].decode(errors="replace"),
        "size": len(body),
        "is_cut": len(body) > SHOWN,
        "may_work": may_work(request.reader),
    }
    return render(request, "channels/delivery.html", context)


@require_GET
@with_channels
def raw(request: SignedInRequest, delivery: int) -> HttpResponseBase:
    """The raw body as a download, byte by byte as it came."""
    found = _found(request, delivery)
    response = HttpResponse(body_of(found), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="delivery-{found.pk}.json"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_POST
@seller_only
def again(request: SignedInRequest, delivery: int) -> HttpResponseBase:
    """Have it understood anew."""
    try:
        found = try_again(delivery, by=request.reader)
    except Delivery.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("It is being tried again."))
    return redirect("channels:channel", found.channel_id)


def _found(request: SignedInRequest, delivery: int) -> Delivery:
    found = deliveries_of(request.reader).filter(pk=delivery).first()
    if found is None:
        raise Http404
    return found
