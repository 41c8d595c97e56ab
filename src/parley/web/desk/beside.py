"""What stands beside a ticket of its tags, its links and until when it is put aside."""

from __future__ import annotations

from typing import Any

from parley.parties.models import Membership
from parley.tickets.linking import CHOICES, STANDINGS, links_of
from parley.tickets.models import Ticket
from parley.tickets.snoozing import is_until_reply
from parley.tickets.tagging import tags_of
from parley.web.desk.spans import SPANS


def tags_context(reader: Membership, ticket: Ticket) -> dict[str, Any]:
    """What `desk/_more_tags.html` is given.

    `tags`, `links` (see `linking.Linked`), `standings` (pairs to choose from), `until_reply`
    (whether it is put aside until somebody replies), `spans` (pairs: for how long it can be put
    aside).
    """
    return {
        "tags": tags_of(ticket.pk),
        "links": links_of(ticket.pk),
        "standings": [(name, STANDINGS[name][2]) for name in CHOICES],
        "until_reply": is_until_reply(ticket),
        "spans": SPANS,
    }
