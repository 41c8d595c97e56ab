"""The demo's orders: written all at once, and yet as the house's own rules would have made them."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Count, F, Q, Sum

from parley.catalogue.models import Product, ProductImage, Terms
from parley.channels.connectors.table import connector_of
from parley.channels.models import Connection, Delivery, FileRow
from parley.channels.reasons import in_words
from parley.demo.filling import fill
from parley.demo.marketplace import accounts, parties
from parley.exports.access import runs_visible_to
from parley.exports.models import Picked
from parley.feeds.access import runs_of
from parley.feeds.models import FeedRow
from parley.journal.models import Entry
from parley.journal.moment import at
from parley.ledger.models import Account, AccountKind, Payment, PaymentState, Posting, TransferKind
from parley.ledger.topping_up import top_up
from parley.orders.access import consignments_visible_to, orders_visible_to
from parley.orders.axes import Cancellation, Fulfilment, together
from parley.orders.cancelling import cancel, may_cancel
from parley.orders.holding import why_held
from parley.orders.models import (
    CancelReason,
    Consignment,
    FulfilmentChoices,
    Invoice,
    InvoiceSeries,
    Order,
    OrderLine,
    PaymentChoices,
    Stage,
)
from parley.orders.settling_again import settle_unpaid
from parley.parties.models import Membership, Party
from parley.tickets.calling_off import may_answer
from parley.tickets.models import IS_OPEN, Ticket
from web.pages import Browser

NOW = datetime(2026, 5, 20, 13, 30, tzinfo=UTC)
SELLER, SUPPLIER = "harriet@bramblefinch.example", "margaret.holloway@northwind-supply.example"

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture(scope="module", autouse=True)
def filled(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[int]:
    """All of the demo's orders, and a tenth of its tickets, filled once for all tests here."""
    with django_db_blocker.unblock(), transaction.atomic(), at(NOW):  # type: ignore[attr-defined]
        yield fill(scale=0.1)
        transaction.set_rollback(True)


def member(email: str) -> Membership:
    return Membership.objects.select_related("party", "person").get(person__email=email)


def waiting() -> list[Order]:
    """The orders that show QUEUE because there is no money for them."""
    return list(
        Order.objects.filter(payment="unpaid", stage=Stage.QUEUED, cancellation="none").order_by(
            "id"
        )
    )


def told(order: Order) -> list[str]:
    """What has happened to an order, as its audit tells it."""
    entries = Entry.objects.filter(subject=f"order:{order.pk}").order_by("id")
    return list(entries.values_list("kind", flat=True))


def test_there_are_as_many_as_promised_over_the_last_ninety_days() -> None:
    assert Product.objects.count() >= 300
    assert ProductImage.objects.exclude(thumbnail="").count() > 20
    assert Order.objects.count() >= 2500
    placed = sorted(Order.objects.values_list("placed_at", flat=True))
    assert NOW - timedelta(days=91) < placed[0] < NOW - timedelta(days=85)
    assert placed[-1] < NOW
    sellers = {party.name for party in parties() if party.kind == "seller"}
    assert set(Order.objects.values_list("seller__name", flat=True)) == sellers


def test_every_state_of_every_axis_can_be_seen() -> None:
    assert set(Order.objects.values_list("payment", flat=True)) == set(PaymentChoices.values)
    assert set(Order.objects.values_list("fulfilment", flat=True)) == set(FulfilmentChoices.values)
    assert {"none", "cancelled"} <= set(Order.objects.values_list("cancellation", flat=True))
    assert Order.objects.filter(open_tickets__gt=0).exists()
    assert set(Order.objects.values_list("stage", flat=True)) == set(Stage.values)
    assert Order.objects.exclude(cancel_reason="").filter(cancellation="cancelled").count() > 20


def test_five_are_queued_three_not_linked_and_two_held() -> None:
    assert len(waiting()) == 5
    assert all(order.shown_number == "QUEUE" for order in waiting())
    assert Order.objects.filter(stage=Stage.NOT_LINKED).count() == 3
    held = Order.objects.filter(stage=Stage.HELD)
    assert held.count() == 2
    for order in held:
        assert order.why_held
        assert order.to_postcode[:2] in {"BT", "HS", "ZE"}
    assert Terms.objects.get(supplier__name="Northwind Supply").not_shipped_to == "BT, HS, ZE"


def test_nothing_was_invoiced_that_goes_where_its_supplier_does_not_ship() -> None:
    far = Order.objects.filter(to_postcode__regex="^(BT|HS|ZE)", paid_at__isnull=False)
    assert far.count() > 20
    for order in far:
        assert why_held(order) == []


