"""Using a macro on a ticket: what it does is done at once, what it says is the agent's to send."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction

from parley.desk.events import MacroUsed
from parley.desk.filling import fill, values_for
from parley.desk.keeping_macros import macros_for
from parley.desk.models import Hands, Macro
from parley.journal.recording import record
from parley.parties.models import Membership
from parley.tickets.access import tickets_visible_to
from parley.tickets.assigning import NotATeam, assign, pass_to, set_priority
from parley.tickets.models import Ticket, name_in
from parley.tickets.tagging import TagUnknown, put_tag


@dataclass(frozen=True)
class Begun:
    """What the agent goes on with: a text to send, and the way it is to be said (empty: any)."""

    text: str
    way: str


def use_macro(key: int, ticket_id: int, *, by: Membership) -> Begun:
    """Do what the macro does, all of it or nothing, and give what it says, filled in.

    The text is in the language of whoever opened the ticket, a note in the agent's own. A tag or a
    team that is not in use any more is passed over. Raises Ticket.DoesNotExist, PermissionDenied, or
    Macro.DoesNotExist.
    """
    if not by.is_operator:
        raise PermissionDenied
    ticket = (
        tickets_visible_to(by)
        .select_related("opener", "opener_person", "counterparty", "topic")
        .get(pk=ticket_id)
    )
    macro = macros_for(by).get(pk=key)
    with transaction.atomic():
        _act(macro, ticket, by)
        record(MacroUsed(ticket=ticket.pk, macro=macro.pk, name=macro.name), by=by)
    language = by.person.language if macro.way == "note" else ticket.opener_person.language
    text = name_in(macro.texts, language)
    return Begun(fill(text, values_for(ticket, by, language)), macro.way)


def _act(macro: Macro, ticket: Ticket, by: Membership) -> None:
    if macro.priority:
        set_priority(ticket.pk, macro.priority, by=by)
    for tag in macro.tags:
        with suppress(TagUnknown):
            put_tag(ticket.pk, tag, by=by)
    if macro.passes_to_id:
        with suppress(NotATeam):
            pass_to(ticket.pk, macro.passes_to_id, by=by)
    if macro.hands == Hands.MINE:
        assign(ticket.pk, by.person_id, by=by)
    elif macro.hands == Hands.NOBODY:
        assign(ticket.pk, None, by=by)
