"""Telling people: from an entry of the journal to the notices of those who should know.

Who that is stands in `recipients.py` for what happens on tickets, in `matters.py` for the rest.
"""

from __future__ import annotations

from collections.abc import Mapping

from parley.journal.events import Event
from parley.journal.models import Entry
from parley.notifications.carrying import where_it_is
from parley.notifications.choosing import first_try
from parley.notifications.counting import add_one, lock_numbers
from parley.notifications.matters import matter_of
from parley.notifications.models import Mail, Notice, Preference, Way
from parley.notifications.recipients import people_to_tell
from parley.notifications.ringing import ring
from parley.tickets.events import TicketEvent


def tell(event: Event, entry: Entry) -> None:
    """Make the notices of an entry, and the mails that go with them. A repeat makes none."""
    notices, zones = (
        _of_ticket(event, entry) if isinstance(event, TicketEvent) else _of(event, entry)
    )
    told = Notice.objects.filter(entry_id=entry.pk, person__in=zones)
    told_already = set(told.values_list("person_id", flat=True))
    notices = [notice for notice in notices if notice.person_id not in told_already]
    if notices:
        _deliver(Notice.objects.bulk_create(notices), zones)


_Made = tuple[list[Notice], dict[int, str]]
"""Notices, and the time zone of each person."""


def _of_ticket(event: TicketEvent, entry: Entry) -> _Made:
    event = where_it_is(event)
    people = people_to_tell(event, entry)
    notices = [
        Notice(
            person_id=told.person,
            party_id=told.party,
            entry_id=entry.pk,
            event=entry.kind,
            kind=told.kind,
            ticket_id=event.ticket,
            actor_id=entry.person_id,
            actor_party_id=entry.party_id or getattr(event, "party", None),
            message_id=getattr(event, "message", None),
            at=entry.at,
        )
        for told in people
    ]
    return notices, {told.person: told.time_zone for told in people}


def _of(event: Event, entry: Entry) -> _Made:
    matter = matter_of(event)
    if matter is None:
        return [], {}
    people = [one for one in matter.people if one.person_id != entry.person_id]
    notices = [
        Notice(
            person_id=one.person_id,
            party_id=matter.party,
            entry_id=entry.pk,
            event=entry.kind,
            kind=matter.kind,
            order_id=matter.order,
            path=matter.path,
            facts=matter.facts,
            actor_id=entry.person_id,
            actor_party_id=entry.party_id,
            at=entry.at,
        )
        for one in people
    ]
    return notices, {one.person_id: one.person.time_zone for one in people}


def _deliver(notices: list[Notice], zones: Mapping[int, str]) -> None:
    people = [notice.person_id for notice in notices]
    # After the notices are written: whoever counts under this lock misses none of them.
    lock_numbers(people)
    add_one(people)
    _mail(notices, zones)
    ring(people)


def _mail(notices: list[Notice], zones: Mapping[int, str]) -> None:
    people = [notice.person_id for notice in notices]
    chosen = {
        (person, kind): way
        for person, kind, way in Preference.objects.filter(person__in=people).values_list(
            "person_id", "kind", "way"
        )
    }
    mails = [
        Mail(notice=notice, way=way, next_try_at=first_try(way, zones[notice.person_id]))
        for notice in notices
        if (way := chosen.get((notice.person_id, notice.kind), Way.AT_ONCE.value)) != Way.OFF
    ]
    Mail.objects.bulk_create(mails)
    if any(mail.way == Way.AT_ONCE for mail in mails):
        from parley.notifications.jobs import send_mails

        send_mails.configure().defer(timestamp=0)
