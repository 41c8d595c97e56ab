"""The JSON API, described."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from parley.channels.connectors.json_api.mapping import order_of
from parley.channels.connectors.shape import Connector
from parley.orders.models import ChannelKind

JSON = Connector(
    kind=ChannelKind.JSON,
    words=_("Your own programs (JSON)"),
    about=_("Your shop or your program sends each order to our API, with a token of yours."),
    steps=(
        _("Make an API token in Settings → API tokens."),
        _("Send each order as JSON to the address above; docs/api.md says what it holds."),
        _("The answer is 202: it has been stored. What became of it stands in the list below."),
    ),
    topics=frozenset({"order"}),
    order_of=order_of,
)
