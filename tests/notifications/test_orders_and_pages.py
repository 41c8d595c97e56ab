"""Notices of orders and pages: who is told, in which words, and where they lead."""

from __future__ import annotations

import pytest
from django.db import transaction

from cast import Cast
from notifications.conftest import Tell
from notifications.mailbox import Mailbox, text_of
from parley.channels.events import ChannelLost, DeliveryFailed
from parley.channels.models import Connection, Delivery
from parley.channels.reasons import in_words
from parley.exports.events import ExportFailed
from parley.exports.models import Export
from parley.journal.moment import at, now
from parley.journal.recording import record
from parley.ledger.models import AccountKind, TransferKind
from parley.ledger.topping_up import top_up
from parley.ledger.transferring import Move, transfer
from parley.notifications.choosing import choose_ways, kinds_for, next_digest
from parley.notifications.counting import recount_all
from parley.notifications.digesting import send_digests
from parley.notifications.mailing import send_due
from parley.notifications.models import Fate, Kind, Mail, Notice, Way
from parley.notifications.zones import zone_of
from parley.orders.advancing import advance
from parley.orders.events import OrderUnpaid
from parley.orders.models import Channel, ChannelKind, Order
from parley.orders.moving import lock, seen_by_seller
from parley.orders.settling_again import settle_unpaid
from shop import Shop
from web.pages import Browser


@pytest.fixture
def unpaid(cast: Cast, shop: Shop) -> Order:
    """An order of Bright Home, made by its member, that lacks £27.60."""
    moves = [
        Move(AccountKind.BALANCE, cast.bright_home.pk, -100_000),
        Move(AccountKind.OUTSIDE, None, 100_000),
    ]
    order = shop.queued(person=cast.seller_member.person)
    with transaction.atomic():
        transfer(TransferKind.PAYOUT, "spent", moves, "GBP", by=None)
        advance(lock(order.pk, None), by=cast.seller_member)
    return Order.objects.get(pk=order.pk)


def test_owners_and_who_made_it_are_told(cast: Cast, unpaid: Order, tell: Tell) -> None:
    tell()
    tell()
    told = Notice.objects.filter(order=unpaid, kind=Kind.ORDER_UNPAID)
    assert set(told.values_list("person", flat=True)) == {
        cast.seller.person_id,
        cast.seller_member.person_id,
    }
    cast.seller.person.refresh_from_db()
    assert cast.seller.person.unread_notices == 1
    assert recount_all() == 0


def test_owners_are_told_alone_of_what_arrived_by_itself(
    cast: Cast, unpaid: Order, tell: Tell
) -> None:
    Order.objects.filter(pk=unpaid.pk).update(person=None)
    tell()
    assert Notice.objects.get().person == cast.seller.person


def test_it_leads_to_the_order_and_is_read_there(cast: Cast, unpaid: Order, tell: Tell) -> None:
    tell()
    browser = Browser(cast.seller)
    page = browser.see("/notices/")
    assert "The order could not be paid" in page.words
    assert unpaid.channel_number in page.words
    notice = Notice.objects.get(person=cast.seller.person)
    assert browser.get(f"/notices/{notice.pk}/").headers["Location"] == f"/orders/{unpaid.pk}/"
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_the_mail_says_what_is_missing(
    cast: Cast, unpaid: Order, tell: Tell, mailbox: Mailbox
) -> None:
    tell()
    send_due()
    (mail,) = mailbox.to(cast.seller)
    assert mail["Subject"] == f"[{unpaid.channel_number}] Order for Margaret Hale"
    assert "£27.60 is missing on the balance." in text_of(mail)
    assert f"https://desk.example/orders/{unpaid.pk}/" in text_of(mail)
    assert f".order-{unpaid.pk}." in mail["Message-ID"]
    assert "reply to this mail" not in text_of(mail)


def test_no_mail_goes_out_for_what_is_paid_meanwhile(
    cast: Cast, unpaid: Order, tell: Tell, mailbox: Mailbox
) -> None:
    tell()
    top_up(cast.bright_home, 5_000, "GBP", key="late", by=cast.admin)
    settle_unpaid(cast.bright_home.pk, "GBP")
    send_due()
    assert not mailbox.mails
    assert set(Mail.objects.values_list("fate", flat=True)) == {Fate.DROPPED}


def test_a_digest_has_orders_beside_tickets(
    cast: Cast, unpaid: Order, tell: Tell, mailbox: Mailbox
) -> None:
    choose_ways(cast.seller, {kind.value: Way.DIGEST.value for kind in kinds_for(cast.seller)})
    ticket = cast.ticket(topic=cast.documents, to=cast.bright_home, by=cast.lead)
    tell()
    with at(next_digest(zone_of(cast.seller.person.time_zone))):
        send_digests()
    (mail,) = mailbox.to(cast.seller)
    assert mail["Subject"] == "News on 2 matters"
    for words in ("2 things happened", unpaid.channel_number, str(ticket.number), "missing"):
        assert words in text_of(mail)


