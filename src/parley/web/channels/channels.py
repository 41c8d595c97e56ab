"""The list of channels, and adding one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from parley.channels.access import may_manage, shown_channels_of
from parley.channels.connecting import ChannelRefused, Typed, add_channel, try_out
from parley.channels.connectors.shape import Connector
from parley.channels.connectors.table import CONNECTORS
from parley.channels.reasons import Trouble, in_words
from parley.web.channels.doors import owners_only, with_channels
from parley.web.reader import SignedInRequest

ICONS = {"shopify": "shopping-bag", "woocommerce": "store", "json": "braces", "file": "file-up"}


@require_GET
@with_channels
def channels(request: SignedInRequest) -> HttpResponseBase:
    """`channels/channels.html`. Context: `rows` (channel, trouble in words), `may_manage`, `icons`."""
    rows = [
        (channel, in_words(channel.connection.trouble))
        for channel in shown_channels_of(request.reader)
    ]
    context = {
        "rows": rows,
        "may_manage": may_manage(request.reader),
        "icons": ICONS,
        "kinds": {kind: one.words for kind, one in CONNECTORS.items()},
    }
    return render(request, "channels/channels.html", context)


@require_GET
@owners_only
def kinds(request: SignedInRequest) -> HttpResponseBase:
    """Pick what to connect: `channels/kinds.html`. Context: `connectors`, `icons`."""
    context = {"connectors": list(CONNECTORS.values()), "icons": ICONS}
    return render(request, "channels/kinds.html", context)


@require_http_methods(["GET", "POST"])
@owners_only
def new(request: SignedInRequest, kind: str) -> HttpResponseBase:
    """The form of a new channel, `channels/form.html`; posted with `do` = test or save."""
    connector = CONNECTORS.get(kind)
    if connector is None:
        raise Http404
    if request.method == "GET":
        return form_page(request, connector, Typed(_usual_name(connector)))
    typed = typed_in(request, connector)
    try:
        if request.POST.get("do") == "test":
            try_out(kind, typed, by=request.reader)
            return form_page(request, connector, typed, tested="")
        made = add_channel(kind, typed, by=request.reader)
    except ChannelRefused as refusal:
        return form_page(request, connector, typed, problems=refusal.problems, status=422)
    except Trouble as trouble:
        return form_page(request, connector, typed, tested=in_words(trouble.reason))
    messages.success(request, _("The channel is added."))
    return redirect("channels:channel", made.pk)


def typed_in(request: HttpRequest, connector: Connector) -> Typed:
    """What the form holds."""
    values = {one.name: request.POST.get(one.name, "") for one in connector.fields}
    return Typed(request.POST.get("name", "").replace("\x00", ""), values)


def form_page(
    request: SignedInRequest,
    connector: Connector,
    typed: Typed,
    *,
    problems: dict[str, str] | None = None,
    tested: str | None = None,
    channel: Any = None,
    status: int = 200,
) -> HttpResponse:
    """The form of a channel: `channels/form.html`.

    Context: `connector`, `typed`, `problems`, `channel` (None for a new one), `known` (its secrets),
    `tested` (None: not tested; empty: it works; or what is wrong).
    """
    context = {
        "connector": connector,
        "typed": typed,
        "problems": problems or {},
        "tested": tested,
        "channel": channel,
        "known": channel.connection.secrets if channel else {},
    }
    return render(request, "channels/form.html", context, status=status)


def _usual_name(connector: Connector) -> str:
    return str(connector.words) if connector.fields or connector.kind == "file" else ""
