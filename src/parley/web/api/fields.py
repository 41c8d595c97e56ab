"""Custom fields: what a topic asks for, what stands in those of a ticket, and filling them in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Self

from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from parley.tickets.fields import LONGEST, YES
from parley.tickets.filling import Shown, fill, on_ticket
from parley.tickets.models import CustomField, FieldKind, ShownTo
from parley.web.api.addresses import TicketKey, number_of
from parley.web.api.auth import ApiRequest
from parley.web.api.problems import refusals
from parley.web.api.shapes import Id, Plain, one_of

MOST_GIVEN = 60
KindName = Annotated[str, one_of(FieldKind.values)]

router = Router(tags=["tickets"])


class Option(BaseModel):
    """Something that can be picked."""

    value: str = Field(examples=["3fa91c02"])
    name: str = Field(examples=["Dented"])


class AskedField(BaseModel):
    """Something that a topic asks for."""

    id: int
    name: str = Field(examples=["Tracking number"])
    help: str
    kind: KindName
    required: bool
    options: list[Option] = Field(description="of a choice")

    @classmethod
    def of(cls, field: CustomField) -> Self:
        options = [Option(value=key, name=name) for key, name in field.options_to_pick]
        return cls(
            id=field.pk,
            name=field.name,
            help=field.help,
            kind=field.kind,
            required=field.required,
            options=options,
        )


class StandingField(BaseModel):
    """A field of a ticket, and what stands in it."""

    id: int
    name: str
    kind: KindName
    shown_to: Annotated[str, one_of(ShownTo.values)]
    value: str | None = Field(
        description="an option's value, an ISO 8601 day, a number with a point, `yes`, or text"
    )
    words: str = Field(description="the same, as one reads it")
    may_fill: bool = Field(description="whether one may fill it in now")

    @classmethod
    def of(cls, one: Shown) -> Self:
        return cls(
            id=one.field.pk,
            name=one.field.name,
            kind=one.field.kind,
            shown_to=one.field.shown_to,
            value=one.text or None,
            words=one.words,
            may_fill=one.may_fill,
        )


class GivenField(BaseModel):
    """What is to stand in a field; null or nothing empties it."""

    model_config = ConfigDict(extra="forbid")

    field: Id = Field(strict=True)
    value: Annotated[Plain, Field(max_length=LONGEST)] | bool | int | float | None


class Given(BaseModel):
    model_config = ConfigDict(extra="forbid")

    fields: list[GivenField] = Field(min_length=1, max_length=MOST_GIVEN)


class Fields(BaseModel):
    data: list[StandingField]


def typed(given: Sequence[GivenField]) -> dict[int, str]:
    """What was given, as it would have been typed."""
    return {one.field: _text(one.value) for one in given}


@router.post(
    "/tickets/{ticket}/fields",
    response={200: Fields, **refusals(400, 415)},
    operation_id="fill_in_fields",
    summary="Fill in custom fields",
)
def ticket_fields(request: ApiRequest, ticket: TicketKey, given: Given) -> Fields:
    """Fill in fields of a ticket. Each side fills in its own, the operator any; the rest stays."""
    number = number_of(ticket)
    filled = fill(number, typed(given.fields), by=request.auth)
    return Fields(data=[StandingField.of(one) for one in on_ticket(request.auth, filled)])


def _text(value: object) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return YES
    return f"{value:f}" if isinstance(value, float) else str(value)
