"""Linking what an order is of to a supplier's product by hand, and trying again when a product appears."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Upper

from parley.catalogue.access import products_visible_to
from parley.catalogue.models import Product
from parley.journal.events import Event
from parley.journal.models import Entry
from parley.journal.moment import now
from parley.journal.recording import record
from parley.orders import events
from parley.orders.access import channels_of, lines_visible_to, listings_of
from parley.orders.advancing import advance
from parley.orders.matching import link, may_be_linked
from parley.orders.models import Channel, Listing, Order, OrderLine, Stage
from parley.orders.moving import lock, seen_by_seller
from parley.parties.models import Membership

log = logging.getLogger(__name__)

UNLINKED = (Stage.MATCHING, Stage.NOT_LINKED)
_LATEST = timedelta(hours=1)


class NotToBeLinked(Exception):
    """The order is linked already, dismissed, or not the actor's own."""


class OtherCurrency(NotToBeLinked):
    """The product is priced in another currency than the rest of the order."""


class ListingRefused(Exception):
    """`code` says what is wrong with a listing: `nothing` to know it by, `taken` already."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def link_by_hand(line_id: int, product_id: int, *, by: Membership) -> Order:
    """Link a line of a seller's own order to a product, and its like on that channel from now on.

    Makes the listing, by which other orders waiting for the same item are matched at once. Raises
    OrderLine.DoesNotExist, Product.DoesNotExist and NotToBeLinked.
    """
    with transaction.atomic():
        order_id = lines_visible_to(by).values_list("order_id", flat=True).get(pk=line_id)
        try:
            order = lock(order_id, by)
        except Order.DoesNotExist:  # one's own, but not shown yet: a draft, or still being matched
            raise OrderLine.DoesNotExist from None
        line = order.lines.get(pk=line_id)
        if order.seller_id != by.party_id or order.stage not in UNLINKED or line.product_id:
            raise NotToBeLinked
        product = products_visible_to(by).get(pk=product_id)
        if not may_be_linked(order, product):
            raise OtherCurrency
        link(order, line, product, how="hand", by=by)
        if line.listing_id or line.sku:
            list_product(
                order.channel, product, listing_id=line.listing_id, sku=line.sku,
                title=line.title, by=by,
            )  # fmt: skip
        advance(order, by=by)
        return order


def dismiss(order_id: int, *, by: Membership) -> Order:
    """Dismiss one's own order that is not linked: it is not for this marketplace.

    Raises Order.DoesNotExist and NotToBeLinked.
    """
    with transaction.atomic():
        order = lock(order_id, by)
        if order.seller_id != by.party_id or order.stage != Stage.NOT_LINKED:
            raise NotToBeLinked
        order.stage, order.matching_until = Stage.DISMISSED, None
        order.save(update_fields=["stage", "matching_until"])
        record(events.OrderDismissed(order=order.pk, seen=seen_by_seller(order)), by=by)
        return order


def list_product(
    channel: Channel,
    product: Product,
    *,
    by: Membership,
    listing_id: str = "",
    sku: str = "",
    title: str = "",
) -> Listing:
    """Link an item of a channel to a product; one that was linked is linked anew.

    Raises ListingRefused.
    """
    if not listing_id and not sku:
        raise ListingRefused("nothing")
    with transaction.atomic():
        known: dict[str, Any] = {"listing_id": listing_id}
        if not listing_id:
            known |= {"sku__iexact": sku}
        listing, _new = Listing.objects.update_or_create(
            channel=channel,
            **known,
            defaults={"product": product, "title": title[:250]},
            create_defaults={"product": product, "title": title[:250], "sku": sku,
                             "listing_id": listing_id},
        )  # fmt: skip
        record(_made(listing), by=by)
    return listing


def unlist(listing_id: int, *, by: Membership) -> Listing:
    """Take a listing away: new orders of the item are not matched by it any more.

    Orders that are linked stay so. Raises Listing.DoesNotExist.
    """
    with transaction.atomic():
        listing = listings_of(by).select_related("channel", "product").get(pk=listing_id)
        key, seller = listing.pk, listing.channel.seller_id
        record(events.ListingTaken(listing=key, channel=listing.channel_id, seen=(seller,)), by=by)
        listing.delete()
    return listing


def channel_for(channel_id: int, *, by: Membership) -> Channel:
    """One of the actor's own channels. Raises Channel.DoesNotExist."""
    return channels_of(by).get(pk=channel_id, seller=by.party_id)


def retry_for(event: Event, entry: Entry) -> None:
    """Reaction: a product or a listing has appeared; orders that waited for it are matched by a job."""
    from parley.orders.jobs import retry_matching as again

    about: dict[str, Any] = {"channel": None, "listing_id": "", "sku": getattr(event, "sku", "")}
    if isinstance(event, events.ListingMade):
        about |= {"channel": event.channel, "listing_id": event.listing_id}
    # A catalogue is imported by the hundred thousand: a job only where somebody waits.
    if _waiting_for(**about).exists():
        again.defer(**about)


def retry_matching(*, channel: int | None = None, listing_id: str = "", sku: str = "") -> int:
    """Advance the orders with an unlinked line of this SKU or listing; gives how many.

    Each in a transaction of its own, so that it can be killed at any moment and run again.
    """
    return _advance(list(_waiting_for(channel, listing_id, sku)))


def match_latest() -> int:
    """Match once more what arrived within the last hour; gives how many.

    An order and its product that appear in the same moment don't see each other.
    """
    hour = Order.objects.filter(arrived_at__gt=now() - _LATEST, stage=Stage.MATCHING)
    return _advance(list(hour.values_list("pk", flat=True)))


def unlinked_lines(order: Order) -> QuerySet[OrderLine]:
    """The lines of an order that no product is known for, in their order."""
    return order.lines.filter(product=None).order_by("position")


def _advance(order_ids: list[int]) -> int:
    """Advance each by itself; one that fails keeps no other waiting, and is raised at the end."""
    done, failed = 0, None
    for order_id in order_ids:
        try:
            with transaction.atomic():
                order = lock(order_id, None)
                if order.stage in UNLINKED:
                    advance(order, by=None)
                    done += 1
        except Exception as error:
            log.exception("Order %s can't be matched", order_id)
            failed = error
    if failed is not None:
        raise failed
    return done


def _waiting_for(channel: int | None, listing_id: str, sku: str) -> QuerySet[OrderLine, int]:
    """The orders to try, found by the unlinked lines' own indexes."""
    alike = Q(pk__in=[])
    if listing_id:
        alike |= Q(listing_id=listing_id)
    if sku:
        alike |= Q(upper=sku.upper())
    lines = OrderLine.objects.annotate(upper=Upper("sku")).filter(
        alike, product=None, order__stage__in=UNLINKED
    )
    if channel is not None:
        lines = lines.filter(order__channel=channel)
    return lines.order_by("order").values_list("order", flat=True).distinct()


def _made(listing: Listing) -> events.ListingMade:
    return events.ListingMade(
        listing=listing.pk,
        channel=listing.channel_id,
        listing_id=listing.listing_id,
        sku=listing.sku,
        product=listing.product_id,
        seen=(listing.channel.seller_id,),
    )
