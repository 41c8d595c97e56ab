"""A list of tickets as a page shows it, for the portal and the desk alike."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest

from parley.parties.access import all_teams, members_of, parties_in_tickets
from parley.parties.models import Membership
from parley.postgres.keysets import CursorUnreadable
from parley.tickets.access import topics_in_use
from parley.tickets.filling import fields_to_look_for
from parley.tickets.finding import Page, find
from parley.tickets.keeping_tags import all_tags
from parley.tickets.models import FieldKind, StatusChoices, TicketSide
from parley.web.filtering import address, chips_of, read_filters, sorted_by_name


def list_context(request: HttpRequest, reader: Membership, queue: str = "") -> dict[str, Any]:
    """What the list's template is given.

    `rows` (sides with `.ticket`, `.unread`), `chips`, `filtered`, `query`, `older`, `newer` (addresses
    or None), `filters` (as read). Raises Http404 for a cursor nobody gave.
    """
    filters = read_filters(request.GET, reader, queue)
    try:
        page = find(reader, filters, cursor=request.GET.get("cursor", ""))
    except CursorUnreadable:
        raise Http404 from None
    return {
        "rows": _marked(page, reader),
        "older": address(request.GET, cursor=page.older) if page.older else None,
        "newer": address(request.GET, cursor=page.newer) if page.newer else None,
        "filters": filters,
        "query": filters.text,
        "chips": chips_of(request.GET, reader, _names(reader)),
        "here": address(request.GET, cursor=request.GET.get("cursor")),
    }


def filter_choices(reader: Membership, topic: int | None = None) -> dict[str, Any]:
    """What the filter panel offers: loaded when it is opened, not with every list."""
    return {
        "topics": sorted_by_name(topics_in_use(reader)),
        "fields": [
            one
            for one in (fields_to_look_for(reader, topic=topic) if topic else [])
            if one.kind in (FieldKind.CHOICE, FieldKind.CHECK)
        ],
        "statuses": StatusChoices.choices,
        "parties": list(parties_in_tickets(reader)),
        "agents": [m.person for m in members_of(reader.party_id)] if reader.is_operator else [],
        "tags": list(all_tags()) if reader.is_operator else [],
    }


def is_unread(row: TicketSide) -> bool:
    """Whether something has happened since the reader last looked (`read_at` is on the row)."""
    read_at = getattr(row, "read_at", None)
    return read_at is None or read_at < row.activity_at


def _marked(page: Page, reader: Membership) -> list[TicketSide]:
    for row in page.rows:
        row.unread = is_unread(row)  # type: ignore[attr-defined]
    return list(page.rows)


def _names(reader: Membership) -> Any:
    def name_of(kind: str, pk: int) -> str:
        if kind == "topic":
            topic = topics_in_use(reader).filter(pk=pk).first()
            return topic.name if topic else ""
        if kind == "party":
            party = parties_in_tickets(reader).filter(pk=pk).first()
            return party.name if party else ""
        if kind == "team":
            team = all_teams().filter(pk=pk).first()
            return team.name if team and reader.is_operator else ""
        if kind == "tag":
            tag = all_tags().filter(pk=pk).first()
            return tag.name if tag and reader.is_operator else ""
        member = members_of(reader.party_id).filter(person_id=pk).first()
        return member.person.name if member and reader.is_operator else ""

    return name_of