def test_no_channel_leads_to_somebody_elses_server() -> None:
    for reached in Connection.objects.exclude(settings={}):
        assert reached.settings["address"].endswith(".example")


def test_an_order_stands_as_its_parts_make_it() -> None:
    parts: dict[int, list[Consignment]] = defaultdict(list)
    for part in Consignment.objects.defer("words"):
        parts[part.order_id].append(part)
    for order in Order.objects.defer("words"):
        made = [part.standing_in(order) for part in parts[order.pk]]
        assert together(made, order.standing) == order.standing
        if parts[order.pk]:
            assert order.cost_minor == sum(part.total_minor for part in parts[order.pk])
    assert max(len(of_order) for of_order in parts.values()) > 1


def test_lines_and_shipments_agree_with_how_far_a_part_is_shipped() -> None:
    lines: dict[int, list[OrderLine]] = defaultdict(list)
    sent = OrderLine.objects.filter(consignment__isnull=False).annotate(
        sent=Sum("shipments__quantity", default=0)
    )
    for line in sent:
        assert line.sent == line.shipped
        lines[line.consignment_id or 0].append(line)
    for part in Consignment.objects.defer("words"):
        shipped = sum(line.shipped for line in lines[part.pk])
        left = sum(line.left for line in lines[part.pk])
        if part.fulfilment == Fulfilment.UNSHIPPED:
            assert shipped == 0
        elif part.fulfilment == Fulfilment.PART_SHIPPED:
            assert shipped
            assert left
        else:
            assert not left
        if part.cancellation == Cancellation.CANCELLED:
            assert part.refunded_minor in (0, part.total_minor)


def test_what_is_paid_and_refunded_is_what_moved() -> None:
    payments = {payment.order_id: payment for payment in Payment.objects.filter(state="paid")}
    refunded = dict(Consignment.objects.values_list("order").annotate(total=Sum("refunded_minor")))
    for order in Order.objects.defer("words"):
        payment = payments.get(order.pk)
        assert order.paid_minor == (payment.amount_minor if payment else 0)
        assert order.refunded_minor == (payment.refunded_minor if payment else 0)
        assert order.refunded_minor == refunded.get(order.pk, 0)
        assert order.refunded_minor <= order.paid_minor
        assert bool(order.number) == (order.paid_at is not None)
    assert Payment.objects.filter(state=PaymentState.FAILED).exclude(reason="").exists()


def test_the_ledger_sums_to_zero_and_every_balance_is_what_was_posted() -> None:
    assert Account.objects.aggregate(sum=Sum("balance_minor"))["sum"] == 0
    sums = Posting.objects.values("transfer").annotate(sum=Sum("amount_minor"))
    assert not sums.exclude(sum=0).exists()
    for account in Account.objects.all():
        balance = 0
        for posting in account.postings.order_by("id"):
            balance += posting.amount_minor
            assert posting.balance_minor == balance
            assert account.kind != AccountKind.BALANCE or balance >= 0
        assert account.balance_minor == balance
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_money_moves_in_the_order_of_time() -> None:
    for account in Account.objects.exclude(kind=AccountKind.OUTSIDE):
        moments = list(account.postings.order_by("id").values_list("transfer__at", flat=True))
        assert all(later >= sooner for sooner, later in pairwise(moments))


def test_invoices_are_numbered_without_gaps_and_credit_notes_give_back_what_was_refunded() -> None:
    for series in InvoiceSeries.objects.all():
        issued = Invoice.objects.filter(supplier=series.supplier_id, kind=series.kind)
        numbers = list(issued.order_by("id").values_list("number", flat=True))
        assert numbers == list(range(1, series.last + 1))
    paid = Consignment.objects.filter(order__paid_at__isnull=False)
    assert not paid.annotate(papers=Count("invoices")).filter(papers=0).exists()
    credited = paid.annotate(
        back=Sum(
            F("invoices__net_minor") + F("invoices__vat_minor"),
            filter=Q(invoices__kind="credit_note"), default=0,
        )
    )  # fmt: skip
    assert not credited.exclude(back=F("refunded_minor")).exists()
    for invoice in Invoice.objects.select_related("consignment"):
        assert invoice.net_minor == sum(line["net_minor"] for line in invoice.lines)
        if invoice.kind == "invoice":
            assert invoice.total_minor == invoice.consignment.total_minor


def test_invoices_name_both_companies_with_address_and_vat_number() -> None:
    for named in Invoice.objects.values_list("parties", flat=True):
        for side in ("supplier", "seller"):
            assert named[side]["address"]
            assert named[side]["vat_number"].startswith("GB")


