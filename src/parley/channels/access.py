"""The doors to connections, deliveries and files of orders.

A seller's people see those of their own channels, the operator those of all. What only a seller's
owners may change (addresses, keys, on and off) goes through `managed_by`.
"""

from __future__ import annotations

from django.db.models import QuerySet

from parley.channels.models import Connection, Delivery, FileRow, OrderFile
from parley.orders.access import channels_of
from parley.orders.models import Channel, ChannelKind
from parley.parties.models import Membership, PartyKind, Role


def shown_channels_of(reader: Membership) -> QuerySet[Channel]:
    """The channels that orders arrive by on their own or in files, with how they are reached."""
    return (
        channels_of(reader)
        .exclude(kind=ChannelKind.MANUAL)
        .filter(connection__isnull=False)
        .select_related("connection", "seller")
        .order_by("seller__name", "name", "id")
    )


def has_channels(reader: Membership) -> bool:
    """Whether the place is for the reader at all: suppliers have none."""
    return reader.is_operator or reader.party.kind == PartyKind.SELLER


def may_manage(reader: Membership) -> bool:
    """Whether the reader may add channels and change how they are reached: a seller's owner."""
    return reader.party.kind == PartyKind.SELLER and reader.role == Role.OWNER


def may_work(reader: Membership) -> bool:
    """Whether the reader may upload files, link items and try deliveries again: the seller's people."""
    return reader.party.kind == PartyKind.SELLER


def managed_by(reader: Membership) -> QuerySet[Channel]:
    """The channels whose settings the reader may change."""
    channels = shown_channels_of(reader)
    return channels.filter(seller=reader.party_id) if may_manage(reader) else channels.none()


def worked_by(reader: Membership) -> QuerySet[Channel]:
    """The channels whose orders the reader may see to."""
    channels = shown_channels_of(reader)
    return channels.filter(seller=reader.party_id) if may_work(reader) else channels.none()


def deliveries_of(reader: Membership) -> QuerySet[Delivery]:
    """What platforms sent to those channels, the newest first; without the bodies."""
    return (
        Delivery.objects.filter(channel__in=_keys(reader))
        .select_related("channel", "order")
        .defer("body", "order__words")
        .order_by("-id")
    )


def files_of(reader: Membership) -> QuerySet[OrderFile]:
    """The files of orders that were uploaded, the newest first."""
    return (
        OrderFile.objects.filter(channel__in=_keys(reader))
        .select_related("channel", "person")
        .order_by("-id")
    )


def rows_of(file: OrderFile) -> QuerySet[FileRow]:
    """The rows of a file that the reader was shown."""
    return (
        FileRow.objects.filter(file=file)
        .select_related("order")
        .defer("order__words")
        .order_by("number")
    )


def connection_called(key: str) -> Connection | None:
    """The connection with this incoming address, if its channel is switched on."""
    found = Connection.objects.select_related("channel").filter(key=key, channel__active=True)
    return found.first()


def _keys(reader: Membership) -> QuerySet[Channel]:
    return channels_of(reader).order_by().values("id")  # type: ignore[return-value]
