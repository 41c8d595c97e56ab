"""The filters of a list, read from its address: the address carries the whole view (T11)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from parley.parties.models import Membership, Party, Person
from parley.tickets.fields import shown_or_typed
from parley.tickets.filling import fields_to_look_for
from parley.tickets.finding import Filters
from parley.tickets.models import StatusChoices, Topic
from parley.web.jinja import local_date

NAMES = (
    "q", "status", "topic", "field", "party", "assignee", "tag", "team", "order", "due", "payment", "when",
    "day", "from", "to",
)  # fmt: skip
"""The words a list's address may carry; anything else is passed over."""


@dataclass(frozen=True)
class Chip:
    """A filter that is in use: what it says, and the address of the same view without it."""

    label: str
    without: str


@dataclass(frozen=True)
class Choices:
    """What the filters can be set to, for the reader."""

    topics: list[Topic]
    parties: list[Party]
    assignees: list[Person]


def read_filters(query: QueryDict, reader: Membership, queue: str = "") -> Filters:
    """The filters that `query` carries; junk in one of them is passed over like an empty one.

    Whose hands a ticket is in is the operator's own matter: nobody else can ask for it.
    """
    return Filters(
        text=query.get("q", "").replace("\x00", "").strip()[:200],
        queue=queue,
        statuses=tuple(s for s in query.getlist("status") if s in StatusChoices.values),
        topic=number_in(query.get("topic")),
        party=number_in(query.get("party")),
        assignee=number_in(query.get("assignee")) if reader.is_operator else None,
        tag=number_in(query.get("tag")) if reader.is_operator else None,
        team=number_in(query.get("team")) if reader.is_operator else None,
        order_number=query.get("order", "").replace("\x00", "").strip()[:60],
        due=query.get("due", "") if query.get("due") in ("soon", "over") else "",
        fields=tuple(fields_in(query)),
        created_from=midnight_of(day_in(query.get("from"))),
        created_to=midnight_of(day_in(query.get("to")), days=1),
    )


def chips_of(query: QueryDict, reader: Membership, names: Callable[[str, int], str]) -> list[Chip]:
    """The chips of the filters in use. `names(kind, id)` gives the name of a topic, party, person or tag."""
    filters = read_filters(query, reader)
    made: list[Chip] = []
    if filters.text:
        made.append(Chip(_("“%(words)s”") % {"words": filters.text}, without(query, "q")))
    made.extend(
        Chip(str(StatusChoices(status).label), without(query, "status", status))
        for status in filters.statuses
    )
    for name, value in (
        ("topic", filters.topic),
        ("party", filters.party),
        ("assignee", filters.assignee),
        ("tag", filters.tag),
        ("team", filters.team),
    ):
        if value and (words := names(name, value)):
            made.append(Chip(words, without(query, name)))
    made.extend(_chips_of_fields(query, reader, filters.fields))
    if filters.order_number:
        label = _("Order %(number)s") % {"number": filters.order_number}
        made.append(Chip(label, without(query, "order")))
    if filters.due:
        label = _("Overdue") if filters.due == "over" else _("Due soon")
        made.append(Chip(label, without(query, "due")))
    if days := days_in_words(day_in(query.get("from")), day_in(query.get("to"))):
        made.append(Chip(days, without(query, "from", "to", both=True)))
    return made


def _chips_of_fields(
    query: QueryDict, reader: Membership, asked: Iterable[tuple[int, str]]
) -> list[Chip]:
    wanted = dict(asked)
    if not wanted:
        return []
    known = {one.pk: one for one in fields_to_look_for(reader, *wanted)}
    return [
        Chip(
            _("%(field)s: %(words)s")
            % {"field": known[key].name, "words": shown_or_typed(known[key], text)},
            without(query, "field", f"{key}:{text}"),
        )
        for key, text in wanted.items()
        if key in known
    ]


MOST_FIELDS = 10


def fields_in(query: QueryDict) -> list[tuple[int, str]]:
    """The custom fields that a list is narrowed to: `field=12:dpd` says what stands in number 12."""
    return pairs_of(query.getlist("field"))


def pairs_of(asked: Iterable[str]) -> list[tuple[int, str]]:
    """The pairs of a field's id and what stands in it; junk is passed over."""
    parted = (value.replace("\x00", "").partition(":") for value in asked)
    found = [(number_in(key), text.strip()[:200]) for key, _colon, text in parted]
    return [(key, text) for key, text in found if key and text][:MOST_FIELDS]


def address(query: QueryDict, **changed: str | None) -> str:
    """The same view with some words changed: `?status=answered&cursor=…`, or "?" for none."""
    kept = QueryDict(mutable=True)
    for name in NAMES:
        kept.setlist(name, [value for value in query.getlist(name) if value])
    for name, value in changed.items():
        kept.setlist(name, [value] if value else [])
    return f"?{kept.urlencode()}"


def without(query: QueryDict, name: str, value: str = "", *, both: bool = False) -> str:
    """The address of the same view without one filter, or one of its values.

    With `both`, `value` is the name of a second one that goes as well.
    """
    if both:
        return address(query, **{name: None, value: None})
    left = [v for v in query.getlist(name) if v != value] if value else []
    kept = query.copy()
    kept.setlist(name, left)
    return address(kept)


def days_in_words(first: date | None, last: date | None) -> str:
    """A period of days, or one day, as a chip says it; empty for none."""
    if first and last and first == last:
        return local_date(first)
    if first and last:
        return _("%(first)s to %(last)s") % {"first": local_date(first), "last": local_date(last)}
    if first:
        return _("since %(day)s") % {"day": local_date(first)}
    if last:
        return _("until %(day)s") % {"day": local_date(last)}
    return ""


def number_in(text: str | None) -> int | None:
    """The id in an address; None for what is none."""
    if not text or not text.isascii() or not text.isdigit() or len(text) > 18:
        return None
    return int(text)


def day_in(text: str | None) -> date | None:
    """The day (ISO 8601) in an address; None for what is none."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def midnight_of(day: date | None, days: int = 0) -> datetime | None:
    """The beginning of a day in the reader's own zone, as the active one."""
    if day is None:
        return None
    try:
        return timezone.make_aware(datetime.combine(day + timedelta(days=days), time()))
    except (OverflowError, ValueError):
        return None


def sorted_by_name(topics: Iterable[Topic]) -> list[Topic]:
    """Topics by category and name, alphabetical in the reader's language (T3)."""
    return sorted(topics, key=lambda t: (_collated(t.category.name), _collated(t.name)))


def _collated(name: str) -> str:
    # ё sorts with е in Russian; everything else that the two languages need is in casefold.
    return name.casefold().replace("ё", "е\uffff")
