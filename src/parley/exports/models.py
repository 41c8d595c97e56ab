from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parley.journal.moment import now
from parley.orders.models import Consignment
from parley.parties.models import Party, Person
from parley.postgres.sealing import SealedField
from parley.transfer.kinds import Kind, Place
from parley.transfer.troubles import in_words


class PlaceKind(models.TextChoices):
    """Where the files go. The words are those of servers' own manuals."""

    FTP = Kind.FTP, _("FTP (not encrypted)")
    FTPS_EXPLICIT = Kind.FTPS_EXPLICIT, _("FTPS, explicit TLS")
    FTPS_IMPLICIT = Kind.FTPS_IMPLICIT, _("FTPS, implicit TLS")
    SFTP = Kind.SFTP, _("SFTP (over SSH)")
    S3 = Kind.S3, _("S3 storage")
    FOLDER = Kind.FOLDER, _("A folder on this server")


class Format(models.TextChoices):
    CSV = "csv", "CSV"
    XLSX = "xlsx", "Excel (XLSX)"
    JSON = "json", "JSON"
    XML = "xml", "XML"


class Which(models.TextChoices):
    NOT_YET = "not_yet", _("Open orders not exported yet")
    ALL_OPEN = "all_open", _("All open orders, each time")


class Every(models.TextChoices):
    MINUTES = "minutes", _("Every so many minutes")
    HOURLY = "hourly", _("Every hour")
    DAILY = "daily", _("Every day")
    WEEKDAYS = "weekdays", _("Monday to Friday")


class Export(models.Model):
    """A supplier's open orders as files at a place of its own, on a schedule.

    `place` are the fields of `transfer.kinds.Place` that are no secrets, `secrets` those that are.
    `at_time` is by the clock of `zone`.
    """

    supplier = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="exports")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=13, choices=PlaceKind.choices)
    place: Any = models.JSONField(default=dict)
    secrets = SealedField(default=dict)

    file_name = models.CharField(max_length=120)
    format = models.CharField(max_length=4, choices=Format.choices, default=Format.CSV)
    columns: Any = models.JSONField(default=list)
    delimiter = models.CharField(max_length=1, default=",")
    header = models.BooleanField(default=True)
    encoding = models.CharField(max_length=20, default="utf-8")
    which = models.CharField(max_length=8, choices=Which.choices, default=Which.NOT_YET)

    every = models.CharField(max_length=8, choices=Every.choices, default=Every.HOURLY)
    minutes = models.PositiveSmallIntegerField(default=15)
    at_time = models.TimeField(null=True)
    zone = models.CharField(max_length=60, default="UTC")

    active = models.BooleanField(default=True)
    next_run_at = models.DateTimeField(null=True)
    runs_made = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=now)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["supplier", "name"], name="one_export_a_name"),
            models.CheckConstraint(
                condition=Q(active=False) | Q(next_run_at__isnull=False), name="active_has_a_time"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_run_at"], condition=Q(active=True), name="exports_that_are_due"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def as_place(self) -> Place:
        """Where its files go, secrets included."""
        return Place(
            kind=Kind(self.kind), home=home_of(self.supplier_id), **self.place, **self.secrets
        )

    @property
    def where(self) -> str:
        """The place in a few words, for people."""
        place = self.as_place()
        if place.kind == Kind.S3:
            return "/".join(part for part in (place.bucket, place.folder.strip("/")) if part)
        return place.host + (f"/{place.folder.lstrip('/')}" if place.folder else "")


class State(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DELIVERED = "delivered", _("Delivered")
    NOTHING = "nothing", _("No orders")
    FAILED = "failed", _("Failed")


UNFINISHED = (State.WAITING, State.RUNNING)


class Run(models.Model):
    """One file of an export: chosen, made, delivered, marked; resumed wherever it was cut off.

    `picked` (of a run of orders not exported yet) is the set of orders it is made of, fixed before
    the file is. `stored_as` is set when the file is made. `part` and `part_at` say under which
    temporary name, at which place, a try was about to give the file its name. `trouble` is as
    `transfer.troubles` keeps it. `again_of` is the run whose file this one sends again.
    """

    id = models.BigAutoField(primary_key=True)
    export = models.ForeignKey(
        Export, on_delete=models.CASCADE, related_name="runs", db_index=False
    )
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    which = models.CharField(max_length=8, choices=Which.choices)
    again_of = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    person = models.ForeignKey(
        Person, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    asked_at = models.DateTimeField(default=now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(null=True, default=now)
    attempts = models.PositiveSmallIntegerField(default=0)
    chosen_at = models.DateTimeField(null=True)

    orders = models.PositiveIntegerField(default=0)
    file_name = models.CharField(max_length=200)
    stored_as = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0, help_text=_("bytes"))
    sha256 = models.CharField(max_length=64, blank=True)
    part = models.CharField(max_length=250, blank=True)
    part_at = models.CharField(max_length=300, blank=True)
    trouble: Any = models.JSONField(default=dict)
    told = models.BooleanField(default=False, help_text=_("the supplier, of its failure"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["export", "number"], name="one_run_a_number"),
            models.CheckConstraint(
                condition=~Q(state__in=UNFINISHED) | Q(next_try_at__isnull=False),
                name="unfinished_has_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["export", "-id"], name="runs_of_export"),
            models.Index(
                fields=["next_try_at"], condition=Q(state__in=UNFINISHED), name="runs_to_carry_out"
            ),
            models.Index(
                fields=["finished_at"], condition=~Q(stored_as=""), name="runs_with_a_file"
            ),
        ]

    def __str__(self) -> str:
        return f"run {self.number} of {self.export_id}"

    @property
    def trouble_words(self) -> str:
        """What is wrong, in the reader's language; empty if nothing is."""
        return in_words(self.trouble)

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED

    @property
    def has_file(self) -> bool:
        return bool(self.stored_as)


class Picked(models.Model):
    """A supplier's part of an order that is in a run of orders not exported yet: in one, and no more."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="picked")
    consignment = models.OneToOneField(
        Consignment, on_delete=models.CASCADE, primary_key=True, related_name="picked"
    )

    def __str__(self) -> str:
        return f"{self.consignment_id} in {self.run_id}"


def home_of(supplier_id: int) -> str:
    """The folder below the operator's that is a supplier's own, and no other's."""
    return f"supplier-{supplier_id}"
