"""What was sent, and what was noted or said about an order."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from parley.journal.moment import now
from parley.orders.models.order import Consignment, Order, OrderLine
from parley.parties.models import Party, Person


class Shipment(models.Model):
    """Goods that a supplier handed to a carrier. `told_at`: when the seller's channel was told."""

    id = models.BigAutoField(primary_key=True)
    consignment = models.ForeignKey(Consignment, on_delete=models.CASCADE, related_name="shipments")
    carrier = models.CharField(max_length=60)
    tracking = models.CharField(max_length=100, blank=True)
    shipped_at = models.DateTimeField(default=now)
    delivered_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.carrier} {self.tracking}"


class ShipmentLine(models.Model):
    """How many of a line went in a shipment."""

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="shipments")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipment", "line"], name="one_line_in_a_shipment")
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.line_id}"


class OrderNote(models.Model):
    """What one of the parties wrote on an order, for all of them who see it."""

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="order_notes")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    supplier = models.ForeignKey(
        Party, null=True, on_delete=models.PROTECT, related_name="+",
        help_text=_("the one supplier who may read it; all of them if none"),
    )  # fmt: skip
    text = models.TextField()
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.text[:60]


class CancelReason(models.Model):
    """A reason to pick when cancelling; the operator edits the list."""

    names = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """In the reader's language."""
        return self.name_in(get_language() or "en")

    def name_in(self, language: str) -> str:
        """In `language`, or else in English."""
        return str(self.names.get(language.split("-", maxsplit=1)[0]) or self.names.get("en") or "")
