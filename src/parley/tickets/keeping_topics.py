"""The operator's keeping of what tickets are about: categories, and topics within them (S5).

Both stand in the order of the alphabet wherever they are picked (T3), so there is none to keep. One
that was used is never removed: it is switched off, and the tickets on it stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from parley.conversations.typed import typed_line
from parley.journal.recording import record
from parley.parties.models import COMPANIES, Membership, PartyKind, Role
from parley.tickets.events import CategoryKept, TopicKept
from parley.tickets.models import Category, OrderField, Purpose, Topic

LONGEST = 80
MOST_KEYWORDS = 40
LONGEST_KEYWORD = 40
LANGUAGES: tuple[str, ...] = tuple(code for code, _name in settings.LANGUAGES)


class TopicRefused(ValueError):
    """A topic or category can't be kept so; `problems` says why, field by field, for the reader."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class TopicTyped:
    """A topic as an administrator has typed it. `keywords` by language, parted by commas."""

    category: int | None
    names: dict[str, str]
    keywords: dict[str, str] = field(default_factory=dict)
    opened_by: Sequence[str] = ()
    goes_to: str = PartyKind.OPERATOR
    order_field: str = OrderField.OPTIONAL
    active: bool = True


def may_keep_topics(reader: Membership) -> bool:
    """Whether the reader keeps topics, and what they ask for: the operator's administrators do."""
    return reader.role == Role.ADMIN


def must_keep_topics(by: Membership) -> None:
    """Raises PermissionDenied."""
    if not may_keep_topics(by):
        raise PermissionDenied


def all_categories() -> QuerySet[Category]:
    """Every category, those switched off as well."""
    return Category.objects.order_by("id")


def all_topics() -> QuerySet[Topic]:
    """Every topic with its category, and how many `asked` fields it has in use."""
    in_use = Count("fields", filter=Q(fields__active=True))
    return Topic.objects.select_related("category").annotate(asked=in_use).order_by("id")


def add_category(names: dict[str, str], *, by: Membership) -> Category:
    """Add a category. Raises TopicRefused."""
    must_keep_topics(by)
    names = _names(names, all_categories())
    with transaction.atomic():
        made = Category.objects.create(names=names)
        record(
            CategoryKept(category=made.pk, what="added", changed={"names": [None, names]}), by=by
        )
    return made


def change_category(key: int, names: dict[str, str], *, active: bool, by: Membership) -> None:
    """Rename a category, switch it off with all its topics, or on again.

    Raises Category.DoesNotExist or TopicRefused.
    """
    must_keep_topics(by)
    with transaction.atomic():
        category = Category.objects.select_for_update().get(pk=key)
        given = {"names": _names(names, all_categories().exclude(pk=key)), "active": active}
        changed = change(category, given)
        if changed:
            record(CategoryKept(category=key, what="changed", changed=changed), by=by)


def add_topic(typed: TopicTyped, *, by: Membership) -> Topic:
    """Add a topic. Raises TopicRefused."""
    must_keep_topics(by)
    with transaction.atomic():
        given = _given(typed, None)
        made = Topic.objects.create(**given)
        changed = {name: [None, value] for name, value in given.items()}
        record(TopicKept(topic=made.pk, what="added", changed=changed), by=by)
    return made


def change_topic(key: int, typed: TopicTyped, *, by: Membership) -> None:
    """Change a topic; tickets that are open on it go on. Raises Topic.DoesNotExist or TopicRefused."""
    must_keep_topics(by)
    with transaction.atomic():
        topic = Topic.objects.select_for_update().get(pk=key)
        changed = change(topic, _given(typed, topic))
        if changed:
            record(TopicKept(topic=key, what="changed", changed=changed), by=by)


def change(row: Any, given: dict[str, Any]) -> dict[str, list[Any]]:
    """Save what differs of `given` on a locked row; gives what did: name → [before, after]."""
    changed = {
        name: [getattr(row, name), value]
        for name, value in given.items()
        if getattr(row, name) != value
    }
    for name, (_was, value) in changed.items():
        setattr(row, name, value)
    if changed:
        row.save(update_fields=sorted(changed))
    return changed


