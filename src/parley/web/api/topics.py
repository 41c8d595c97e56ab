"""What a ticket can be opened about, and to whom."""

from __future__ import annotations

from typing import Annotated, Self

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, Field

from parley.parties.access import parties_by_name
from parley.parties.listing import parties_after
from parley.parties.models import Membership, Party
from parley.postgres.keysets import CursorUnreadable
from parley.tickets.access import topics_open_to
from parley.tickets.filling import asked_on
from parley.tickets.models import CustomField, OrderField
from parley.tickets.models import Topic as TopicRow
from parley.web.api.addresses import TopicKey, number_of
from parley.web.api.auth import ApiRequest
from parley.web.api.fields import AskedField
from parley.web.api.paging import LINKED, Leafing, link_pages, only_known
from parley.web.api.problems import not_found, refusals
from parley.web.api.shapes import KindName, PartyRef, Plain, one_of
from parley.web.filtering import sorted_by_name

MOST_LIKE = 20
"""So many parties are given for a name."""

router = Router(tags=["topics"])


class Topic(BaseModel):
    """Something a ticket can be about."""

    id: int
    name: str = Field(examples=["Late parcel"])
    category: str = Field(examples=["Delivery"])
    goes_to: KindName = Field(description="the kind of party such a ticket goes to")
    order_number: Annotated[str, one_of(OrderField.values)]
    keywords: list[str]
    fields: list[AskedField] = Field(description="what is asked for when such a ticket is opened")

    @classmethod
    def of(cls, topic: TopicRow, asked: list[CustomField]) -> Self:
        return cls(
            id=topic.pk,
            name=topic.name,
            category=topic.category.name,
            goes_to=topic.goes_to,
            order_number=topic.order_field,
            keywords=[word for words in topic.keywords.values() for word in words],
            fields=[AskedField.of(one) for one in asked],
        )


class Topics(BaseModel):
    data: list[Topic]


class Looking(Leafing):
    """Which parties: all of them page by page, or those of a name."""

    name: Plain = Field(default="", max_length=100, description="names like this, the likest first")


class Parties(BaseModel):
    data: list[PartyRef]
    next: str | None = None


@router.get(
    "/topics",
    response={200: Topics, **refusals()},
    operation_id="topics",
    summary="What a ticket can be opened about",
)
def topics(request: ApiRequest) -> Topics:
    """The topics one may open a ticket on, by category and name in one's language."""
    found = sorted_by_name(topics_open_to(request.auth.party.kind))
    asked = asked_on(found)
    return Topics(data=[Topic.of(topic, asked.get(topic.pk, [])) for topic in found])


@router.get(
    "/topics/{topic}/parties",
    response={200: Parties, **refusals()},
    operation_id="topic_parties",
    summary="To whom a ticket on a topic can go",
    openapi_extra=LINKED,
)
def topic_parties(
    request: ApiRequest,
    response: HttpResponse,
    topic: TopicKey,
    wanted: Query[Looking],
) -> Parties:
    """The parties that can be `to` when a ticket is opened on this topic."""
    only_known(request, "name", "cursor", "limit")
    reader = request.auth
    found = topics_open_to(reader.party.kind).filter(pk=number_of(topic)).first()
    if found is None:
        raise not_found()
    if wanted.name:
        like = parties_by_name(wanted.name, MOST_LIKE)
        return Parties(data=_others([p for p in like if p.kind == found.goes_to], reader))
    rows = parties_after(found.goes_to, _place(wanted.cursor), wanted.limit + 1)
    more, rows = len(rows) > wanted.limit, rows[: wanted.limit]
    following = str(rows[-1].pk) if more else None
    link_pages(request, response, f"/topics/{found.pk}/parties", next=following)
    return Parties(data=_others(rows, reader), next=following)


def _others(parties: list[Party], reader: Membership) -> list[PartyRef]:
    """All but one's own: nobody opens a ticket to themselves."""
    return [PartyRef.of(party) for party in parties if party.pk != reader.party_id]


def _place(cursor: str) -> int | None:
    if not cursor:
        return None
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 18):
        raise CursorUnreadable(cursor)
    return int(cursor)
