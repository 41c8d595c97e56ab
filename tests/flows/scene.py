"""A marketplace in which something has happened, so that every page has something to show."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.files.base import ContentFile

from cast import Cast
from flows.pictures import document, photo
from parley.conversations.attaching import receive
from parley.conversations.models import Audience
from parley.parties.models import Membership
from parley.tickets import disputing, ending
from parley.tickets.assigning import assign
from parley.tickets.models import Outcome, Ticket
from parley.tickets.replying import Reply, reply
from parley.tickets.states import Side

LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
LONG_TITLE = (
    "Посылка с кухонным гарнитуром уже две недели стоит на сортировочном складе в Подольске, "
    f"и никто не говорит, когда её повезут дальше ({LONG_WORD})"
)
LONG_TEXT = f"""Hello, the parcel **has not moved** since Tuesday:

1. `scanned` in Leeds,
2. then nothing at all.

> We hand everything over the same day.

| when | where |
|---|---|
| Tuesday 09:14 | Leeds |
| Tuesday 21:50 | https://tracking.example/{"0123456789" * 12} |

{LONG_WORD * 2}

    a line of a log {"that is much longer than any page is wide " * 6}
"""


@dataclass(frozen=True)
class Scene:
    """Tickets in every state that looks different."""

    waiting: Ticket
    """Long and wide, with files, words for one side and a note; the seller's turn, and urgent."""
    answered: Ticket
    completed: Ticket
    dispute: Ticket
    decided: Ticket


def set_scene(cast: Cast) -> Scene:
    return Scene(
        waiting=_waiting(cast),
        answered=_answered(cast),
        completed=_completed(cast),
        dispute=_dispute(cast),
        decided=_decided(cast),
    )


def _waiting(cast: Cast) -> Ticket:
    files = [
        _file(cast.seller, photo("коробка помята.jpg")),
        _file(cast.seller, document("invoice.pdf")),
    ]
    ticket = cast.ticket(
        title=LONG_TITLE[:200],
        text=LONG_TEXT,
        priority="urgent",
        order_number="HM-20931",
        attachments=files,
    )
    say = Reply(
        text="Между нами: у них так уже третий раз.", audience=Audience.SIDE, side=Side.OPENER
    )
    reply(ticket.pk, say, by=cast.seller)
    reply(
        ticket.pk, Reply(text="They owe us *two* more.", audience=Audience.OPERATOR), by=cast.lead
    )
    assign(ticket.pk, cast.agent.person_id, by=cast.lead)
    ask = Reply(text="Which label is on the box?", asks=True, asked=Side.OPENER)
    reply(ticket.pk, ask, by=cast.supplier)
    return ticket


def _answered(cast: Cast) -> Ticket:
    ticket = cast.ticket()
    reply(ticket.pk, Reply(text="It comes tomorrow before noon."), by=cast.supplier)
    return ticket


def _completed(cast: Cast) -> Ticket:
    ticket = cast.ticket()
    reply(ticket.pk, Reply(text="A new one is on its way."), by=cast.supplier)
    ending.rate(ticket.pk, 4, "Quick, thank you", by=cast.seller)
    return ticket


def _dispute(cast: Cast) -> Ticket:
    ticket = cast.ticket()
    reply(ticket.pk, Reply(text="We see no fault on our side."), by=cast.supplier)
    disputing.ask_operator(ticket.pk, "They refuse a refund.", by=cast.seller)
    return ticket


def _decided(cast: Cast) -> Ticket:
    ticket = _dispute(cast)
    disputing.decide(ticket.pk, Outcome.OPENER, "The photos show the damage.", by=cast.lead)
    return ticket


def _file(by: Membership, file: dict[str, object]) -> object:
    assert isinstance(file["buffer"], bytes)
    return receive(by, str(file["name"]), ContentFile(file["buffer"], str(file["name"]))).pk
