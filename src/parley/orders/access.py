"""The one door to orders.

A seller has its own, but those still being matched (O5). A supplier has those that were passed on to
it, and of each only its own consignment (O4). The operator has all that were really made.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from parley.orders.models import (
    Channel,
    Consignment,
    Invoice,
    Listing,
    Order,
    OrderLine,
    OrderNote,
    Stage,
)
from parley.parties.models import Membership, PartyKind


def orders_visible_to(reader: Membership) -> QuerySet[Order]:
    """The orders `reader` may read; drafts are the seller's alone, and in `drafts_of`."""
    if reader.is_operator:
        return Order.objects.exclude(stage=Stage.DRAFT)
    if reader.party.kind == PartyKind.SELLER:
        return Order.objects.filter(seller=reader.party_id).exclude(
            stage__in=(Stage.DRAFT, Stage.MATCHING)
        )
    return Order.objects.filter(
        consignments__supplier=reader.party_id, consignments__passed_at__isnull=False
    )


def drafts_of(reader: Membership) -> QuerySet[Order]:
    """The manual orders that the reader's party (a seller) has begun and not completed."""
    return Order.objects.filter(seller=reader.party_id, stage=Stage.DRAFT)


def consignments_visible_to(reader: Membership) -> QuerySet[Consignment]:
    """The parts of orders that `reader` may read: a supplier its own, the others those of theirs."""
    if reader.is_operator:
        return Consignment.objects.exclude(order__stage=Stage.DRAFT)
    if reader.party.kind == PartyKind.SELLER:
        return Consignment.objects.filter(order__seller=reader.party_id)
    return Consignment.objects.filter(supplier=reader.party_id, passed_at__isnull=False)


def lines_visible_to(reader: Membership) -> QuerySet[OrderLine]:
    """The lines of those: a supplier sees the lines of its own part alone."""
    if reader.is_operator:
        return OrderLine.objects.exclude(order__stage=Stage.DRAFT)
    if reader.party.kind == PartyKind.SELLER:
        return OrderLine.objects.filter(order__seller=reader.party_id)
    return OrderLine.objects.filter(
        consignment__supplier=reader.party_id, consignment__passed_at__isnull=False
    )


def lines_of_any(reader: Membership) -> QuerySet[OrderLine]:
    """The same lines, for a reader of whom only ids are given (`parties.access.any_reader`)."""
    if reader.is_operator:
        return OrderLine.objects.exclude(order__stage=Stage.DRAFT)
    supplied = Q(consignment__supplier=reader.party_id, consignment__passed_at__isnull=False)
    return OrderLine.objects.filter(Q(order__seller=reader.party_id) | supplied)


def notes_visible_to(reader: Membership) -> QuerySet[OrderNote]:
    """The notes on them; one for a single supplier is hidden from the others."""
    notes = OrderNote.objects.filter(order__in=orders_visible_to(reader).values("id"))
    if reader.is_operator or reader.party.kind == PartyKind.SELLER:
        return notes
    return notes.filter(Q(supplier=None) | Q(supplier=reader.party_id))


def invoices_visible_to(reader: Membership) -> QuerySet[Invoice]:
    """The invoices and credit notes that `reader` gets or gave; the operator sees all."""
    if reader.is_operator:
        return Invoice.objects.all()
    if reader.party.kind == PartyKind.SELLER:
        return Invoice.objects.filter(seller=reader.party_id)
    return Invoice.objects.filter(supplier=reader.party_id)


def channels_of(reader: Membership) -> QuerySet[Channel]:
    """The channels of the reader's own party; the operator may look at all."""
    channels = Channel.objects.order_by("name")
    return channels if reader.is_operator else channels.filter(seller=reader.party_id)


def listings_of(reader: Membership) -> QuerySet[Listing]:
    """The listings on those channels."""
    return Listing.objects.filter(channel__in=channels_of(reader).order_by().values("id"))
