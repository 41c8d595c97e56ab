from __future__ import annotations

from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parley.parties.models import PartyKind
from parley.sla.days_off import UnknownCountry, public_holidays
from parley.sla.weekly_hours import NotWeeklyHours, week_from
from parley.sla.working_time import NO_HOURS, WorkingHours
from parley.tickets.models import Priority


class Calendar(models.Model):
    """When a party works: weekly hours in a time zone less holidays, or round the clock."""

    class Mode(models.TextChoices):
        BUSINESS_HOURS = "business_hours", _("Business hours")
        ROUND_THE_CLOCK = "round_the_clock", _("Round the clock")

    name = models.CharField(max_length=100, unique=True)
    mode = models.CharField(max_length=20, choices=Mode.choices, default=Mode.BUSINESS_HOURS)
    time_zone = models.CharField(max_length=60)
    weekly_hours = models.JSONField(default=dict, blank=True)
    country = models.CharField(max_length=2, blank=True)
    subdivision = models.CharField(max_length=10, blank=True)
    own_days = ArrayField(models.DateField(), default=list, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(mode__in=["business_hours", "round_the_clock"]),
                name="calendar_mode_is_known",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def working_hours(self) -> WorkingHours:
        """The calendar as working time is reckoned with. Raises ValueError if it is no calendar."""
        always = self.mode == self.Mode.ROUND_THE_CLOCK
        return WorkingHours(
            self.time_zone,
            NO_HOURS if always else week_from(self.weekly_hours),
            self.country,
            self.subdivision,
            frozenset(self.own_days),
            round_the_clock=always,
        )

    def clean(self) -> None:
        """Refuse a calendar that no clock could run by. Raises ValidationError by field."""
        errors: dict[str, object] = {}
        try:
            ZoneInfo(self.time_zone)
        except (ValueError, OSError, KeyError):
            errors["time_zone"] = _("There is no such time zone.")
        try:
            has_hours = any(week_from(self.weekly_hours))
        except NotWeeklyHours as unreadable:
            errors["weekly_hours"] = str(unreadable)
        else:
            if self.mode == self.Mode.BUSINESS_HOURS and not has_hours:
                errors["weekly_hours"] = _("Business hours need at least one interval a week.")
        try:
            public_holidays(self.country, self.subdivision, 2026)
        except UnknownCountry:
            errors["country"] = _("The holidays of this country or subdivision are not known.")
        if errors:
            raise ValidationError(errors)


class Policy(models.Model):
    """How long a party has to answer, by topic, priority and kind of party; empty means any.

    At most one stands for each combination, so that which one wins is never a matter of chance.
    """

    # NULL, not '', says "any": one meaning of empty for all three, and for the constraint below.
    topic = models.ForeignKey("tickets.Topic", on_delete=models.CASCADE, null=True, blank=True)
    priority = models.CharField(  # noqa: DJ001
        max_length=8, choices=Priority.choices, null=True, blank=True
    )
    party_kind = models.CharField(  # noqa: DJ001
        max_length=10, choices=PartyKind.choices, null=True, blank=True
    )
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT)
    working_seconds = models.PositiveIntegerField()
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "policies"
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "priority", "party_kind"],
                name="one_policy_a_combination",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(working_seconds__gte=1), name="policy_gives_some_time"
            ),
            models.CheckConstraint(
                condition=Q(priority=None) | Q(priority__in=Priority.values),
                name="policy_priority_is_known",
            ),
            models.CheckConstraint(
                condition=Q(party_kind=None) | Q(party_kind__in=PartyKind.values),
                name="policy_party_kind_is_known",
            ),
        ]

    def __str__(self) -> str:
        topic = f"topic {self.topic_id}" if self.topic_id else None
        asked = [word for word in (topic, self.priority, self.party_kind) if word]
        return f"{self.working_seconds} s for " + (", ".join(asked) or "anything")
