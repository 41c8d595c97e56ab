"""Every connector there is."""

from __future__ import annotations

from parley.channels.connectors.file.connector import FILE
from parley.channels.connectors.json_api.connector import JSON
from parley.channels.connectors.shape import Connector
from parley.channels.connectors.shopify.connector import SHOPIFY
from parley.channels.connectors.woocommerce.connector import WOOCOMMERCE

CONNECTORS: dict[str, Connector] = {one.kind: one for one in (SHOPIFY, WOOCOMMERCE, JSON, FILE)}


def connector_of(kind: str) -> Connector | None:
    """The connector of a kind of channel; None for orders that are entered by hand."""
    return CONNECTORS.get(kind)
