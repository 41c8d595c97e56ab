"""Roll-ups: what is counted for each day and month, what each ticket contributes, what waits."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Grain(models.TextChoices):
    DAY = "d", _("Day")
    MONTH = "m", _("Month")


class Dimension(models.TextChoices):
    """What figures are told apart by; the key of a cell names one of them."""

    ALL = "all", _("Everything")
    TOPIC = "topic", _("Topic")
    PARTY = "party", _("Company that answers")
    OPENER = "opener", _("Company that asks")
    AGENT = "agent", _("Agent")
    CHANNEL = "channel", _("Way in")


class Stale(models.Model):
    """A ticket that something has happened to since its figures were made.

    Only ever added to, so that whoever moves a ticket waits for nobody; `folding` takes them away.
    """

    id = models.BigAutoField(primary_key=True)
    ticket = models.BigIntegerField()

    def __str__(self) -> str:
        return f"figures of ticket {self.ticket} are to be made anew"


class TicketFacts(models.Model):
    """What one ticket contributes to the figures now: see `walking.Facts`, which `facts` is.

    `ticket` is no foreign key: what was counted stays counted when a ticket is deleted. `opened_on` and
    `ended_on` are days of the marketplace's zone.
    """

    ticket = models.BigIntegerField(primary_key=True)
    facts = models.JSONField(default=dict)
    opened_on = models.DateField()
    ended_on = models.DateField(null=True)

    class Meta:
        indexes = [
            # Which tickets were open at the end of a day: those that still are, and those ended since.
            models.Index(fields=["opened_on"], name="facts_of_open", condition=Q(ended_on=None)),
            models.Index(fields=["ended_on"], name="facts_ended"),
        ]

    def __str__(self) -> str:
        return f"facts of ticket {self.ticket}"


class Cell(models.Model):
    """The figures of one day (or month, by its first day) and one slice: see docs/reports.md.

    Columns are counts, and sums of seconds. `spreads` has counts by a key: `answered` and `resolved`
    by bucket of working time (`spreading`), `stars`, `outcomes` of disputes, `hours` of the week at
    which tickets were opened (0 is Monday from midnight to one).
    """

    id = models.BigAutoField(primary_key=True)
    dimension = models.CharField(max_length=8, choices=Dimension.choices)
    key = models.CharField(max_length=20, blank=True)
    grain = models.CharField(max_length=1, choices=Grain.choices)
    day = models.DateField()

    opened = models.IntegerField(default=0)
    open = models.IntegerField(default=0, help_text=_("of those opened then, open at present"))
    answered = models.IntegerField(default=0)
    replies = models.IntegerField(default=0)
    completed = models.IntegerField(default=0)
    cancelled = models.IntegerField(default=0)
    disputed = models.IntegerField(default=0)
    decided = models.IntegerField(default=0)
    kept = models.IntegerField(default=0)
    missed = models.IntegerField(default=0)
    rated = models.IntegerField(default=0)
    stars = models.IntegerField(default=0)
    elapsed_seconds = models.BigIntegerField(default=0, help_text=_("to their end, by the clock"))
    decided_seconds = models.BigIntegerField(default=0)
    spreads = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dimension", "key", "grain", "day"], name="one_cell_a_slice_and_day"
            ),
        ]
        indexes = [
            models.Index(fields=["dimension", "grain", "day"], name="cells_of_a_time"),
            models.Index(
                fields=["dimension", "key", "day"],
                name="cells_with_open",
                condition=Q(grain="d", open__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dimension} {self.key} {self.grain} {self.day}"


class Backlog(models.Model):
    """How many tickets were open at the end of a day, by age (`backlog.AGES`)."""

    day = models.DateField(primary_key=True)
    ages = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"open at the end of {self.day}"
