"""What a ticket can be opened about, and to whom."""

from __future__ import annotations

from typing import Literal, Self

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, Field

from parley.parties.access import parties_by_name
from parley.parties.listing import parties_after
from parley.tickets.access import topics_open_to
from parley.tickets.models import Topic as TopicRow
from parley.web.api.addresses import TopicKey, number_of
from parley.web.api.auth import ApiRequest
from parley.web.api.paging import LINKED, Cursor, Limit, link_pages, only_known
from parley.web.api.problems import not_found, refusals
from parley.web.api.shapes import Kind, PartyRef, Plain
from parley.web.filtering import sorted_by_name

MOST_LIKE = 20
"""So many parties are given for a name."""

router = Router(tags=["topics"])


class Topic(BaseModel):
    """Something a ticket can be about."""

    id: int
    name: str = Field(examples=["Late parcel"])
    category: str = Field(examples=["Delivery"])
    goes_to: Kind = Field(description="the kind of party such a ticket goes to")
    order_number: Literal["none", "optional", "required"]
    keywords: list[str]

    @classmethod
    def of(cls, topic: TopicRow) -> Self:
        return cls(
            id=topic.pk,
            name=topic.name,
            category=topic.category.name,
            goes_to=topic.goes_to,
            order_number=topic.order_field,
            keywords=[word for words in topic.keywords.values() for word in words],
        )


class Topics(BaseModel):
    data: list[Topic]


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
    return Topics(data=[Topic.of(topic) for topic in found])


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
    name: Plain = Query("", max_length=100, description="names like this, the likest first"),
    cursor: Cursor = Query(""),
    limit: Limit = Query(25),
) -> Parties:
    """The parties that can be `to` when a ticket is opened on this topic."""
    only_known(request, "name", "cursor", "limit")
    reader = request.auth
    found = topics_open_to(reader.party.kind).filter(pk=number_of(topic)).first()
    if found is None:
        raise not_found()
    if name:
        like = [party for party in parties_by_name(name, MOST_LIKE) if party.kind == found.goes_to]
        return Parties(data=[PartyRef.of(p) for p in like if p.pk != reader.party_id])
    after = number_of(cursor) if cursor else None
    rows = parties_after(found.goes_to, after, limit + 1)
    more, rows = len(rows) > limit, rows[:limit]
    following = str(rows[-1].pk) if more else None
    link_pages(request, response, f"/topics/{found.pk}/parties", next=following)
    return Parties(
        data=[PartyRef.of(p) for p in rows if p.pk != reader.party_id], next=following
    )
