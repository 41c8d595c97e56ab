"""Keeping macros: what each is called and says in both languages, and what it does to a ticket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from parley.conversations.typed import typed, typed_line
from parley.desk.events import MacrosChanged
from parley.desk.filling import unknown_in
from parley.desk.keeping_teams import NotLeads, may_keep_teams
from parley.desk.models import Hands, Macro
from parley.journal.recording import record
from parley.parties.access import all_teams, teams_of
from parley.parties.models import Membership
from parley.tickets.models import Priority, Tag

LANGUAGES = ("en", "ru")
LONGEST_NAME = 60
LONGEST_TEXT = 10_000
WAYS = ("", "reply", "ask", "note")
"""How its text is to be said; empty: as the agent has chosen."""
_FIELDS = (
    "names", "texts", "way", "priority", "hands", "passes_to_id", "tags", "team_id", "active",
)  # fmt: skip


class MacroRefused(ValueError):
    """A macro can't be so; `problems` says why, field by field, for the reader."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class MacroTyped:
    """A macro as it was filled in; `names` and `texts` by language, English has to have a name."""

    names: Mapping[str, str]
    texts: Mapping[str, str] = field(default_factory=dict)
    way: str = ""
    priority: str = ""
    hands: str = Hands.AS_IT_IS.value
    passes_to: int | None = None
    tags: frozenset[int] = frozenset()
    team: int | None = None
    active: bool = True


def macros_for(reader: Membership) -> QuerySet[Macro]:
    """The macros that `reader` may use: everyone's, and those of their teams."""
    return Macro.objects.filter(Q(team=None) | Q(team__in=teams_of(reader)), active=True)


def all_macros() -> QuerySet[Macro]:
    """All of them, for those who keep them."""
    return Macro.objects.select_related("team", "passes_to").order_by("-active", "id")


def as_typed(macro: Macro) -> MacroTyped:
    """A macro as it stands, for a form to begin with."""
    return MacroTyped(
        names=macro.names,
        texts=macro.texts,
        way=macro.way,
        priority=macro.priority,
        hands=macro.hands,
        passes_to=macro.passes_to_id,
        tags=frozenset(macro.tags),
        team=macro.team_id,
        active=macro.active,
    )


def add_macro(given: MacroTyped, *, by: Membership) -> Macro:
    """Make a macro. Raises NotLeads or MacroRefused."""
    kept = _checked(given, by)
    with transaction.atomic():
        macro = Macro.objects.create(**kept)
        fields = {name: (None, value) for name, value in kept.items() if value}
        record(MacrosChanged(macro=macro.pk, what="added", fields=fields), by=by)
    return macro


def change_macro(key: int, given: MacroTyped, *, by: Membership) -> Macro:
    """Let a macro be as given. Raises NotLeads, Macro.DoesNotExist or MacroRefused."""
    kept = _checked(given, by)
    with transaction.atomic():
        macro = Macro.objects.select_for_update(of=("self",)).get(pk=key)
        fields = {
            name: (getattr(macro, name), value)
            for name, value in kept.items()
            if getattr(macro, name) != value
        }
        if not fields:
            return macro
        for name, value in kept.items():
            setattr(macro, name, value)
        macro.save()
        record(MacrosChanged(macro=macro.pk, what="changed", fields=fields), by=by)
    return macro


def _checked(given: MacroTyped, by: Membership) -> dict[str, Any]:
    if not may_keep_teams(by):
        raise NotLeads
    names = {code: typed_line(given.names.get(code, "")) for code in LANGUAGES}
    texts = {code: typed(given.texts.get(code, "")).strip() for code in LANGUAGES}
    problems = {
        "names": _problem_with_names(names),
        **{f"text-{code}": _problem_with_text(text) for code, text in texts.items()},
        "way": _listed(given.way in WAYS),
        "priority": _listed(given.priority in ("", *Priority.values)),
        "hands": _listed(given.hands in Hands.values),
        "passes_to": _listed(_is_team(given.passes_to)),
        "team": _listed(_is_team(given.team)),
    }
    if any(problems.values()):
        raise MacroRefused({name: words for name, words in problems.items() if words})
    return {
        "names": {code: name for code, name in names.items() if name},
        "texts": {code: text for code, text in texts.items() if text},
        "way": given.way,
        "priority": given.priority,
        "hands": given.hands,
        "passes_to_id": given.passes_to,
        "tags": sorted(Tag.objects.filter(pk__in=given.tags).values_list("pk", flat=True)),
        "team_id": given.team,
        "active": given.active,
    }


def _problem_with_names(names: Mapping[str, str]) -> str:
    if not names["en"]:
        return _("Write the name in English; it stands in for other languages.")
    if any(len(name) > LONGEST_NAME for name in names.values()):
        return _("Keep a name under %(most)s characters.") % {"most": LONGEST_NAME}
    return ""


def _problem_with_text(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        return _("Keep a text under %(most)s characters.") % {"most": LONGEST_TEXT}
    if unknown := unknown_in(text):
        return _("There is no %(variable)s to put in.") % {"variable": unknown[0]}
    return ""


def _is_team(key: int | None) -> bool:
    return key is None or all_teams().filter(pk=key).exists()


def _listed(is_on_it: bool) -> str:
    return "" if is_on_it else _("Pick one from the list.")