def test_orders_are_numbered_as_they_were_paid_and_new_ones_go_on_from_there() -> None:
    numbered = Order.objects.filter(number__isnull=False).order_by("number")
    moments = list(numbered.values_list("paid_at", flat=True))
    assert all(sooner <= later + timedelta(seconds=2) for sooner, later in pairwise(moments))
    last = numbered.last()
    assert last is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM orders_number")
        assert cursor.fetchone()[0] == last.number + 1  # type: ignore[index, operator]


def test_an_order_counts_its_open_tickets_and_its_ticket_fits_it() -> None:
    counted: Counter[int | None] = Counter(
        Ticket.objects.filter(IS_OPEN, order__isnull=False).values_list("order", flat=True)
    )
    for order in Order.objects.filter(Q(open_tickets__gt=0) | Q(pk__in=list(counted))):
        assert order.open_tickets == counted[order.pk]
    bound = Ticket.objects.filter(order__isnull=False).select_related("order", "conversation")
    assert bound.count() > 15
    for ticket in bound:
        assert ticket.order is not None
        assert ticket.order.passed_at is not None
        assert ticket.order.passed_at < ticket.created_at
        parties_of = {ticket.opener_id, ticket.counterparty_id}
        suppliers = set(ticket.order.consignments.values_list("supplier", flat=True))
        operators = set(Party.objects.filter(kind="operator").values_list("id", flat=True))
        assert parties_of <= {ticket.order.seller_id, *suppliers, *operators}


def test_the_audit_of_a_shipped_order_tells_its_way_in_order() -> None:
    order = Order.objects.filter(
        fulfilment="delivered", channel__kind="shopify", order_notes=None, refunded_minor=0
    ).first()
    assert order is not None
    way = [
        kind for kind in told(order) if kind not in ("OrderUnpaid", "OrderAccepted", "TicketBound")
    ]
    assert list(dict.fromkeys(way)) == [
        "OrderArrived", "LineLinked", "OrderQueued", "OrderPaid", "InvoiceIssued", "OrderPassedOn",
        "OrderShipped", "ChannelTold", "OrderDelivered",
    ]  # fmt: skip
    for entries in (
        Entry.objects.filter(subject=f"order:{key}").order_by("id")
        for key in Order.objects.order_by("-open_tickets").values_list("id", flat=True)[:30]
    ):
        moments = [entry.at for entry in entries]
        assert moments == sorted(moments)


def test_nothing_happened_in_the_future() -> None:
    assert not Entry.objects.filter(at__gt=NOW).exists()
    assert not Order.objects.filter(Q(passed_at__gt=NOW) | Q(paid_at__gt=NOW)).exists()
    due = Order.objects.filter(stage=Stage.PAID, cancellation="none")
    assert due.exists()
    assert not due.filter(pass_at__lte=NOW).exists()


def test_no_supplier_knows_of_what_is_not_with_it() -> None:
    suppliers = set(Party.objects.filter(kind="supplier").values_list("id", flat=True))
    not_passed = Order.objects.filter(passed_at=None).values_list("id", flat=True)
    for entry in Entry.objects.filter(subject__in=[f"order:{key}" for key in not_passed]):
        assert not suppliers & set(entry.data["seen"])


def test_those_to_sign_in_as_have_something_to_do() -> None:
    seller, supplier = member(SELLER), member(SUPPLIER)
    own = orders_visible_to(seller)
    assert own.filter(payment="unpaid").count() == 2
    assert sum(may_cancel(order, seller) for order in own.filter(stage=Stage.PAID)) >= 3
    last_week = own.filter(placed_at__gt=NOW - timedelta(days=7))
    assert last_week.filter(fulfilment="unshipped", stage=Stage.PASSED).count() >= 3
    to_ship = consignments_visible_to(supplier).filter(fulfilment="unshipped", cancellation="none")
    assert to_ship.count() >= 10


def test_a_paid_order_can_be_cancelled_and_is_refunded() -> None:
    seller = member(SELLER)
    order = orders_visible_to(seller).filter(stage=Stage.PAID, cancellation="none").first()
    assert order is not None
    reason = CancelReason.objects.create(names={"en": "Ordered twice"})
    with transaction.atomic():
        cancelled = cancel(order.pk, reason.pk, by=seller)
        assert cancelled.refunded_minor == order.paid_minor > 0
        transaction.set_rollback(True)


def test_queued_orders_get_their_numbers_once_money_comes() -> None:
    admin = member("eleanor.whitfield@harbour.example")
    with transaction.atomic():
        for seller in {order.seller_id: order.seller for order in waiting()}.values():
            top_up(seller, 500_000, "GBP", key=f"test-{seller.pk}", by=admin)
            settle_unpaid(seller.pk, "GBP")
        assert waiting() == []
        numbered = Order.objects.filter(paid_at=NOW)
        assert numbered.count() == 5
        assert all(order.number for order in numbered)
        transaction.set_rollback(True)


