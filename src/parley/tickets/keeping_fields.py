"""The operator's keeping of a topic's custom fields: add, change, put in order, switch off (S2, S5)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from parley.conversations.typed import typed_line
from parley.journal.recording import record
from parley.parties.models import Membership
from parley.tickets.events import CustomFieldKept
from parley.tickets.keeping_topics import (
    LANGUAGES,
    TopicRefused,
    change,
    may_keep_topics,
    must_keep_topics,
    names_fit,
)
from parley.tickets.models import CustomField, FieldKind, Purpose, ShownTo, SideChoices, Topic

LONGEST_HELP = 200
LONGEST_OPTION = 80
MOST_OPTIONS = 60
MOST_FIELDS = 20
"""In use on one topic: more than that is a form nobody fills in."""


class FieldRefused(TopicRefused):
    """A field can't be kept so; `problems` says why."""


@dataclass(frozen=True, kw_only=True)
class OptionTyped:
    """One option of a choice; without a key it is a new one, without a name there is none."""

    names: dict[str, str]
    key: str = ""
    active: bool = True


@dataclass(frozen=True, kw_only=True)
class FieldTyped:
    """A field as an administrator has typed it. `kind` counts for a new one alone."""

    names: dict[str, str]
    helps: dict[str, str] = field(default_factory=dict)
    kind: str = FieldKind.TEXT
    options: Sequence[OptionTyped] = ()
    required: bool = False
    filled_by: str = SideChoices.OPENER
    shown_to: str = ShownTo.EVERYONE
    active: bool = True


def fields_of(reader: Membership, topic_id: int) -> QuerySet[CustomField]:
    """All fields of a topic in order, for those who keep them; nothing for anybody else."""
    fields = CustomField.objects.filter(topic=topic_id).order_by("position", "id")
    return fields if may_keep_topics(reader) else fields.none()


def add_field(topic_id: int, typed: FieldTyped, *, by: Membership) -> CustomField:
    """Add a field at the end of a topic's. Raises Topic.DoesNotExist or FieldRefused."""
    must_keep_topics(by)
    with transaction.atomic():
        topic = Topic.objects.select_for_update().get(pk=topic_id)
        there = CustomField.objects.filter(topic=topic)
        if there.filter(active=True).count() >= MOST_FIELDS:
            words = _("A topic asks for %(most)s things at most. Switch one off first.")
            raise FieldRefused({"en": words % {"most": MOST_FIELDS}})
        last = there.aggregate(last=Max("position"))["last"]
        given = _given(typed, topic, None) | {"kind": typed.kind}
        place = 0 if last is None else last + 1
        made = CustomField.objects.create(topic=topic, position=place, **given)
        if not topic.has_fields:
            topic.has_fields = True
            topic.save(update_fields=["has_fields"])
        _tell(made, "added", {name: [None, value] for name, value in given.items()}, by)
    return made


def change_field(topic_id: int, key: int, typed: FieldTyped, *, by: Membership) -> None:
    """Change a field; what was filled in stays, and reads as the field and its options are called now.

    Of which kind it is stays, too: text that was typed is no date. Raises CustomField.DoesNotExist
    or FieldRefused.
    """
    must_keep_topics(by)
    with transaction.atomic():
        # In the order in which `add_field` locks.
        topic = Topic.objects.select_for_update().filter(pk=topic_id).first()
        kept = CustomField.objects.select_for_update().get(pk=key, topic=topic_id)
        assert topic is not None
        changed = change(kept, _given(typed, topic, kept))
        if changed:
            _tell(kept, "changed", changed, by)


def move_field(topic_id: int, key: int, places: int, *, by: Membership) -> None:
    """Move a field up (−1) or down (+1) its form. Raises CustomField.DoesNotExist."""
    must_keep_topics(by)
    with transaction.atomic():
        listed = list(
            CustomField.objects.select_for_update()
            .filter(topic=topic_id)
            .order_by("position", "id")
        )
        at = next((place for place, one in enumerate(listed) if one.pk == key), None)
        if at is None:
            raise CustomField.DoesNotExist
        to = max(0, min(len(listed) - 1, at + places))
        if to == at:
            return
        listed.insert(to, listed.pop(at))
        for position, one in enumerate(listed):
            one.position = position
        CustomField.objects.bulk_update(listed, ["position"])
        _tell(listed[to], "moved", {"position": [at, to]}, by)


