"""Channels: sending orders of one's own programs, and what became of them."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router
from ninja.responses import Status as Answer
from pydantic import BaseModel, ConfigDict, Field

from parley.channels.access import deliveries_of, has_channels, shown_channels_of, worked_by
from parley.channels.connectors.shape import Heard
from parley.channels.models import Delivery as DeliveryRow
from parley.channels.models import DeliveryState
from parley.channels.reasons import in_words
from parley.channels.receiving import LARGEST, KeyUsedOtherwise, keep, try_again
from parley.orders.models import Channel as ChannelRow
from parley.orders.models import ChannelKind
from parley.parties.models import Membership
from parley.web.api.addresses import number_of
from parley.web.api.auth import ApiRequest
from parley.web.api.bodies import JSON
from parley.web.api.channel_addresses import ChannelKey, DeliveryKey
from parley.web.api.paging import LINKED, Leafing, link_pages, newest, only_known
from parley.web.api.problems import Fault, Refused, not_found, refusals, unsupported
from parley.web.api.repeats import Key
from parley.web.api.shapes import one_of

router = Router(tags=["channels"])


class Channel(BaseModel):
    """Where orders of a seller come from."""

    id: int
    name: str
    kind: Annotated[str, one_of(ChannelKind.values)]
    active: bool
    trouble: str = Field(description="what is wrong with it, in words; empty if nothing is")

    @classmethod
    def of(cls, row: ChannelRow) -> Self:
        trouble = in_words(row.connection.trouble)
        return cls(id=row.pk, name=row.name, kind=row.kind, active=row.active, trouble=trouble)


class Channels(BaseModel):
    data: list[Channel]


class Delivery(BaseModel):
    """What was sent, and what became of it."""

    id: int
    state: Annotated[str, one_of(DeliveryState.values)]
    reason: str = Field(description="why it is no order yet, in words; empty otherwise")
    order_id: str = Field(description="the order's id in the shop, once it is known")
    order: int | None = Field(description="the order it became; null while it is matched")
    received_at: datetime
    attempts: int
    sha256: str

    @classmethod
    def of(cls, row: DeliveryRow) -> Self:
        shown = row.order is not None and row.order.stage not in ("draft", "matching")
        return cls(
            id=row.pk,
            state=row.state,
            reason=in_words(row.reason),
            order_id=row.external_id,
            order=row.order_id if shown else None,
            received_at=row.received_at,
            attempts=row.attempts,
            sha256=row.sha256,
        )


class Deliveries(BaseModel):
    data: list[Delivery]
    next: str | None = None


class Looking(Leafing):
    """Which deliveries, the newest first."""

    state: Literal["", "waiting", "taken", "failed", "ignored"] = ""


class ToldLine(BaseModel):
    """An item of an order. One of `sku`, `listing_id` and `title` has to be there."""

    model_config = ConfigDict(extra="allow")

    quantity: int = Field(ge=1, le=100_000)
    sku: str = Field(default="", max_length=80)
    listing_id: str = Field(default="", max_length=100, description="the shop's number of the item")
    title: str = ""
    price: str = Field(default="", description="what the buyer paid for one")


class ToldAddress(BaseModel):
    model_config = ConfigDict(extra="allow")

    name: str = ""
    company: str = ""
    street: str | list[str] = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = Field(default="", description="ISO 3166, or its name in English or Russian")
    phone: str = ""
    email: str = ""


class ToldOrder(BaseModel):
    """An order as a seller's program tells it. Told again, it is brought up to date."""

    model_config = ConfigDict(extra="allow")

    id: str = Field(min_length=1, max_length=100, description="its id in the shop; once a channel")
    number: str = Field(default="", description="as the buyer knows it; the id if there is none")
    placed_at: str = Field(default="", description="ISO 8601")
    changed_at: str = Field(default="", description="ISO 8601: tells an older word from a newer")
    currency: str = Field(default="", description="ISO 4217")
    total: str = ""
    lines: list[ToldLine] = Field(min_length=1, max_length=500)
    ship_to: ToldAddress = Field(default_factory=ToldAddress)
    note: str = ""
    payment_status: str = Field(default="", description="kept and shown as it is")
    fulfilment_status: str = Field(default="", description="kept and shown as it is")
    cancelled: bool = False


