"""What stands beside a ticket of its tags, its links and what it was merged with."""

from __future__ import annotations

from typing import Any

from parley.parties.models import Membership
from parley.tickets.models import Ticket
from parley.tickets.tagging import tags_of


def tags_context(reader: Membership, ticket: Ticket) -> dict[str, Any]:
    """What `desk/_more_tags.html` is given: `tags`."""
    return {"tags": tags_of(ticket.pk)}