def test_another_seller_never_sees_it(cast: Cast, unpaid: Order, tell: Tell) -> None:
    """Not even when a notice was made for them."""
    Notice.objects.create(
        person=cast.other_seller.person, party=cast.second_seller, entry_id=1, event="OrderUnpaid",
        kind=Kind.ORDER_UNPAID, order=unpaid, at=now(),
        facts={"currency": "GBP", "lacking_minor": 1, "reason": ""},
    )  # fmt: skip
    assert unpaid.channel_number not in Browser(cast.other_seller).see("/notices/").words


def test_a_provider_that_failed_is_named(
    cast: Cast, unpaid: Order, tell: Tell, mailbox: Mailbox
) -> None:
    with transaction.atomic():
        record(
            OrderUnpaid(order=unpaid.pk, seen=seen_by_seller(unpaid), currency="GBP",
                        amount_minor=5, lacking_minor=0, reason="The card was declined."),
            by=None,
        )  # fmt: skip
    tell()
    send_due()
    assert "The card was declined. It will be tried again" in text_of(mailbox.to(cast.seller)[-1])


def test_each_is_offered_the_kinds_that_can_reach_them(cast: Cast) -> None:
    assert Kind.ORDER_UNPAID in kinds_for(cast.seller)
    assert Kind.ORDER_UNPAID not in kinds_for(cast.supplier)
    assert Kind.EXPORT_FAILED in kinds_for(cast.supplier)
    assert Kind.EXPORT_FAILED not in kinds_for(cast.agent)


def test_a_supplier_is_told_of_an_export_that_failed(
    cast: Cast, tell: Tell, mailbox: Mailbox
) -> None:
    export = Export.objects.create(
        supplier=cast.northwind,
        name="Nightly file",
        kind="sftp",
        file_name="orders.csv",
        active=False,
    )
    trouble = {"step": "sign_in", "trouble": "sign_in_refused", "detail": "530 No"}
    with transaction.atomic():
        record(
            ExportFailed(export=export.pk, party=cast.northwind.pk, run=1, trouble=trouble), by=None
        )
    tell()
    notice = Notice.objects.get()
    assert (notice.person, notice.kind) == (cast.supplier.person, Kind.EXPORT_FAILED)
    browser = Browser(cast.supplier)
    words = browser.see("/notices/").words
    assert "An export could not be brought to its place Orders export: Nightly file" in words
    send_due()
    (mail,) = mailbox.to(cast.supplier)
    assert mail["Subject"] == "Orders export: Nightly file"
    place = f"/settings/exports/{export.pk}/"
    assert f"https://desk.example{place}" in text_of(mail)
    assert "530 No" in text_of(mail)
    assert browser.get(f"/notices/{notice.pk}/").headers["Location"] == place


def _of_channel(cast: Cast) -> Channel:
    channel = Channel.objects.create(
        seller=cast.bright_home, kind=ChannelKind.SHOPIFY, name="Our shop"
    )
    trouble = {"code": "sign_in"}
    Connection.objects.create(channel=channel, trouble=trouble)
    return channel


def test_a_sellers_owners_are_told_of_a_channel_that_is_lost(
    cast: Cast, tell: Tell, mailbox: Mailbox
) -> None:
    channel = _of_channel(cast)
    for _ in range(2):
        with transaction.atomic():
            event = ChannelLost(channel=channel.pk, seen=(channel.seller_id,), code="sign_in")
            record(event, by=None)
        tell()
    notice = Notice.objects.get()
    assert (notice.person, notice.kind) == (cast.seller.person, Kind.CHANNEL_TROUBLE)
    browser = Browser(cast.seller)
    words = browser.see("/notices/").words
    assert "Orders can't be fetched from a channel Channel: Our shop" in words
    send_due()
    (mail,) = mailbox.to(cast.seller)
    assert mail["Subject"] == "Channel: Our shop"
    assert in_words({"code": "sign_in"}) in " ".join(text_of(mail).split())
    place = f"/settings/channels/{channel.pk}/"
    assert browser.get(f"/notices/{notice.pk}/").headers["Location"] == place
    assert Kind.CHANNEL_TROUBLE in kinds_for(cast.seller)
    assert Kind.CHANNEL_TROUBLE not in kinds_for(cast.supplier)


def test_they_are_told_once_of_orders_that_are_not_understood_until_they_look(
    cast: Cast, tell: Tell
) -> None:
    channel = _of_channel(cast)

    def fail(number: int) -> None:
        delivery = Delivery.objects.create(
            channel=channel,
            delivery_id=str(number),
            body=b"{",
            sha256="",
            reason={"code": "not_json"},
        )
        with transaction.atomic():
            seen = (channel.seller_id,)
            record(
                DeliveryFailed(
                    channel=channel.pk, seen=seen, delivery=delivery.pk, code="not_json"
                ),
                by=None,
            )
        tell()

    for number in range(3):
        fail(number)
    notice = Notice.objects.get()
    words = Browser(cast.seller).see("/notices/").words
    assert "An order that a channel sent was not understood Channel: Our shop" in words
    Notice.objects.filter(pk=notice.pk).update(read_at=now())
    fail(3)
    assert Notice.objects.count() == 2
