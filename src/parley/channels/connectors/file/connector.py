"""Files, described."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from parley.channels.connectors.file.mapping import order_of
from parley.channels.connectors.shape import Connector
from parley.orders.models import ChannelKind

FILE = Connector(
    kind=ChannelKind.FILE,
    words=_("Files"),
    about=_("You upload your orders as CSV or XLSX, see what each row becomes, and take them in."),
    order_of=order_of,
)
