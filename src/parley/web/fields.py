"""Custom fields in forms: `field-12` carries what was typed in the field of that id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.http.request import QueryDict

from parley.parties.models import Membership
from parley.tickets.fields import LONGEST
from parley.tickets.filling import on_ticket
from parley.tickets.models import CustomField, Ticket, name_in
from parley.web.filtering import number_in

PREFIX = "field-"
MOST = 60
"""More fields than that are on no form."""
_SHOWN = "shown-"


class Row(NamedTuple):
    """A field of a form: what stands in it, and what is wrong with that."""

    field: CustomField
    text: str
    problem: str

    @property
    def words_of_old(self) -> str:
        """The name of an option that stands in it and can be picked no more; empty for any other."""
        option = self.field.option(self.text)
        return name_in(option["names"]) if option and not option["active"] else ""


def rows(
    fields: Sequence[CustomField], typed: Mapping[str, str], problems: Mapping[str, str]
) -> list[Row]:
    """The fields with what was typed, and refused, by the names they have in a form."""
    names = ((one, f"{PREFIX}{one.pk}") for one in fields)
    return [Row(one, typed.get(name, ""), problems.get(name, "")) for one, name in names]


def typed_in(sent: QueryDict | Mapping[str, object]) -> dict[str, str]:
    """What a form, a draft or an address says of custom fields, by the names they have there."""
    found = {}
    for name in list(sent)[: 10 * MOST]:
        value = sent[name]
        if number_in(name.removeprefix(PREFIX)) and name.startswith(PREFIX):
            found[name] = str(value).replace("\x00", "")[: LONGEST + 1]
    return dict(list(found.items())[:MOST])


def by_id(typed: Mapping[str, str]) -> dict[int, str]:
    """The same, by the ids of the fields."""
    return {int(name.removeprefix(PREFIX)): value for name, value in typed.items()}


def fields_piece(reader: Membership, ticket: Ticket) -> dict[str, Any]:
    """What a ticket's page shows of its fields.

    `fields` (`filling.Shown`), `may_fill` (whether the reader fills in any), `key` (the ticket's).
    """
    shown = on_ticket(reader, ticket)
    return {
        "fields": shown,
        "may_fill": any(one.may_fill for one in shown),
        "key": ticket.pk,
    }


def form_of(reader: Membership, ticket: Ticket) -> list[Row]:
    """The fields of a ticket that the reader may fill in, with what stands in them."""
    shown = [one for one in on_ticket(reader, ticket) if one.may_fill]
    standing = {f"{PREFIX}{one.field.pk}": one.text for one in shown}
    return rows([one.field for one in shown], standing, {})


def changed(request: HttpRequest) -> dict[int, str]:
    """What somebody has changed in fields of a ticket, by id; each tells what it showed before.

    So nobody puts back what somebody else has filled in since the form was shown.
    """
    made: dict[int, str] = {}
    for name in list(request.POST)[: 10 * MOST]:
        key = number_in(name.removeprefix(_SHOWN)) if name.startswith(_SHOWN) else None
        if key is None:
            continue
        now = request.POST.get(f"{PREFIX}{key}", "").replace("\x00", "").strip()
        if now != request.POST[name]:
            made[key] = now
    return made
