"""What a token has to be good for at each address: its first word says about what, its method how."""

from __future__ import annotations

from parley.parties.models import Scope

BASE = "/api/v1/"
LOOKS = frozenset({"GET", "HEAD", "OPTIONS"})
_TICKETS = (Scope.TICKETS_READ, Scope.TICKETS_WRITE)
_ORDERS = (Scope.ORDERS_READ, Scope.ORDERS_WRITE)
_MONEY = (Scope.MONEY_READ, None)
AREAS: dict[str, tuple[Scope, Scope | None]] = {
    "tickets": _TICKETS,
    "topics": _TICKETS,
    "attachments": _TICKETS,
    "orders": _ORDERS,
    "cancel-reasons": _ORDERS,
    "channels": _ORDERS,
    "exports": _ORDERS,
    "balances": _MONEY,
    "invoices": _MONEY,
}
"""The first word of an address → what is needed to look, and what to change something."""
FOR_ANY = frozenset({"me"})
"""Addresses that any token is good for: they say whose it is."""


class NoScope(LookupError):
    """No token is good for this: the address is in no area, or nothing can be changed there."""


def scope_for(path: str, method: str) -> Scope | None:
    """The scope that a request needs; None where any token will do. Raises NoScope."""
    area = path.removeprefix(BASE).partition("/")[0]
    if area in FOR_ANY:
        return None
    if area not in AREAS:
        raise NoScope(path)
    look, change = AREAS[area]
    needed = look if method in LOOKS else change
    if needed is None:
        raise NoScope(path)
    return needed
