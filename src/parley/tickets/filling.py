"""Filling in the custom fields of a ticket: when it is opened, and later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from parley.conversations.models import Audience
from parley.journal.moment import now
from parley.journal.recording import record
from parley.parties.models import Membership
from parley.parties.pinning import take_pins
from parley.postgres.questions import Given, Question
from parley.tickets.events import FieldsChanged, FieldsChangedApart, OpenedWithFields
from parley.tickets.fields import (
    Filled,
    NotSo,
    in_words,
    kept_words,
    may_fill,
    may_read,
    missing,
    read,
)
from parley.tickets.models import (
    CustomField,
    FieldKind,
    FieldValue,
    ShownTo,
    SideChoices,
    Ticket,
    Topic,
)
from parley.tickets.moving import everyone_on, lock, operator_of, party_of
from parley.tickets.states import Side
from parley.tickets.words import add_words

Typed = Mapping[int, str]
"""What was typed, by the id of its field."""


class FieldsRefused(ValueError):
    """Something does not fit; `problems` says what, by the id of the field (0: all of it)."""

    def __init__(self, problems: dict[int, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True)
class Answers:
    """What came with a new ticket, by the ids of the fields: fit to keep, or what is wrong with it."""

    fields: dict[int, CustomField] = field(default_factory=dict)
    filled: dict[int, Filled] = field(default_factory=dict)
    problems: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Shown:
    """A field as a reader sees it on a ticket: what stands in it, and whether they may change that."""

    field: CustomField
    text: str
    words: str
    may_fill: bool


def asked_of_opener(topic: Topic) -> list[CustomField]:
    """What whoever opens a ticket on `topic` is asked for, in order. One query, or none."""
    return _asked().ask(topic=topic.pk) if topic.has_fields and topic.pk else []


@cache
def _asked() -> Question[CustomField]:
    fields = CustomField.objects.filter(
        topic_id=Given("topic"), active=True, filled_by=SideChoices.OPENER
    )
    return Question(fields.order_by("position", "id"))


def asked_on(topics: Iterable[Topic]) -> dict[int, list[CustomField]]:
    """The same for several topics, by their ids. One query, or none."""
    asking = [topic.pk for topic in topics if topic.has_fields]
    found: dict[int, list[CustomField]] = {}
    if not asking:
        return found
    fields = CustomField.objects.filter(
        topic__in=asking, active=True, filled_by=SideChoices.OPENER
    ).order_by("position", "id")
    for one in fields:
        found.setdefault(one.topic_id, []).append(one)
    return found


def fields_to_look_for(
    reader: Membership, *keys: int, topic: int | None = None
) -> list[CustomField]:
    """The fields of a `topic`, or of these `keys`, that a list can be narrowed by for `reader`."""
    fields = CustomField.objects.filter(Q(topic=topic) | Q(pk__in=keys)).order_by("position", "id")
    return list(fields if reader.is_operator else fields.exclude(shown_to=ShownTo.OPERATOR))


def answers(topic: Topic, typed: Typed) -> Answers:
    """What `typed` says to what a topic asks its opener; words for other fields are passed over."""
    asked = {one.pk: one for one in asked_of_opener(topic)}
    filled, problems = {}, {}
    for key, one in asked.items():
        try:
            meant = read(one, typed.get(key, ""))
        except NotSo as refusal:
            problems[key] = str(refusal)
            continue
        if meant is not None:
            filled[key] = meant
        elif one.required:
            problems[key] = missing(one)
    return Answers(asked, filled, problems)


def fill_at_opening(ticket: Ticket, given: Answers, *, by: Membership) -> None:
    """Keep what came with a ticket that was just opened, in the same transaction."""
    if not given.filled:
        return
    ticket.loaded_sides = list(ticket.sides.all())  # type: ignore[attr-defined]
    changes = [_Change(given.fields[key], "", meant) for key, meant in given.filled.items()]
    for seen, told in _keep(ticket, changes, by):
        record(OpenedWithFields(ticket=ticket.pk, seen=seen, fields=told), by=by)


def fill(ticket_id: int, typed: Typed, *, by: Membership) -> Ticket:
    """Let what was `typed` stand in fields of a ticket; empty text empties one.

    Each side fills in its own while the ticket is open, the operator's people any at any time. What
    stands so already is no change. Gives the ticket. Raises Ticket.DoesNotExist, or FieldsRefused;
    then nothing has changed.
    """
    with transaction.atomic():
        ticket = lock(by, ticket_id)
        changes = _changes(ticket, typed, by)
        for seen, told in _keep(ticket, changes, by):
            everyone = seen == everyone_on(ticket)
            event = FieldsChanged if everyone else FieldsChangedApart
            record(event(ticket=ticket.pk, seen=seen, fields=told), by=by)
    return ticket


def on_ticket(reader: Membership, ticket: Ticket) -> list[Shown]:
    """The fields of a ticket that `reader` may see, in order. One query, or none.

    One that is switched off is there while something stands in it, and takes nothing more.
    """
    if not ticket.topic.has_fields:
        return []
    side = ticket.side_of(reader.party_id)
    open_to = reader.is_operator or ticket.is_open
    return [
        Shown(one, text, in_words(one, text), open_to and may_fill(one, reader, side))
        for one, text in _standing(ticket)
        if may_read(one, side, of_operator=reader.is_operator) and (one.active or text)
    ]


def _standing(ticket: Ticket) -> list[tuple[CustomField, str]]:
    """The fields of a ticket, in order, each with what stands in it."""
    rows = _of_ticket().ask(ticket=ticket.pk, topic=ticket.topic_id)
    return [(one, one.text or "") for one in rows]  # type: ignore[attr-defined]


@cache
def _of_ticket() -> Question[CustomField]:
    value = FieldValue.objects.filter(ticket_id=Given("ticket"), field=OuterRef("pk"))
    fields = CustomField.objects.filter(topic_id=Given("topic"))
    with_text = fields.annotate(text=Subquery(value.values("text")[:1]))
    return Question(with_text.order_by("position", "id"))


@dataclass(frozen=True)
class _Change:
    field: CustomField
    was: str
    now: Filled | None


def _changes(ticket: Ticket, typed: Typed, by: Membership) -> list[_Change]:
    side = ticket.side_of(by.party_id)
    standing = {one.pk: (one, text) for one, text in _standing(ticket)}
    changes, problems = [], {}
    for key, text in typed.items():
        one, was = standing.get(key, (None, ""))
        if one is None or not may_fill(one, by, side):
            problems[0] = _("Somebody has changed what is asked here. Load the page again.")
            continue
        try:
            meant = read(one, text)
        except NotSo as refusal:
            problems[key] = str(refusal)
            continue
        if meant is None and one.required:
            problems[key] = missing(one)
        if (meant.text if meant else "") != was:
            changes.append(_Change(one, was, meant))
    if changes and not (by.is_operator or ticket.is_open):
        problems[0] = _("This ticket has ended; nothing is filled in any more.")
    if problems:
        raise FieldsRefused(problems)
    return changes


def _keep(
    ticket: Ticket, changes: list[_Change], by: Membership
) -> list[tuple[tuple[int, ...], dict[str, Any]]]:
    """Keep the changes; gives what to tell of them to whom."""
    told: dict[tuple[int, ...], dict[str, Any]] = {}
    for typed in changes:
        change = _without_pins(typed, ticket, by)
        _keep_one(ticket, change, by)
        told.setdefault(_seen(ticket, change.field), {})[str(change.field.pk)] = {
            "names": change.field.names,
            "was": kept_words(change.field, change.was),
            "now": kept_words(change.field, change.now.text if change.now else ""),
        }
    return list(told.items())


def _keep_one(ticket: Ticket, change: _Change, by: Membership) -> None:
    if change.now is None:
        FieldValue.objects.filter(ticket=ticket, field=change.field).delete()
        return
    FieldValue.objects.update_or_create(
        ticket=ticket,
        field=change.field,
        defaults={
            "text": change.now.text,
            "number": change.now.number,
            "day": change.now.day,
            "person_id": by.person_id,
            "changed_at": now(),
        },
    )
    said = kept_words(change.field, change.now.text)
    if change.field.kind != FieldKind.CHECK:
        words = said if isinstance(said, str) else " ".join(said.values())
        add_words(ticket.pk, words, *_audience(change.field))


def _without_pins(change: _Change, ticket: Ticket, by: Membership) -> _Change:
    if change.now is None or change.field.kind != FieldKind.TEXT:
        return change
    text = take_pins(change.now.text, by=by, conversation=ticket.conversation_id)
    return replace(change, now=replace(change.now, text=text))


def _audience(one: CustomField) -> tuple[str, Side]:
    if one.shown_to == ShownTo.EVERYONE:
        return Audience.EVERYONE, Side.NOBODY
    if one.shown_to == ShownTo.SIDE:
        return Audience.SIDE, Side(one.filled_by)
    return Audience.OPERATOR, Side.NOBODY


def _seen(ticket: Ticket, one: CustomField) -> tuple[int, ...]:
    """The parties that may know of what stands in a field of a locked ticket."""
    if one.shown_to == ShownTo.EVERYONE:
        return everyone_on(ticket)
    own = party_of(ticket, Side(one.filled_by)) if one.shown_to == ShownTo.SIDE else None
    return tuple(sorted({operator_of(ticket), own or operator_of(ticket)}))
