"""The variables of a macro's text: `{{ticket.number}}` becomes T-10042.

Nothing is evaluated: a variable is one of a short list of names, and its value is put in as it is. A
name that is not on the list stays where it is, so that it is seen before it is sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from parley.parties.models import Membership
from parley.tickets.models import Ticket, name_in

VARIABLES = (
    "ticket.number", "ticket.title", "ticket.topic", "order.number", "opener.name", "opener.company",
    "counterparty.company", "agent.name", "operator.name",
)  # fmt: skip
_VARIABLE = re.compile(r"\{\{\s*([a-zA-Z_.]{1,40})\s*\}\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with each variable that has a value in its place; values are not looked into again."""
    return _VARIABLE.sub(lambda found: values.get(found[1].lower(), found[0]), text)


def unknown_in(text: str) -> list[str]:
    """The variables of `text` that there are none of, as they are written."""
    return [found[0] for found in _VARIABLE.finditer(text) if found[1].lower() not in VARIABLES]


def values_for(ticket: Ticket, by: Membership, language: str) -> dict[str, str]:
    """What the variables are for a ticket, with its parties, person and topic loaded, and an agent.

    What has names in several languages is named in `language`, which is the text's.
    """
    return {
        "ticket.number": ticket.number,
        "ticket.title": ticket.title,
        "ticket.topic": name_in(ticket.topic.names, language),
        "order.number": ticket.order_number,
        "opener.name": ticket.opener_person.name,
        "opener.company": ticket.opener.name,
        "counterparty.company": ticket.counterparty.name,
        "agent.name": by.person.name,
        "operator.name": by.party.name,
    }
