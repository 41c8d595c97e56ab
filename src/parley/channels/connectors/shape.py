"""The shape of a connector: what a folder in here has to say of its platform. See docs/connectors.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parley.channels.models import Connection
from parley.orders.models import Order, Shipment
from parley.orders.taking import ArrivedOrder

Told = Mapping[str, Any]
"""An order as the platform tells it: JSON, read."""
Headers = Mapping[str, str]
"""HTTP headers by their names in lower case."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """Something to fill in. A secret is sealed, and never shown again. `options`: value, words."""

    name: str
    words: Any
    help: Any = ""
    placeholder: str = ""
    secret: bool = False
    required: bool = True
    options: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What a webhook is about, from its headers. `nothing`: it only asks whether we are there."""

    delivery_id: str = ""
    topic: str = ""
    nothing: bool = False


class NotSigned(Exception):
    """The signature is missing or wrong: whoever sent it is not the shop."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of orders that were changed, oldest first. `until`: all changed before are read then."""

    orders: tuple[Told, ...]
    until: datetime | None


@dataclass(frozen=True, kw_only=True)
class Connector:
    """What a platform can do, and how. What it can't is None.

    `order_of` is pure: a told order and the channel's settings give an ArrivedOrder, or Unmappable.
    `key_of` tells one version of an order from the next. The others may raise Trouble.
    """

    kind: str
    words: Any
    about: Any
    order_of: Callable[[Told, Mapping[str, Any]], ArrivedOrder]
    fields: tuple[Field, ...] = ()
    steps: tuple[Any, ...] = ()
    """How to have the platform send its webhooks here, step by step."""
    topics: frozenset[str] = frozenset()
    """The topics that carry an order; what has another is kept and passed over."""
    makes_secret: bool = False
    """Whether the secret that webhooks are signed with is ours to make, and to be copied there."""
    hears: Callable[[Headers, bytes, Mapping[str, Any]], Heard] | None = None
    key_of: Callable[[Told], str] | None = None
    test: Callable[[Connection], None] | None = None
    fetch: Callable[[Connection, datetime], Iterator[Page]] | None = None
    tell: Callable[[Connection, Order, Shipment], None] | None = None
