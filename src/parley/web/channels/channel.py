"""One channel: how orders get here from it, what arrived, and its settings."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parley.channels.access import deliveries_of, files_of, may_manage, may_work
from parley.channels.connecting import ChannelRefused, Typed, change_channel, switch, try_out
from parley.channels.connectors.shape import Connector
from parley.channels.connectors.table import CONNECTORS
from parley.channels.models import Delivery, DeliveryState
from parley.channels.reasons import Trouble, in_words
from parley.orders.models import Channel, ChannelKind
from parley.web.channels.channels import ICONS, form_page, typed_in
from parley.web.channels.doors import channel_of, owners_only, with_channels
from parley.web.reader import SignedInRequest

PAGE = 25


@require_GET
@with_channels
def channel(request: SignedInRequest, channel: int) -> HttpResponseBase:
    """`channels/channel.html`; for htmx the list of deliveries alone, `channels/_deliveries.html`.

    Context: `channel`, `connector`, `incoming` (the address that webhooks go to), `secret` (to be
    copied, for an owner), `trouble`, `may_manage`, `may_work`, and of `_deliveries`: `rows`, `older`,
    `newer`, `state`, or `files` for a channel of files.
    """
    found = channel_of(request, channel)
    connector = CONNECTORS[found.kind]
    reader = request.reader
    context: dict[str, Any] = {
        "channel": found,
        "connector": connector,
        "icons": ICONS,
        "incoming": _incoming(found, connector) if not reader.is_operator else "",
        "secret": _secret(found, connector) if may_manage(reader) else "",
        "trouble": in_words(found.connection.trouble),
        "may_manage": may_manage(reader),
        "may_work": may_work(reader),
        "here": request.get_full_path(),
    }
    if found.kind == ChannelKind.FILE:
        context["files"] = list(files_of(reader).filter(channel=found)[:PAGE])
    else:
        context |= _deliveries(request, found)
    fragment = request.htmx and found.kind != ChannelKind.FILE
    template = "channels/_deliveries.html" if fragment else "channels/channel.html"
    return render(request, template, context)


@require_http_methods(["GET", "POST"])
@owners_only
def change(request: SignedInRequest, channel: int) -> HttpResponseBase:
    """The channel's form, `channels/form.html`; posted with `do` = test or save."""
    found = channel_of(request, channel)
    connector = CONNECTORS[found.kind]
    if request.method == "GET":
        return form_page(
            request, connector, Typed(found.name, found.connection.settings), channel=found
        )
    typed = typed_in(request, connector)
    try:
        if request.POST.get("do") == "test":
            try_out(found.kind, typed, by=request.reader, channel_id=found.pk)
            return form_page(request, connector, typed, tested="", channel=found)
        change_channel(found.pk, typed, by=request.reader)
    except ChannelRefused as refusal:
        return form_page(
            request, connector, typed, problems=refusal.problems, channel=found, status=422
        )
    except Trouble as trouble:
        words = in_words(trouble.reason)
        return form_page(request, connector, typed, tested=words, channel=found)
    messages.success(request, _("The channel is saved."))
    return redirect("channels:channel", found.pk)


@require_POST
@owners_only
def switching(request: SignedInRequest, channel: int) -> HttpResponseBase:
    """Switch it off or on: `active` = on or off."""
    active = request.POST.get("active") == "on"
    try:
        switch(channel, active=active, by=request.reader)
    except Channel.DoesNotExist:
        raise Http404 from None
    messages.success(
        request,
        _("The channel is on. What was missed meanwhile is fetched now.")
        if active
        else _("The channel is off. Nothing is taken from it until it is on again."),
    )
    return redirect("channels:channel", channel)


def _incoming(found: Channel, connector: Connector) -> str:
    if connector.hears is not None:
        return settings.PUBLIC_URL + reverse("incoming", args=[found.connection.key])
    if found.kind == ChannelKind.JSON:
        return settings.PUBLIC_URL + f"/api/v1/channels/{found.pk}/orders"
    return ""


def _secret(found: Channel, connector: Connector) -> str:
    if not connector.makes_secret:
        return ""
    return str(found.connection.secrets.get("webhook_secret", ""))


def _deliveries(request: SignedInRequest, found: Channel) -> dict[str, Any]:
    state = request.GET.get("state", "")
    deliveries: QuerySet[Delivery] = deliveries_of(request.reader).filter(channel=found)
    if state in DeliveryState.values:
        deliveries = deliveries.filter(state=state)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        deliveries = deliveries.filter(pk__lt=int(before))
    rows = list(deliveries[: PAGE + 1])
    more = f"state={state}&" if state else ""
    return {
        "rows": [(row, in_words(row.reason)) for row in rows[:PAGE]],
        "older": f"?{more}before={rows[PAGE - 1].pk}" if len(rows) > PAGE else "",
        "newer": (f"?state={state}" if state else "?") if before else "",
        "state": state,
        "states": DeliveryState.choices,
    }
