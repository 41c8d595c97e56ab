"""Making orders by hand, in one request; on the address of the list of orders."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpResponse
from ninja.responses import Status as Answer
from pydantic import BaseModel, ConfigDict, Field

from parley.catalogue.models import ShippingService
from parley.orders import drafting, making
from parley.web.api import orders
from parley.web.api.auth import ApiRequest
from parley.web.api.orders import OrderWhole, order
from parley.web.api.problems import Fault, Refused, at, invalid, not_found, refusals
from parley.web.api.repeats import Key, once
from parley.web.api.shapes import Id, Plain, address_of
from parley.web.orders.manual import refusal_in_words

router = orders.router
"""That of the list: a method of the same address belongs to the same router."""


class RecipientGiven(BaseModel):
    """Who gets the goods. A British postcode has to be a whole one."""

    model_config = ConfigDict(extra="forbid")

    name: Plain = Field(max_length=200)
    company: Plain = Field(default="", max_length=200)
    street: Plain = Field(max_length=300, description="lines, one under another")
    city: Plain = Field(max_length=100)
    region: Plain = Field(default="", max_length=100)
    postcode: Plain = Field(default="", max_length=20)
    country: Plain = Field(max_length=2, description="ISO 3166", examples=["GB"])
    phone: Plain = Field(default="", max_length=40)
    email: Plain = Field(default="", max_length=254)


class ItemGiven(BaseModel):
    model_config = ConfigDict(extra="forbid")

    product: Id = Field(strict=True)
    quantity: Annotated[int, Field(ge=1, le=drafting.MOST_OF_ONE, strict=True)] = 1


class OrderGiven(BaseModel):
    """An order to be made, invoiced and paid from the balance at once."""

    model_config = ConfigDict(extra="forbid")

    recipient: RecipientGiven
    items: list[ItemGiven] = Field(min_length=1, max_length=drafting.MOST_LINES)
    services: list[Id] = Field(
        default=[],
        max_length=drafting.MOST_LINES,
        description="shipping services, at most one a supplier; the usual ones otherwise",
    )
    note: Plain = Field(default="", max_length=2000)
    agreed_minor: int | None = Field(
        default=None,
        ge=0,
        le=10**15,
        description="what it may cost, VAT and shipping included, in minor units; refused otherwise",
    )


@router.post(
    "/orders",
    response={201: OrderWhole, **refusals(400, 409, 415)},
    operation_id="make_order",
    summary="Make an order by hand",
)
def make_order(
    request: ApiRequest, response: HttpResponse, given: OrderGiven, key: Key = ""
) -> Answer[OrderWhole]:
    """A seller makes an order: it is invoiced, paid from the balance, and passed on.

    Without money on the balance it is made all the same and waits. Repeated under the same
    Idempotency-Key it is made once.
    """
    by = request.auth
    wanted = making.Wanted(
        recipient={**given.recipient.model_dump(), "note": given.note},
        items=[(one.product, one.quantity) for one in given.items],
        services=given.services,
        agreed_minor=given.agreed_minor,
    )
    try:
        with once(by, key, "orders", given) as submit_key:
            made = making.make(wanted, by=by, submit_key=submit_key)
    except drafting.NotASeller:
        raise not_found() from None
    except drafting.CostChanged as refusal:
        raise _costs_otherwise(refusal) from None
    except ShippingService.DoesNotExist:
        raise invalid(at("services", "One of them is not offered for this order.")) from None
    except (
        drafting.RecipientRefused,
        drafting.ItemRefused,
        drafting.Incomplete,
        drafting.NotShippedThere,
    ) as refusal:
        raise invalid(*_faults(refusal)) from None
    response.headers["Location"] = address_of(f"/orders/{made.pk}")
    return Answer(201, order(request, str(made.pk)))


def _faults(refusal: Exception) -> list[Fault]:
    if isinstance(refusal, drafting.RecipientRefused):
        return [at(f"recipient/{field}", words) for field, words in refusal.problems.items()]
    place = "recipient" if isinstance(refusal, drafting.NotShippedThere) else "items"
    return [at(place, words) for words in refusal_in_words(refusal)]


def _costs_otherwise(refusal: drafting.CostChanged) -> Refused:
    detail = f"It costs {refusal.now_minor} in minor units now."
    return Refused(409, "costs-otherwise", " ".join(refusal_in_words(refusal)), detail)
