"""Invoices and credit notes, numbered without gaps."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parley.journal.moment import now
from parley.orders.models.order import Consignment
from parley.parties.models import Party


class InvoiceKind(models.TextChoices):
    INVOICE = "invoice", _("Invoice")
    CREDIT_NOTE = "credit_note", _("Credit note")


class InvoiceSeries(models.Model):
    """The last number a supplier has given; its row is locked while the next is given: no gaps."""

    supplier = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=11, choices=InvoiceKind.choices)
    prefix = models.CharField(max_length=12)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["supplier", "kind"], name="one_series_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.prefix}{self.last}"


class Invoice(models.Model):
    """An invoice or a credit note of a supplier to a seller: as issued, never changed.

    `lines` and `parties` are as they were on the day; see `orders.invoicing`.
    """

    id = models.BigAutoField(primary_key=True)
    consignment = models.ForeignKey(Consignment, on_delete=models.PROTECT, related_name="invoices")
    kind = models.CharField(max_length=11, choices=InvoiceKind.choices)
    supplier = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    seller = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    shown_number = models.CharField(max_length=30)
    corrects = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="corrected_by"
    )
    issued_at = models.DateTimeField(default=now)
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField()
    vat_minor = models.BigIntegerField()
    lines: Any = models.JSONField(default=list)
    parties: Any = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "kind", "number"], name="invoice_number_once"
            ),
            models.UniqueConstraint(
                fields=["consignment"],
                condition=Q(kind="invoice"),
                name="one_invoice_a_consignment",
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "-issued_at", "-id"], name="invoices_of_seller"),
            models.Index(fields=["supplier", "-issued_at", "-id"], name="invoices_of_supplier"),
        ]

    def __str__(self) -> str:
        return self.shown_number

    @property
    def total_minor(self) -> int:
        return self.net_minor + self.vat_minor