def test_money_comes_seldom_and_in_sums_that_shops_would_send() -> None:
    sums = Posting.objects.filter(transfer__kind=TransferKind.TOP_UP, amount_minor__gt=0)
    amounts = sorted(sums.values_list("amount_minor", flat=True))
    assert all(amount % 5_000 == 0 for amount in amounts)
    assert amounts[len(amounts) // 20] >= 40_000
    assert amounts[-1] <= 300_000
    assert all(line.quantity < 25 for order in waiting() for line in order.lines.all())


def test_the_supplier_to_sign_in_as_has_exports_with_files_and_some_that_failed() -> None:
    supplier = member(SUPPLIER)
    runs = list(runs_visible_to(supplier).select_related("export"))
    states = Counter(run.state for run in runs)
    assert states["delivered"] > 30
    assert states["failed"] == 3
    for run in runs:
        if run.state == "failed":
            assert run.trouble_words
            continue
        with default_storage.open(run.stored_as) as file:
            data = file.read()
        assert len(data) == run.size
        assert hashlib.sha256(data).hexdigest() == run.sha256
        assert run.file_name
    parts = consignments_visible_to(supplier)
    picked = Picked.objects.filter(consignment__in=parts.values("pk"))
    assert picked.count() == parts.filter(exported_at__isnull=False).count() > 100
    assert parts.filter(exported_at=None, fulfilment="unshipped", cancellation="none").exists()


def test_suppliers_are_asked_to_cancel_and_the_one_to_sign_in_as_can_answer() -> None:
    supplier = member(SUPPLIER)
    asked = Ticket.objects.filter(asks_to_cancel=True).select_related("order")
    assert {ticket.order.cancellation for ticket in asked if ticket.order} == {"asked"}
    assert asked.count() == 2
    for ticket in asked:
        assert may_answer(ticket, supplier)
    answered = Entry.objects.filter(kind__in=["CancellationDeclined", "OrderRefunded"])
    assert answered.filter(at__gt=NOW - timedelta(hours=8)).count() >= 2


def test_its_imports_have_run_and_say_what_was_wrong() -> None:
    runs = runs_of(member(SUPPLIER))
    assert {run.state for run in runs} == {"done", "failed"}
    for run in runs:
        assert run.rows == run.added + run.changed + run.unchanged + run.refused
        assert bool(run.trouble) == (run.state == "failed")
    reported = FeedRow.objects.filter(run__in=runs)
    assert reported.count() == sum(run.refused for run in runs) > 0
    assert all(row.problems for row in reported)


def test_channels_are_connected_and_show_what_they_delivered() -> None:
    own = Delivery.objects.filter(channel__seller=member(SELLER).party_id)
    assert own.filter(state="taken", order__isnull=False).count() > 20
    failed = own.filter(state="failed")
    assert failed.exists()
    assert all(in_words(delivery.reason) for delivery in failed)
    for delivery in own.filter(state="taken").select_related("channel", "order"):
        connector = connector_of(delivery.channel.kind)
        assert connector is not None
        assert delivery.order is not None
        arrived = connector.order_of(json.loads(bytes(delivery.body)), {"take": "paid"})
        assert arrived.external_id == delivery.order.external_id
        assert arrived.address.postcode == delivery.order.to_postcode
        assert len(arrived.lines) == delivery.order.lines.count()
    assert FileRow.objects.filter(outcome="refused").exists()
    lost = Connection.objects.exclude(trouble={})
    assert [in_words(one.trouble) for one in lost]


@pytest.mark.parametrize("email", [email for _role, email, _password in accounts()])
def test_the_pages_of_trade_open_for_everybody_to_sign_in_as(email: str) -> None:
    reader = member(email)
    browser = Browser(reader)
    paths = ["/orders/", "/orders/?status=unshipped", "/products/", "/balance/invoices/"]
    if reader.party.kind == "seller":
        paths += ["/orders/drafts/", "/orders/?status=queued", "/balance/", "/settings/channels/"]
    if reader.party.kind == "supplier":
        paths += ["/settings/exports/", "/settings/imports/"]
    shown = orders_visible_to(reader).order_by("-open_tickets", "-id").values_list("id", flat=True)
    paths += [f"/orders/{key}/{part}" for key in shown[:3] for part in ("", "details/", "audit/")]
    for path in paths:
        assert browser.get(path).status_code == 200, path