def names_fit(names: dict[str, str], longest: int = LONGEST) -> dict[str, str]:
    """Names by language as they are kept. Raises TopicRefused, naming `en` or another language."""
    cleaned = {code: typed_line(names.get(code, "")) for code in LANGUAGES}
    if not cleaned["en"]:
        problem = _("Write the name in English; it stands in for other languages.")
        raise TopicRefused({"en": problem})
    for code, name in cleaned.items():
        if len(name) > longest:
            words = _("Keep a name under %(most)s characters.") % {"most": longest}
            raise TopicRefused({code: words})
    return {code: name for code, name in cleaned.items() if name}


def _names(names: dict[str, str], others: Iterable[Category | Topic]) -> dict[str, str]:
    """Names as they are kept, unlike those of the others. Raises TopicRefused."""
    cleaned = names_fit(names)
    for other in others:
        for code, name in cleaned.items():
            if other.names.get(code, "").casefold() == name.casefold():
                raise TopicRefused({code: _("There is one of that name already.")})
    return cleaned


def _given(typed: TopicTyped, topic: Topic | None) -> dict[str, Any]:
    problems: dict[str, str] = {}
    category = Category.objects.filter(pk=typed.category or 0).first()
    if category is None:
        problems["category"] = _("Pick a category.")
    names: dict[str, str] = {}
    others = Topic.objects.filter(category=category).exclude(pk=topic.pk if topic else 0)
    try:
        names = _names(typed.names, others if category else ())
    except TopicRefused as refusal:
        problems |= refusal.problems
    keywords = {code: _keywords(typed.keywords.get(code, "")) for code in LANGUAGES}
    for code, words in keywords.items():
        if problem := _problem_with_keywords(words):
            problems[f"keywords-{code}"] = problem
    problems |= _problems_with_ways(typed, topic)
    if typed.order_field not in OrderField.values:
        problems["order_field"] = _("Pick one from the list.")
    if problems:
        raise TopicRefused(problems)
    return {
        "category_id": typed.category,
        "names": names,
        "keywords": {code: words for code, words in keywords.items() if words},
        **_ways(typed, topic),
        "order_field": typed.order_field,
        "active": typed.active,
    }


def _keywords(typed: str) -> list[str]:
    """The words people find a topic by, each once, in the order they were typed."""
    words = (typed_line(word) for word in typed.replace("\n", ",").replace(";", ",").split(","))
    return list(dict.fromkeys(word.casefold() for word in words if word))


def _problem_with_keywords(words: list[str]) -> str:
    if len(words) > MOST_KEYWORDS:
        return _("Keep it to %(most)s words.") % {"most": MOST_KEYWORDS}
    if any(len(word) > LONGEST_KEYWORD for word in words):
        return _("Part the words with commas; each has at most %(most)s characters.") % {
            "most": LONGEST_KEYWORD
        }
    return ""


def _ways(typed: TopicTyped, topic: Topic | None) -> dict[str, Any]:
    """Who opens it and to whom it goes; of one that does something, as it is made for."""
    if topic is not None and topic.purpose != Purpose.NONE:
        return {}
    opened_by = [kind.value for kind in COMPANIES if kind in typed.opened_by]
    return {"opened_by": opened_by, "goes_to": typed.goes_to}


def _problems_with_ways(typed: TopicTyped, topic: Topic | None) -> dict[str, str]:
    if topic is not None and topic.purpose != Purpose.NONE:
        return {}
    problems = {}
    opened_by = set(typed.opened_by)
    if not opened_by or not opened_by <= {kind.value for kind in COMPANIES}:
        problems["opened_by"] = _("Pick who may open it.")
    if typed.goes_to not in {kind.value for kind in COMPANIES}:
        problems["goes_to"] = _("Pick who answers it.")
    elif typed.goes_to == PartyKind.OPERATOR and PartyKind.OPERATOR in opened_by:
        problems["goes_to"] = _("The operator does not write to itself: there is only one.")
    return problems
