"""The words for where an order stands: its axes, and how far it has come."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from parley.orders.axes import Cancellation, Fulfilment, Payment

QUEUE = "QUEUE"
"""What an order shows instead of a number until it is invoiced and paid (O4)."""


class PaymentChoices(models.TextChoices):
    QUEUED = Payment.QUEUED, _("Queued")
    UNPAID = Payment.UNPAID, _("Unpaid")
    FAILED = Payment.FAILED, _("Payment failed")
    PAID = Payment.PAID, _("Paid")
    PART_REFUNDED = Payment.PART_REFUNDED, _("Part-refunded")
    REFUNDED = Payment.REFUNDED, _("Refunded")


class FulfilmentChoices(models.TextChoices):
    UNSHIPPED = Fulfilment.UNSHIPPED, _("Unshipped")
    PART_SHIPPED = Fulfilment.PART_SHIPPED, _("Part-shipped")
    SHIPPED = Fulfilment.SHIPPED, _("Shipped")
    DELIVERED = Fulfilment.DELIVERED, _("Delivered")
    RETURNED = Fulfilment.RETURNED, _("Returned")


class CancellationChoices(models.TextChoices):
    NONE = Cancellation.NONE, _("Not cancelled")
    ASKED = Cancellation.ASKED, _("Cancellation asked for")
    CANCELLED = Cancellation.CANCELLED, _("Cancelled")


class Stage(models.TextChoices):
    """How far an order has come on its way to the suppliers; `orders.advancing` moves it."""

    DRAFT = "draft", _("Being made")
    MATCHING = "matching", _("Being matched")
    NOT_LINKED = "not_linked", _("Not linked")
    DISMISSED = "dismissed", _("Dismissed")
    HELD = "held", _("Outside the area served")
    QUEUED = "queued", _("Being invoiced and paid")
    PAID = "paid", _("Paid, soon with the supplier")
    PASSED = "passed", _("With the supplier")


HIDDEN = frozenset({Stage.DRAFT, Stage.MATCHING})
"""Stages in which an order stands in no list: drafts have their own, matching is silent (O5)."""
