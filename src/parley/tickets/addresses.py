"""Where a ticket, and the order it is about, are read: for mails and for answers."""

from __future__ import annotations

from django.conf import settings

from parley.parties.models import Membership


def ticket_address(reader: Membership, ticket_id: int) -> str:
    """The ticket's page, as this reader has it: at the desk, or among a company's tickets."""
    desk = "/desk" if reader.is_operator else ""
    return f"{settings.PUBLIC_URL}{desk}/tickets/{ticket_id}/"


def order_address(order_id: int) -> str:
    """The order's page."""
    return f"{settings.PUBLIC_URL}/orders/{order_id}/"
