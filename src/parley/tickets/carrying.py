"""What merging and splitting share: messages go from one ticket to another, and all that hangs on them.

A message keeps its audience wherever it goes: whoever could read it can, and nobody else.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.db.models import Q, Sum

from parley.conversations.models import Audience, Message
from parley.parties.models import Membership
from parley.tickets.models import Reading, Ticket, TicketSide
from parley.tickets.moving import sides_of
from parley.tickets.states import Side

INSTANT = timedelta(microseconds=1)


def count_files(ticket: Ticket) -> None:
    """Count anew the files on a locked ticket that each side may see."""
    said = Message.objects.filter(conversation=ticket.conversation_id, attached__gt=0)
    for row in sides_of(ticket).values():
        visible = said if row.party_id == _operator(ticket) else said.filter(_for(row.party_id))
        row.attachments = visible.aggregate(files=Sum("attached"))["files"] or 0
        TicketSide.objects.filter(pk=row.pk).update(attachments=row.attachments)


def _operator(ticket: Ticket) -> int | None:
    third = sides_of(ticket).get(Side.OPERATOR)
    if third is not None:
        return third.party_id
    return ticket.opener_id if ticket.opener.is_operator else ticket.counterparty_id


def _for(party_id: int) -> Q:
    return Q(audience=Audience.EVERYONE) | Q(audience=Audience.SIDE, audience_party=party_id)


def keep_unread(source: Ticket, target: Ticket) -> None:
    """Let nobody's unread messages of `source` pass for read on `target`.

    Whoever had read one and not the other has read the other up to where they had not read on.
    """
    read = dict(Reading.objects.filter(ticket=source).values_list("person_id", "read_at"))
    activity = {row.party_id: row.activity_at for row in sides_of(source).values()}
    readings = list(Reading.objects.filter(ticket=target))
    changed = []
    for reading, parties in _with_parties(readings, activity):
        latest = max(activity[party] for party in parties)
        up_to = read.get(reading.person_id, source.created_at - INSTANT)
        if up_to < latest and up_to < reading.read_at:
            reading.read_at = up_to
            changed.append(reading)
    Reading.objects.bulk_update(changed, ["read_at"])


def _with_parties(
    readings: list[Reading], activity: Mapping[int, object]
) -> list[tuple[Reading, list[int]]]:
    """Each reading with those parties of the ticket that its person acts for."""
    acting: dict[int, list[int]] = {}
    people = [reading.person_id for reading in readings]
    for person, party in Membership.objects.filter(
        person__in=people, party__in=list(activity)
    ).values_list("person_id", "party_id"):
        acting.setdefault(person, []).append(party)
    return [(r, acting[r.person_id]) for r in readings if r.person_id in acting]
