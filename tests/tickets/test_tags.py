"""Tags: the operator's own marks on tickets, and its list of them (S2)."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from cast import Cast
from parley.journal.models import Entry
from parley.tickets.finding import Filters, find
from parley.tickets.keeping_tags import (
    TagRefused,
    TagTyped,
    add_tag,
    all_tags,
    change_tag,
    tag_named,
    tags,
)
from parley.tickets.models import Tag, Ticket
from parley.tickets.tagging import TagUnknown, put_tag, tags_of, take_tag


def made(cast: Cast, name: str = "Warehouse fire", colour: str = "red") -> Tag:
    return add_tag(TagTyped(name=name, colour=colour), by=cast.agent)


def test_a_tag_is_put_on_once_and_taken_off_once(cast: Cast) -> None:
    ticket, tag = cast.ticket(), made(cast)
    assert put_tag(ticket.pk, tag.pk, by=cast.agent)
    assert not put_tag(ticket.pk, tag.pk, by=cast.lead), "it is on already"
    assert [one.name for one in tags_of(ticket.pk)] == ["Warehouse fire"]
    assert take_tag(ticket.pk, tag.pk, by=cast.lead)
    assert not take_tag(ticket.pk, tag.pk, by=cast.lead)
    told = Entry.objects.filter(kind="TicketTagged").order_by("id")
    assert [entry.data["on"] for entry in told] == [True, False]
    assert all(entry.data["seen"] == [cast.operator.pk] for entry in told), (
        "nobody else hears of it"
    )


def test_tags_are_the_operators_alone(cast: Cast) -> None:
    ticket, tag = cast.ticket(), made(cast)
    for who in (cast.seller, cast.supplier):
        with pytest.raises(PermissionDenied):
            put_tag(ticket.pk, tag.pk, by=who)
        with pytest.raises(PermissionDenied):
            add_tag(TagTyped(name="Mine"), by=who)
    with pytest.raises(Ticket.DoesNotExist):
        put_tag(999_999_999, tag.pk, by=cast.agent)
    with pytest.raises(TagUnknown):
        put_tag(ticket.pk, 999_999_999, by=cast.agent)


def test_a_tag_switched_off_stays_where_it_is_and_is_put_on_no_more(cast: Cast) -> None:
    ticket, other, tag = cast.ticket(), cast.ticket(), made(cast)
    put_tag(ticket.pk, tag.pk, by=cast.agent)
    change_tag(tag.pk, TagTyped(name="Fire", colour="amber", active=False), by=cast.admin)
    assert [one.name for one in tags_of(ticket.pk)] == ["Fire"]
    assert tag not in tags()
    with pytest.raises(TagUnknown):
        put_tag(other.pk, tag.pk, by=cast.agent)
    assert take_tag(ticket.pk, tag.pk, by=cast.agent)
    changed = Entry.objects.get(kind="TagsChanged", data__what="changed").data["changed"]
    assert changed == {
        "name": ["Warehouse fire", "Fire"],
        "colour": ["red", "amber"],
        "active": [True, False],
    }


@pytest.mark.parametrize(
    ("name", "colour", "says"),
    [
        ("  ", "red", "Give the tag a name."),
        ("x" * 41, "red", "Keep a tag under 40 characters."),
        ("Fire", "gold", "Pick one of the colours."),
        ("warehouse FIRE", "red", "There is a tag called warehouse FIRE already."),
    ],
)
def test_what_a_tag_cant_be_called(cast: Cast, name: str, colour: str, says: str) -> None:
    made(cast)
    with pytest.raises(TagRefused, match=says):
        add_tag(TagTyped(name=name, colour=colour), by=cast.agent)


def test_a_tag_keeps_its_own_name_when_it_is_coloured(cast: Cast) -> None:
    tag = made(cast)
    change_tag(tag.pk, TagTyped(name="Warehouse Fire", colour="blue"), by=cast.agent)
    assert tag_named("WAREHOUSE fire") == tag


def test_a_list_is_narrowed_to_a_tag_and_shows_it(cast: Cast) -> None:
    ticket, _other, tag, second = cast.ticket(), cast.ticket(), made(cast), made(cast, "Audit")
    for one in (tag, second):
        put_tag(ticket.pk, one.pk, by=cast.agent)
    (row,) = find(cast.agent, Filters(tag=tag.pk)).rows
    assert row.ticket == ticket
    told = [(one["name"], one["colour"]) for one in row.tags]  # type: ignore[attr-defined]
    assert told == [("Audit", "red"), ("Warehouse fire", "red")]
    whole = find(cast.agent, Filters(queue="all")).rows
    assert {row.ticket_id: len(row.tags) for row in whole}[ticket.pk] == 2  # type: ignore[attr-defined]
    assert {tag.name: tag.used for tag in all_tags()} == {"Audit": 1, "Warehouse fire": 1}  # type: ignore[attr-defined]
    assert not hasattr(find(cast.seller, Filters()).rows[0], "tags")
