"""Shopify, described."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from parley.channels.connectors.shape import Connector, Field
from parley.channels.connectors.shopify.checking import TOPICS, hears
from parley.channels.connectors.shopify.fetching import fetch, test
from parley.channels.connectors.shopify.mapping import key_of, order_of
from parley.channels.connectors.shopify.telling import tell
from parley.orders.models import ChannelKind

TAKE = Field(
    name="take",
    words=_("Which orders"),
    options=(("paid", _("those the buyer has paid for")), ("placed", _("all, as soon as placed"))),
)

SHOPIFY = Connector(
    kind=ChannelKind.SHOPIFY,
    words="Shopify",
    about=_("Orders arrive as they are placed; shipments are told back with their tracking."),
    fields=(
        Field(
            name="address",
            words=_("The shop's address"),
            placeholder="my-shop.myshopify.com",
            help=_("The one that ends in myshopify.com, not your own domain."),
        ),
        Field(
            name="token",
            words=_("Admin API access token"),
            secret=True,
            help=_(
                "From a custom app of your shop that may read_orders and "
                "write_merchant_managed_fulfillment_orders."
            ),
        ),
        Field(
            name="webhook_secret",
            words=_("Webhook signing secret"),
            secret=True,
            help=_("Shopify shows it below your webhooks, and as the app's API secret key."),
        ),
        TAKE,
    ),
    steps=(
        _("In Shopify, open Settings → Notifications → Webhooks."),
        _("Make a webhook for each of: Order creation, Order update, Order cancellation."),
        _("Format JSON, and the address above as its URL."),
        _("Copy the signing secret shown there into the settings of this channel."),
    ),
    topics=TOPICS,
    order_of=order_of,
    key_of=key_of,
    hears=hears,
    test=test,
    fetch=fetch,
    tell=tell,
)
