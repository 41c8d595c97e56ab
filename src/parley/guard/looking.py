"""Looking at what somebody writes on a ticket: what in it leads away from the marketplace."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import chain
from urllib.parse import urlsplit

from django.conf import settings

from parley.orders.models import Consignment, Order, OrderLine, Shipment
from parley.parties.models import Membership, Party
from parley.recognition.finding import Finding, find

REGION = "GB"
"""Whose phone numbers are read without a country code, where the writer's company has no address."""


def is_between_companies(opener: Party, counterparty: Party) -> bool:
    """Whether two companies write to each other: what is written to the operator is free."""
    return not (opener.is_operator or counterparty.is_operator)


def look(
    text: str, *, by: Membership, order_id: int | None, known: Collection[str] = ()
) -> list[Finding]:
    """What in `text` leads away, for a ticket about the order `order_id` (None: about none).

    `known` and all that the order is known by are let through: its numbers, items, parcels and its
    buyer. A text that carries nothing asks the database nothing.
    """
    hosts, region = _own_hosts(), by.party.country or REGION
    if not find(text, region=region, own_hosts=hosts):
        return []
    return find(text, region=region, own_hosts=hosts, known={*known, *_known_of(order_id)})


def _own_hosts() -> set[str]:
    named = {urlsplit(settings.PUBLIC_URL).hostname or "", *settings.ALLOWED_HOSTS}
    return {host.lstrip(".").lower() for host in named} - {"", "*"}


def _known_of(order_id: int | None) -> set[str]:
    if order_id is None:
        return set()
    order = Order.objects.select_related("channel").defer("words").filter(pk=order_id).first()
    if order is None:
        return set()
    parts = Consignment.objects.filter(order=order).values_list("pk", flat=True)
    said = chain(
        (order.number, order.channel_number, order.external_id, order.to_phone, order.to_email),
        (order.to_postcode, order.channel.name if order.channel else ""),
        _each(OrderLine.objects.filter(order=order).values_list("sku", "title")),
        _each(Shipment.objects.filter(consignment__in=parts).values_list("tracking")),
        parts,
    )
    return {str(one) for one in said if one}


def _each(rows: Iterable[tuple[str, ...]]) -> Iterable[str]:
    return chain.from_iterable(rows)