def _given(typed: FieldTyped, topic: Topic, kept: CustomField | None) -> dict[str, Any]:
    problems: dict[str, str] = {}
    names: dict[str, str] = {}
    try:
        names = names_fit(typed.names)
    except TopicRefused as refusal:
        problems |= refusal.problems
    helps = {code: typed_line(typed.helps.get(code, "")) for code in LANGUAGES}
    for code, words in helps.items():
        if len(words) > LONGEST_HELP:
            problem = _("Keep this under %(most)s characters.") % {"most": LONGEST_HELP}
            problems[f"help-{code}"] = problem
    kind = kept.kind if kept else typed.kind
    if kind not in FieldKind.values:
        problems["kind"] = _("Pick one from the list.")
    options: list[dict[str, Any]] = []
    if kind == FieldKind.CHOICE:
        try:
            options = _options(typed.options, kept)
        except FieldRefused as refusal:
            problems |= refusal.problems
    problems |= _problems_with_who(typed, topic)
    if problems:
        raise FieldRefused(problems)
    return {
        "names": names,
        "helps": {code: words for code, words in helps.items() if words},
        "options": options,
        "required": typed.required,
        "filled_by": typed.filled_by,
        "shown_to": typed.shown_to,
        "active": typed.active,
    }


def _problems_with_who(typed: FieldTyped, topic: Topic) -> dict[str, str]:
    problems = {}
    if typed.filled_by not in SideChoices.values:
        problems["filled_by"] = _("Pick one from the list.")
    if typed.shown_to not in ShownTo.values:
        problems["shown_to"] = _("Pick one from the list.")
    elif typed.filled_by == SideChoices.OPERATOR and typed.shown_to == ShownTo.SIDE:
        problems["shown_to"] = _(
            "The operator fills it in: show it to everyone, or to nobody else."
        )
    elif typed.filled_by != SideChoices.OPERATOR and typed.shown_to == ShownTo.OPERATOR:
        problems["shown_to"] = _("Whoever fills it in reads it, too.")
    if typed.required and typed.filled_by != SideChoices.OPENER:
        problems["required"] = _("Only who opens a ticket can be made to fill something in.")
    elif typed.required and topic.purpose != Purpose.NONE:
        # Such tickets are opened by a button or by the messenger, without this form.
        problems["required"] = _(
            "Tickets on this topic open by themselves; nothing can be required."
        )
    return problems


def _options(typed: Sequence[OptionTyped], kept: CustomField | None) -> list[dict[str, Any]]:
    """The options in the order they were typed; one that was kept and is not named is switched off."""
    made: list[dict[str, Any]] = []
    known = {one["key"]: one for one in kept.options} if kept else {}
    for one in typed:
        names = {code: typed_line(one.names.get(code, "")) for code in LANGUAGES}
        if not any(names.values()) and one.key not in known:
            continue
        key = one.key if one.key in known else secrets.token_hex(4)
        made.append({"key": key, "names": _option_names(names), "active": one.active})
    told = {one["key"] for one in made}
    made += [{**one, "active": False} for key, one in known.items() if key not in told]
    _check_options(made)
    return made


def _option_names(names: dict[str, str]) -> dict[str, str]:
    if not names["en"]:
        raise FieldRefused({"options": _("Write each option in English, too.")})
    if any(len(name) > LONGEST_OPTION for name in names.values()):
        words = _("Keep an option under %(most)s characters.") % {"most": LONGEST_OPTION}
        raise FieldRefused({"options": words})
    return {code: name for code, name in names.items() if name}


def _check_options(made: list[dict[str, Any]]) -> None:
    named = [one["names"]["en"].casefold() for one in made]
    if sum(1 for one in made if one["active"]) < 2:
        raise FieldRefused({"options": _("A choice needs two options at least.")})
    if len(made) > MOST_OPTIONS:
        words = _("A choice has %(most)s options at most.") % {"most": MOST_OPTIONS}
        raise FieldRefused({"options": words})
    if len(set(named)) < len(named):
        raise FieldRefused({"options": _("Two options are called the same.")})


def _tell(one: CustomField, what: str, changed: dict[str, Any], by: Membership) -> None:
    record(CustomFieldKept(topic=one.topic_id, field=one.pk, what=what, changed=changed), by=by)
