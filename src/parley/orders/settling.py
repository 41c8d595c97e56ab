"""Invoicing an order and having it paid (O7)."""

from __future__ import annotations

from parley.orders.models import Order
from parley.parties.models import Membership


def settle(order: Order, *, by: Membership | None) -> None:
    """Have a queued, locked order paid and invoiced."""
    raise NotImplementedError
