from __future__ import annotations

import secrets
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parley.journal.moment import now
from parley.orders.models import Channel, Order, Shipment
from parley.parties.models import Membership, Person
from parley.postgres.sealing import SealedField


def new_key() -> str:
    """A key that nobody guesses: 256 bits."""
    return secrets.token_urlsafe(32)


class Connection(models.Model):
    """How a channel is reached, and how far it has been read.

    `key` is its incoming address; `fetched_until`: everything changed there before is here;
    `fetch_at`: when it is read next (nothing to read if null); `trouble` as `reasons` writes it.
    """

    channel = models.OneToOneField(
        Channel, on_delete=models.CASCADE, primary_key=True, related_name="connection"
    )
    key = models.CharField(max_length=64, unique=True, default=new_key)
    settings: Any = models.JSONField(default=dict)
    secrets = SealedField(default=dict)
    fetched_until = models.DateTimeField(default=now)
    fetch_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0, help_text=_("to read it, that failed"))
    trouble: Any = models.JSONField(default=dict)
    trouble_at = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    refused = models.PositiveIntegerField(default=0, help_text=_("deliveries wrongly signed"))

    class Meta:
        indexes = [
            models.Index(fields=["fetch_at"], name="sweep_fetching",
                         condition=Q(fetch_at__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"connection of {self.channel_id}"


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    TAKEN = "taken", _("Taken")
    FAILED = "failed", _("Not understood")
    IGNORED = "ignored", _("Not needed")


class Delivery(models.Model):
    """What a platform sent, as it came: stored before anything is made of it.

    `try_at`: when it is next tried; while a worker has it, when it is taken for lost.
    """

    id = models.BigAutoField(primary_key=True)
    channel = models.ForeignKey(
        Channel, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    delivery_id = models.CharField(max_length=200, help_text=_("the platform's, once a channel"))
    topic = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=100, blank=True)
    headers: Any = models.JSONField(default=dict)
    body = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    membership = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+",
        help_text=_("whose token sent it"),
    )  # fmt: skip
    received_at = models.DateTimeField(default=now)
    state = models.CharField(
        max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING
    )
    reason: Any = models.JSONField(default=dict, help_text=_("see channels.reasons"))
    attempts = models.PositiveIntegerField(default=0)
    try_at = models.DateTimeField(default=now)
    order = models.ForeignKey(
        Order, null=True, on_delete=models.SET_NULL, related_name="deliveries"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "delivery_id"], name="delivered_once")
        ]
        indexes = [
            models.Index(fields=["channel", "-id"], name="deliveries_of_channel"),
            models.Index(fields=["channel", "-id"], name="deliveries_failed",
                         condition=Q(state="failed")),
            models.Index(fields=["try_at"], name="sweep_deliveries", condition=Q(state="waiting")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.topic} {self.external_id or self.delivery_id}"


class Telling(models.Model):
    """A shipment that a channel is to be told of, until it has been, or was given up."""

    shipment = models.OneToOneField(
        Shipment, on_delete=models.CASCADE, primary_key=True, related_name="telling"
    )
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(default=now)
    try_at = models.DateTimeField(
        null=True, default=now, help_text=_("null: there is no more to do")
    )
    attempts = models.PositiveIntegerField(default=0)
    trouble: Any = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["try_at"], name="sweep_telling", condition=Q(try_at__isnull=False))
        ]

    def __str__(self) -> str:
        return f"telling of shipment {self.shipment_id}"


class FileState(models.TextChoices):
    NEW = "new", _("To be checked")
    READING = "reading", _("Being read")
    RUNNING = "running", _("Being taken in")
    DONE = "done", _("Taken in")
    FAILED = "failed", _("Can't be read")


class OrderFile(models.Model):
    """A file of orders that somebody uploaded: CSV or XLSX.

    `columns` are its headings, `mapping` which field each is. `beat_at`: when its job was last heard
    of, so that another takes over from one that died.
    """

    id = models.BigAutoField(primary_key=True)
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="files")
    membership = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=255)
    stored_as = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField(help_text=_("bytes"))
    sha256 = models.CharField(max_length=64)
    columns: Any = models.JSONField(default=list)
    mapping: Any = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=FileState.choices, default=FileState.NEW)
    reason = models.CharField(max_length=300, blank=True)
    rows = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    made = models.PositiveIntegerField(default=0, help_text=_("orders that are new"))
    known = models.PositiveIntegerField(default=0, help_text=_("orders that were there"))
    refused = models.PositiveIntegerField(default=0, help_text=_("rows"))
    uploaded_at = models.DateTimeField(default=now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["channel", "-id"], name="files_of_channel"),
            models.Index(fields=["beat_at"], name="sweep_files",
                         condition=Q(state__in=["reading", "running"])),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Outcome(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    MADE = "made", _("New order")
    KNOWN = "known", _("Known order")
    REFUSED = "refused", _("Not taken")


class FileRow(models.Model):
    """One row of such a file, and what became of it. `number` is as people count."""

    id = models.BigAutoField(primary_key=True)
    file = models.ForeignKey(
        OrderFile, on_delete=models.CASCADE, related_name="lines", db_index=False
    )
    number = models.PositiveIntegerField()
    external_id = models.CharField(max_length=100, blank=True)
    values: Any = models.JSONField(default=dict)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    reason: Any = models.JSONField(default=dict)
    order = models.ForeignKey(Order, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="one_row_a_number")]
        indexes = [
            models.Index(fields=["file", "outcome", "number"], name="rows_by_outcome"),
            models.Index(fields=["file", "external_id"], name="rows_of_an_order",
                         condition=Q(outcome="waiting")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"row {self.number}"
