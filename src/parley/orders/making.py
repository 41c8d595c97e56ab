"""Making an order by hand in one go, for programs (O9): all of it, or nothing."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from parley.conversations.repeating import KeyUsedOtherwise
from parley.orders.drafting import add_item, begin, choose_service, complete
from parley.orders.models import ChannelKind, Order
from parley.parties.models import Membership

_KEY = "api:"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """An order as it is to be: `items` are pairs of a product's id and how many.

    `services` are the shipping services, at most one a supplier; the usual one where there is none.
    """

    recipient: Mapping[str, str]
    items: Sequence[tuple[int, int]]
    services: Sequence[int] = field(default=())
    agreed_minor: int | None = None


def make(wanted: Wanted, *, by: Membership, submit_key: uuid.UUID | None = None) -> Order:
    """Make and complete an order of the actor's company; with a key that was used, the one it made.

    Raises what `drafting` raises, and KeyUsedOtherwise.
    """
    with transaction.atomic():
        if submit_key and (made := _made_before(submit_key, by)):
            return made
        draft = begin(wanted.recipient, by=by)
        if submit_key:
            draft.external_id = f"{_KEY}{submit_key.hex}"
            draft.save(update_fields=["external_id"])
        for product, quantity in wanted.items:
            add_item(draft.pk, product, quantity, by=by)
        for service in wanted.services:
            choose_service(draft.pk, service, by=by)
        return complete(draft.pk, by=by, agreed_minor=wanted.agreed_minor)


def _made_before(key: uuid.UUID, by: Membership) -> Order | None:
    by_key = Order.objects.filter(
        seller=by.party_id,
        channel__kind=ChannelKind.MANUAL,
        external_id__startswith=f"{_KEY}{key.hex[:16]}",
    )
    made = by_key.defer("words").first()
    if made is not None and made.external_id != f"{_KEY}{key.hex}":
        raise KeyUsedOtherwise
    return made
