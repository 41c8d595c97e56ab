"""Administration → Journal: what happened, who did it, and what was before and after."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any

from django.http import Http404, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from parley.exports.defusing import defused
from parley.journal.finding import Wanted, all_entries, find_entries
from parley.journal.models import Entry
from parley.parties.finding import names_of_parties, names_of_people
from parley.postgres.keysets import CursorUnreadable
from parley.web.desk.administration.doors import admins_only
from parley.web.desk.administration.journal_words import kinds_in_words, words_of_kind
from parley.web.filtering import Chip, day_in, days_in_words, midnight_of, number_in
from parley.web.reader import SignedInRequest

_NAMES = ("kind", "person", "subject", "from", "to")
_PAGES = {
    "ticket": "desk:ticket",
    "order": "orders:order",
    "party": "directory:company",
    "person": "directory:person",
    "mail": "mail:mail",
}
"""Of what an entry can be about, what has a page: its kind, and the name of the address."""
_WITHOUT = frozenset({"seen", "party", "person", "fields", "changed", "was", "now"})
"""Fields of an entry that are shown in a way of their own, or say nothing to people."""
_PAIR = ("before", "after")
"""Two fields that are one change each name they hold, where they are dictionaries."""


@dataclass(frozen=True)
class Line:
    """An entry as the page shows it."""

    entry: Entry
    what: str
    who: str
    party: str
    about: str
    """What it happened to, with the name if it has one."""
    address: str
    """The page of that; empty for none."""
    is_own: bool
    """Whether it is about the person who did it: signing in, say."""
    changes: list[tuple[str, str, str]]
    """What is different: its name, before, after."""
    facts: list[tuple[str, str]]


@require_GET
@admins_only
def journal(request: SignedInRequest) -> HttpResponseBase:
    """`administration/journal.html`. Raises Http404 for a cursor nobody gave.

    Context: `lines`, `kinds` (pairs of kind and words), `wanted` (the filters as typed), `chips`,
    `older`, `newer`, `file` (addresses).
    """
    wanted = _wanted(request)
    try:
        page = find_entries(wanted, cursor=request.GET.get("cursor", ""))
    except CursorUnreadable:
        raise Http404 from None
    context = {
        "lines": _lines(page.rows),
        "kinds": kinds_in_words(),
        "wanted": {name: request.GET.get(name, "") for name in _NAMES},
        "chips": _chips(request, wanted),
        "older": _address(request, cursor=page.older) if page.older else "",
        "newer": _address(request, cursor=page.newer) if page.newer else "",
        "file": reverse("administration:journal_file") + _address(request),
    }
    return render(request, "administration/journal.html", context)


@require_GET
@admins_only
def journal_file(request: SignedInRequest) -> HttpResponseBase:
    """The same entries, all that fit, as CSV in UTF-8; moments are in UTC (ISO 8601)."""
    rows = _rows(_wanted(request))
    response = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="journal.csv"'
    return response


class _Echo:
    """What a CSV writer writes to, to get it back."""

    def write(self, text: str) -> str:
        """The line itself."""
        return text


def _rows(wanted: Wanted) -> Iterator[str]:
    writer = csv.writer(_Echo())
    head = ("at", "kind", "subject", "person_id", "person", "party_id", "party", "data")
    yield "\ufeff" + str(writer.writerow(head))
    for entries in all_entries(wanted):
        people, parties = _names(entries)
        for entry in entries:
            cells = (
                entry.at.astimezone(UTC).isoformat(),
                entry.kind,
                entry.subject,
                entry.person_id or "",
                defused(people.get(entry.person_id or 0, "")),
                entry.party_id or "",
                defused(parties.get(entry.party_id or 0, "")),
                defused(json.dumps(entry.data, ensure_ascii=False)),
            )
            yield str(writer.writerow(cells))


def _wanted(request: SignedInRequest) -> Wanted:
    asked = {name: request.GET.get(name, "").replace("\x00", "") for name in _NAMES}
    return Wanted(
        kind=asked["kind"][:60],
        subject=asked["subject"][:60],
        person=number_in(asked["person"]),
        since=midnight_of(day_in(asked["from"])),
        until=midnight_of(day_in(asked["to"]), days=1),
    )


def _lines(entries: Sequence[Entry]) -> list[Line]:
    people, parties = _names(entries)
    return [_line(entry, people, parties) for entry in entries]


def _line(entry: Entry, people: dict[int, str], parties: dict[int, str]) -> Line:
    kind, _colon, key = entry.subject.partition(":")
    number = number_in(key)
    named = {"person": people, "party": parties}.get(kind, {})
    return Line(
        entry=entry,
        what=words_of_kind(entry.kind),
        who=people.get(entry.person_id or 0, ""),
        party=parties.get(entry.party_id or 0, ""),
        about=named.get(number or 0, "") or entry.subject,
        address=reverse(_PAGES[kind], args=[number]) if kind in _PAGES and number else "",
        is_own=kind == "person" and number == entry.person_id,
        changes=_changes(entry.data),
        facts=_facts(entry.data, people, parties),
    )


def _changes(data: dict[str, Any]) -> list[tuple[str, str, str]]:
    made = [
        (str(name), _text(pair[0]), _text(pair[1]))
        for several in (data.get("fields"), data.get("changed"))
        if isinstance(several, dict)
        for name, pair in several.items()
        if isinstance(pair, list) and len(pair) == 2
    ]
    if "was" in data and "now" in data:
        made.append((str(data.get("key", "")), _text(data["was"]), _text(data["now"])))
    before, after = (data.get(name) for name in _PAIR)
    if isinstance(before, dict) and isinstance(after, dict):
        made += [
            (name, _text(before.get(name)), _text(after.get(name)))
            for name in sorted({*before, *after})
            if (before.get(name) or "") != (after.get(name) or "")
        ]
    return made


def _facts(
    data: dict[str, Any], people: dict[int, str], parties: dict[int, str]
) -> list[tuple[str, str]]:
    facts = [
        (name, _text(value))
        for name, value in data.items()
        if name not in _WITHOUT
        and value not in (None, "", [], {})
        and not (name in _PAIR and isinstance(value, dict))
    ]
    if data.get("person") in people:
        facts.insert(0, ("person", people[data["person"]]))
    if data.get("party") in parties:
        facts.insert(0, ("party", parties[data["party"]]))
    plain = data.get("fields") or data.get("changed")
    if plain and not _changes({"fields": plain}):
        facts.append(("fields", _text(plain)))
    if "was" in data and "now" not in data and data["was"] not in (None, ""):
        facts.append(("was", _text(data["was"])))
    return facts


def _text(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _names(entries: Sequence[Entry]) -> tuple[dict[int, str], dict[int, str]]:
    people, parties = set(), set()
    for entry in entries:
        people |= {entry.person_id, entry.data.get("person")}
        parties |= {entry.party_id, entry.data.get("party")}
        kind, _colon, key = entry.subject.partition(":")
        {"person": people, "party": parties}.get(kind, set()).add(number_in(key))
    return names_of_people(_ids(people)), names_of_parties(_ids(parties))


def _ids(found: set[Any]) -> list[int]:
    return sorted(one for one in found if isinstance(one, int))


def _chips(request: SignedInRequest, wanted: Wanted) -> list[Chip]:
    chips = []
    if wanted.kind:
        chips.append(Chip(words_of_kind(wanted.kind), _address(request, kind="")))
    if wanted.person is not None:
        name = names_of_people([wanted.person]).get(wanted.person, str(wanted.person))
        chips.append(Chip(name, _address(request, person="")))
    if wanted.subject:
        chips.append(Chip(wanted.subject, _address(request, subject="")))
    days: tuple[date | None, date | None] = (
        day_in(request.GET.get("from")),
        day_in(request.GET.get("to")),
    )
    if words := days_in_words(*days):
        chips.append(Chip(words, _address(request, **{"from": "", "to": ""})))
    return chips


def _address(request: SignedInRequest, **changed: str) -> str:
    kept = {name: request.GET.get(name, "") for name in _NAMES} | changed
    return f"?{urlencode({name: value for name, value in kept.items() if value})}"
