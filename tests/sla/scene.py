"""The people of the clock tests: three companies in a week without holidays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from parley.journal.moment import at
from parley.parties.models import Membership
from parley.tickets.models import Ticket, Topic
from parley.tickets.opening import NewTicket, open_ticket


def clock(text: str) -> datetime:
    """A moment in London in November 2026: `Mon 09:00` is the 9th; GMT, and no holidays near."""
    day, time = text.split()
    days = {"Mon": 9, "Tue": 10, "Wed": 11, "Thu": 12, "Fri": 13, "Sat": 14, "Sun": 15}
    return datetime.fromisoformat(f"2026-11-{days[day]:02} {time}").replace(tzinfo=UTC)


@dataclass(frozen=True)
class Scene:
    seller: Membership
    supplier: Membership
    agent: Membership
    to_supplier: Topic
    to_operator: Topic

    def opens(self, moment: str = "Mon 09:00", **more: object) -> Ticket:
        """The seller opens a ticket, to the supplier unless told otherwise."""
        fields: dict[str, object] = {
            "topic": self.to_supplier,
            "to": self.supplier.party,
            "title": "Parcel has not arrived",
            "text": "It was due last Tuesday.",
        }
        with at(clock(moment)):
            ticket = open_ticket(NewTicket(**(fields | more)), by=self.seller)  # type: ignore[arg-type]
        return Ticket.objects.get(pk=ticket.pk)
