"""WooCommerce, described."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from parley.channels.connectors.shape import Connector, Field
from parley.channels.connectors.woocommerce.checking import TOPICS, hears
from parley.channels.connectors.woocommerce.fetching import fetch, test
from parley.channels.connectors.woocommerce.mapping import key_of, order_of
from parley.channels.connectors.woocommerce.telling import tell
from parley.orders.models import ChannelKind

WOOCOMMERCE = Connector(
    kind=ChannelKind.WOOCOMMERCE,
    words="WooCommerce",
    about=_("Orders arrive as they are placed; shipments are told back as a note to the buyer."),
    fields=(
        Field(name="address", words=_("The shop's address"), placeholder="https://shop.example"),
        Field(
            name="key",
            words=_("Consumer key"),
            secret=True,
            help=_(
                "In WooCommerce: Settings → Advanced → REST API → Add key, with Read/Write "
                "permissions."
            ),
        ),
        Field(name="secret", words=_("Consumer secret"), secret=True),
        Field(
            name="take",
            words=_("Which orders"),
            options=(
                ("paid", _("those the buyer has paid for")),
                ("placed", _("all, as soon as placed")),
            ),
        ),
    ),
    steps=(
        _("In WooCommerce, open Settings → Advanced → Webhooks."),
        _("Add two webhooks, with the topics Order created and Order updated, status Active."),
        _("Delivery URL: the address above. Secret: the one above. API version: v3."),
    ),
    topics=TOPICS,
    makes_secret=True,
    order_of=order_of,
    key_of=key_of,
    hears=hears,
    test=test,
    fetch=fetch,
    tell=tell,
)
