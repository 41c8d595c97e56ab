"""An order, its parts by supplier, and its lines."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from parley.catalogue.models import Product, ShippingService
from parley.journal.moment import now
from parley.orders.axes import Cancellation, Dispute, Fulfilment, Payment, Standing
from parley.orders.models.channels import Channel
from parley.orders.models.stages import (
    QUEUE,
    CancellationChoices,
    FulfilmentChoices,
    PaymentChoices,
    Stage,
)
from parley.parties.models import Party, Person


class Address(models.Model):
    """Where the goods go: the recipient, as the channel or the seller wrote it."""

    to_name = models.CharField(max_length=200, blank=True)
    to_company = models.CharField(max_length=200, blank=True)
    to_street = models.CharField(
        max_length=300, blank=True, help_text=_("lines, one under another")
    )
    to_city = models.CharField(max_length=100, blank=True)
    to_region = models.CharField(max_length=100, blank=True)
    to_postcode = models.CharField(max_length=20, blank=True)
    to_country = models.CharField(max_length=2, blank=True, help_text=_("ISO 3166"))
    to_phone = models.CharField(max_length=40, blank=True)
    to_email = models.CharField(max_length=254, blank=True)

    class Meta:
        abstract = True

    @property
    def address_lines(self) -> list[str]:
        """The address as lines of an envelope, without what is empty."""
        place = " ".join(part for part in (self.to_city, self.to_postcode) if part)
        lines = [self.to_name, self.to_company, *self.to_street.splitlines(), place, self.to_region]
        return [line for line in (*lines, self.to_country) if line]


class Order(Address):
    """What somebody bought from a seller. It shows QUEUE until it has its `number`.

    Amounts: `sale_minor` is what the public paid the seller on the channel; `cost_minor` is what the
    seller owes the suppliers for it, VAT and shipping included; `paid_minor` and `refunded_minor` are
    of that. `outside` keeps what the channel says of it in words Parley does not know.
    """

    id = models.BigAutoField(primary_key=True)
    number = models.BigIntegerField(null=True, unique=True)
    seller = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, related_name="orders", db_index=False
    )
    external_id = models.CharField(max_length=100, null=True)  # noqa: DJ001 - several without one
    channel_number = models.CharField(max_length=60, blank=True)
    person = models.ForeignKey(
        Person, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.DRAFT)
    payment = models.CharField(
        max_length=13, choices=PaymentChoices.choices, default=Payment.QUEUED
    )
    fulfilment = models.CharField(
        max_length=12, choices=FulfilmentChoices.choices, default=Fulfilment.UNSHIPPED
    )
    cancellation = models.CharField(
        max_length=9, choices=CancellationChoices.choices, default=Cancellation.NONE
    )
    open_tickets = models.PositiveSmallIntegerField(default=0)
    why_held = models.JSONField(default=list, help_text=_("see orders.holding"))
    cancel_reason = models.CharField(max_length=200, blank=True)
    outside = models.JSONField(default=dict)

    currency = models.CharField(max_length=3, default="GBP")
    sale_minor = models.BigIntegerField(null=True)
    sale_currency = models.CharField(max_length=3, blank=True)
    cost_minor = models.BigIntegerField(default=0)
    paid_minor = models.BigIntegerField(default=0)
    refunded_minor = models.BigIntegerField(default=0)
    note = models.TextField(blank=True, help_text=_("what the buyer wrote"))
    notes = models.PositiveSmallIntegerField(default=0)

    placed_at = models.DateTimeField(default=now, help_text=_("by the buyer"))
    arrived_at = models.DateTimeField(default=now)
    matching_until = models.DateTimeField(null=True)
    settle_at = models.DateTimeField(null=True, help_text=_("when payment is tried next"))
    paid_at = models.DateTimeField(null=True)
    pass_at = models.DateTimeField(null=True, help_text=_("when it goes to the suppliers"))
    passed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    words = SearchVectorField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "external_id"], name="arrived_once"),
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0, refunded_minor__lte=F("paid_minor")),
                name="order_refunded_within_paid",
            ),
            models.CheckConstraint(
                condition=~Q(cancellation="cancelled") | Q(fulfilment="unshipped"),
                name="nothing_cancelled_is_shipped",
            ),
            models.CheckConstraint(
                condition=~Q(stage="passed") | Q(number__isnull=False, passed_at__isnull=False),
                name="passed_on_with_a_number",
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "-placed_at", "-id"], name="orders_of_seller"),
            models.Index(fields=["-placed_at", "-id"], name="orders_by_date"),
            models.Index(fields=["payment", "-placed_at", "-id"], name="orders_by_payment"),
            models.Index(fields=["fulfilment", "-placed_at", "-id"], name="orders_by_fulfilment"),
            models.Index(fields=["seller", "stage", "-placed_at", "-id"], name="orders_by_stage",
                         condition=~Q(stage="passed")),
            models.Index(fields=["stage", "-placed_at", "-id"], name="orders_of_stage",
                         condition=~Q(stage="passed")),
            models.Index(fields=["cancellation", "-placed_at", "-id"], name="orders_by_cancellation",
                         condition=~Q(cancellation="none")),
            models.Index(fields=["-placed_at", "-id"], name="orders_in_dispute",
                         condition=Q(open_tickets__gt=0)),
            models.Index(fields=["seller", "payment", "-placed_at", "-id"],
                         name="seller_by_payment", condition=~Q(payment="paid")),
            models.Index(fields=["seller", "fulfilment", "-placed_at", "-id"],
                         name="seller_by_fulfilment"),
            models.Index(fields=["seller", "cancellation", "-placed_at", "-id"],
                         name="seller_by_cancellation", condition=~Q(cancellation="none")),
            models.Index(fields=["seller", "-placed_at", "-id"], name="seller_in_dispute",
                         condition=Q(open_tickets__gt=0)),
            models.Index(Upper("channel_number"), name="orders_by_channel_number"),
            models.Index(fields=["matching_until"], name="sweep_matching",
                         condition=Q(stage="matching")),
            models.Index(fields=["settle_at"], name="sweep_settling",
                         condition=Q(stage="queued", settle_at__isnull=False)),
            models.Index(fields=["pass_at"], name="sweep_passing", condition=Q(stage="paid")),
            GinIndex(fields=["words"], name="words_of_orders"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.shown_number

    @property
    def shown_number(self) -> str:
        """Its number, or QUEUE until it has one."""
        return str(self.number) if self.number else QUEUE

    @property
    def is_queued(self) -> bool:
        return self.number is None

    @property
    def dispute(self) -> Dispute:
        return Dispute.OPEN if self.open_tickets else Dispute.NONE

    @property
    def standing(self) -> Standing:
        return Standing(
            Payment(self.payment),
            Fulfilment(self.fulfilment),
            Cancellation(self.cancellation),
            self.dispute,
            self.paid_minor,
            self.refunded_minor,
        )


class Consignment(models.Model):
    """One supplier's part of an order: its lines, its invoice, its shipments.

    It is the row that the supplier's list is made of, once `passed_at` is set; `words` are those of
    its own lines alone. Amounts are net and VAT, in the order's currency, shipping included.
    """

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(
        Order, on_delete=models.CASCADE, related_name="consignments", db_index=False
    )
    supplier = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    service = models.ForeignKey(
        ShippingService, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    shipping_minor = models.BigIntegerField(default=0, help_text=_("net"))
    shipping_vat_bp = models.PositiveIntegerField(default=0)
    net_minor = models.BigIntegerField(default=0)
    vat_minor = models.BigIntegerField(default=0)
    refunded_minor = models.BigIntegerField(default=0)

    fulfilment = models.CharField(
        max_length=12, choices=FulfilmentChoices.choices, default=Fulfilment.UNSHIPPED
    )
    cancellation = models.CharField(
        max_length=9, choices=CancellationChoices.choices, default=Cancellation.NONE
    )
    passed_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    exported_at = models.DateTimeField(null=True, help_text=_("in a file its supplier has had"))
    words = SearchVectorField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "supplier"], name="one_consignment_a_supplier"
            ),
            models.CheckConstraint(
                condition=Q(
                    refunded_minor__gte=0, refunded_minor__lte=F("net_minor") + F("vat_minor")
                ),
                name="consignment_refunded_within_cost",
            ),
        ]
        indexes = [
            models.Index(fields=["supplier", "-passed_at", "-order"], name="orders_of_supplier",
                         condition=Q(passed_at__isnull=False)),
            models.Index(fields=["supplier", "fulfilment", "-passed_at", "-order"],
                         name="supplier_by_fulfilment", condition=Q(passed_at__isnull=False)),
            models.Index(fields=["supplier", "cancellation", "-passed_at", "-order"],
                         name="supplier_by_cancellation",
                         condition=Q(passed_at__isnull=False) & ~Q(cancellation="none")),
            models.Index(fields=["supplier", "order"], name="consignments_of_supplier"),
            models.Index(fields=["supplier", "id"], name="consignments_to_export",
                         condition=Q(passed_at__isnull=False, exported_at=None,
                                     fulfilment__in=["part_shipped", "unshipped"])
                         & ~Q(cancellation="cancelled")),
            GinIndex(fields=["words"], name="words_of_consignments"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"part of {self.order_id} for {self.supplier_id}"

    @property
    def total_minor(self) -> int:
        return self.net_minor + self.vat_minor

    def standing_in(self, order: Order) -> Standing:
        """Where this part of the order stands."""
        return order.standing._replace(
            fulfilment=Fulfilment(self.fulfilment), cancellation=Cancellation(self.cancellation)
        )


class OrderLine(models.Model):
    """One item of an order. `sold_for_minor` is what the public paid for one; suppliers never see it.

    `cost_minor` is the product's net price for one, taken when the line was linked.
    """

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    consignment = models.ForeignKey(
        Consignment, null=True, on_delete=models.SET_NULL, related_name="lines"
    )
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    listing_id = models.CharField(max_length=100, blank=True)
    sku = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=250)
    quantity = models.PositiveIntegerField()
    sold_for_minor = models.BigIntegerField(null=True)
    cost_minor = models.BigIntegerField(default=0, help_text=_("net, for one"))
    vat_bp = models.PositiveIntegerField(default=0)
    shipped = models.PositiveIntegerField(default=0)
    declined = models.PositiveIntegerField(default=0)
    why_declined = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="one_line_a_position"),
            models.CheckConstraint(
                condition=Q(shipped__lte=F("quantity") - F("declined")),
                name="shipped_within_ordered",
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="some_of_each"),
        ]
        indexes = [
            models.Index(Upper("sku"), "order", name="lines_by_sku"),
            models.Index(fields=["listing_id"], name="lines_unlinked_by_listing",
                         condition=Q(product=None) & ~Q(listing_id="")),
            models.Index(Upper("sku"), name="lines_unlinked_by_sku", condition=Q(product=None)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title}"

    @property
    def left(self) -> int:
        """How many are still to be shipped."""
        return self.quantity - self.shipped - self.declined