def _body() -> dict[str, Any]:
    """The order's schema for the description, with what it refers to put in place."""
    schema = ToldOrder.model_json_schema()
    inner = schema.pop("$defs")
    text = json.dumps(schema)
    for name, definition in inner.items():
        text = text.replace(f'{{"$ref": "#/$defs/{name}"}}', json.dumps(definition))
        text = text.replace(f'"$ref": "#/$defs/{name}"', f'"allOf": [{json.dumps(definition)}]')
    return {
        "requestBody": {
            "required": True,
            "content": {JSON: {"schema": json.loads(text)}},
        }
    }


@router.get(
    "/channels",
    response={200: Channels, **refusals()},
    operation_id="channels",
    summary="Where orders come from",
)
def channels(request: ApiRequest) -> Channels:
    """The channels of one's party; the operator sees those of all sellers."""
    only_known(request)
    if not has_channels(request.auth):
        raise not_found()
    return Channels(data=[Channel.of(row) for row in shown_channels_of(request.auth)])


@router.post(
    "/channels/{channel}/orders",
    response={202: Delivery, **refusals(400, 413, 415)},
    operation_id="send_order",
    summary="Send an order",
    openapi_extra=_body(),
)
def send_order(request: ApiRequest, channel: ChannelKey, idempotency_key: Key = "") -> Any:
    """Store an order of a channel of kind `json`, to be taken in a moment later.

    The answer says that it is stored, not that it is understood: ask for the delivery, or look at the
    channel's page. Sent twice, with the same key or the same content, it is one delivery; one that
    could not be understood is then tried again.
    """
    reader = request.auth
    found = worked_by(reader).filter(pk=number_of(channel), kind=ChannelKind.JSON).first()
    if found is None or not found.active:
        raise not_found()
    body = _read(request)
    key = idempotency_key.strip().strip('"').replace("\x00", "")
    digest = hashlib.sha256(body).hexdigest()
    called = f"key:{hashlib.sha256(key.encode()).hexdigest()}" if key else f"sha256:{digest}"
    try:
        kept, new = keep(found, body, Heard(delivery_id=called, topic="order"), by=reader)
    except KeyUsedOtherwise:
        raise _key_used() from None
    if not new and kept.state == DeliveryState.FAILED:
        try_again(kept.pk, by=reader)
    return Answer(202, Delivery.of(_row(reader, kept.pk)))


@router.get(
    "/channels/{channel}/deliveries",
    response={200: Deliveries, **refusals()},
    operation_id="deliveries",
    summary="What was sent, and what became of it",
    openapi_extra=LINKED,
)
def deliveries(
    request: ApiRequest, response: HttpResponse, channel: ChannelKey, wanted: Query[Looking]
) -> Deliveries:
    """What arrived on a channel, the newest first."""
    only_known(request, "state", "cursor", "limit")
    found = shown_channels_of(request.auth).filter(pk=number_of(channel)).first()
    if found is None or not has_channels(request.auth):
        raise not_found()
    rows = deliveries_of(request.auth).filter(channel=found)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    page, following = newest(rows, wanted)
    link_pages(request, response, f"/channels/{found.pk}/deliveries", next=following)
    return Deliveries(data=[Delivery.of(row) for row in page], next=following)


@router.get(
    "/channels/{channel}/deliveries/{delivery}",
    response={200: Delivery, **refusals()},
    operation_id="delivery",
    summary="One delivery",
)
def delivery(request: ApiRequest, channel: ChannelKey, delivery: DeliveryKey) -> Delivery:
    """What became of one of them."""
    of_channel = deliveries_of(request.auth).filter(channel=number_of(channel))
    found = of_channel.filter(pk=number_of(delivery)).first()
    if found is None:
        raise not_found()
    return Delivery.of(found)


def _read(request: HttpRequest) -> bytes:
    """The raw body, which has to be a JSON object. Raises Refused."""
    if request.content_type != JSON:
        raise unsupported(JSON)
    body = request.body
    if len(body) > LARGEST:
        raise Refused(413, "too-large", _("This is too large."))
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise Refused(400, "unreadable", _("The body is not a JSON object."))
    return body


def _row(reader: Membership, key: int) -> DeliveryRow:
    return deliveries_of(reader).get(pk=key)


def _key_used() -> Refused:
    detail = _("This key came with another request before; a new request needs a new key.")
    return Refused(
        422,
        "idempotency-key-reused",
        _("The key has been used."),
        errors=[Fault(detail=detail, header="Idempotency-Key")],
    )
