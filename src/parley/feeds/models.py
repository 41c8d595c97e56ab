from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parley.journal.moment import now
from parley.parties.models import Party, Person
from parley.postgres.sealing import SealedField
from parley.transfer.kinds import Kind, Place


class PlaceKind(models.TextChoices):
    """Where a file is fetched from. The words are those of servers' own manuals."""

    FTP = Kind.FTP, _("FTP (not encrypted)")
    FTPS_EXPLICIT = Kind.FTPS_EXPLICIT, _("FTPS, explicit TLS")
    FTPS_IMPLICIT = Kind.FTPS_IMPLICIT, _("FTPS, implicit TLS")
    SFTP = Kind.SFTP, _("SFTP (over SSH)")
    S3 = Kind.S3, _("S3 storage")
    FOLDER = Kind.FOLDER, _("A folder on this server")


class Every(models.TextChoices):
    QUARTER = "quarter", _("Every 15 minutes")
    HOURLY = "hourly", _("Every hour")
    DAILY = "daily", _("Every day")


class Feed(models.Model):
    """A file with stock, prices or products that is fetched from a supplier's place on a schedule.

    `place` are the fields of `transfer.kinds.Place` that are no secrets, `secrets` those that are.
    `seen` is what the file was when it was last fetched (size, change, SHA-256): the same is not
    imported twice. `mapping`: field of a product → column of the file.
    """

    supplier = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="feeds")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=13, choices=PlaceKind.choices)
    place: Any = models.JSONField(default=dict)
    secrets = SealedField(default=dict)
    file_name = models.CharField(max_length=200)
    mapping: Any = models.JSONField(default=dict)
    creates = models.BooleanField(default=False, help_text=_("products that are not there yet"))
    every = models.CharField(max_length=7, choices=Every.choices, default=Every.HOURLY)
    seen: Any = models.JSONField(default=dict)
    failures = models.PositiveIntegerField(default=0)
    active = models.BooleanField(default=True)
    next_run_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["supplier", "name"], name="one_feed_a_name"),
        ]
        indexes = [
            models.Index(
                fields=["next_run_at"], condition=Q(active=True), name="feeds_that_are_due"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def as_place(self) -> Place:
        """Where the file is, secrets included."""
        home = f"supplier-{self.supplier_id}"
        return Place(kind=Kind(self.kind), home=home, **self.place, **self.secrets)


class State(models.TextChoices):
    MAPPING = "mapping", _("Not imported yet")
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Imported")
    UNCHANGED = "unchanged", _("The same file as before")
    FAILED = "failed", _("Failed")


class FeedRun(models.Model):
    """One file, read once: uploaded, or fetched by a feed. `at_row` is how far it was applied.

    `trouble` is why it failed, in words. Counts are of rows.
    """

    supplier = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    feed = models.ForeignKey(Feed, null=True, on_delete=models.SET_NULL, related_name="runs")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=9, choices=State.choices, default=State.MAPPING)
    file_name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField(default=0, help_text=_("bytes"))
    sha256 = models.CharField(max_length=64, blank=True)
    stored_as = models.CharField(max_length=200, blank=True)
    mapping: Any = models.JSONField(default=dict)
    creates = models.BooleanField(default=False)
    trouble = models.TextField(blank=True)
    at_row = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["supplier", "-id"], name="runs_of_supplier")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_under_way(self) -> bool:
        return self.state in (State.QUEUED, State.RUNNING)


class FeedRow(models.Model):
    """A row that was not applied, and why: field → sentence, in the language of who had it read."""

    run = models.ForeignKey(
        FeedRun, on_delete=models.CASCADE, related_name="refused_rows", db_index=False
    )
    number = models.PositiveIntegerField()
    sku = models.CharField(max_length=80, blank=True)
    problems: Any = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="one_report_a_row")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.number}"
