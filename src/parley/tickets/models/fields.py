"""What a topic asks for beside title and description: custom fields, and what was filled in."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parley.journal.moment import now
from parley.parties.models import Person
from parley.tickets.models.ticket import SideChoices, Ticket
from parley.tickets.models.topics import Topic, name_in


class FieldKind(models.TextChoices):
    TEXT = "text", _("A line of text")
    NUMBER = "number", _("A number")
    DATE = "date", _("A date")
    CHOICE = "choice", _("A choice from a list")
    CHECK = "check", _("A tick")


class ShownTo(models.TextChoices):
    """Who reads what was filled in, as with messages (T2)."""

    EVERYONE = "everyone", _("Everyone on the ticket")
    SIDE = "side", _("The side that fills it in, and the operator")
    OPERATOR = "operator", _("The operator only")


class CustomField(models.Model):
    """Something a topic asks for: of which kind, who fills it in, and who reads it.

    `names` and `helps` go by language. `options` are those of a choice: `{"key", "names", "active"}`
    each, whose keys never change, so that a renamed one stays the same. Only what the opener fills in
    can be required: it is asked for when the ticket is opened, and never holds up an answer.
    """

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="fields")
    names = models.JSONField(default=dict)
    helps = models.JSONField(default=dict)
    kind = models.CharField(max_length=6, choices=FieldKind.choices)
    options = models.JSONField(default=list)
    required = models.BooleanField(default=False)
    filled_by = models.CharField(
        max_length=12, choices=SideChoices.choices, default=SideChoices.OPENER
    )
    shown_to = models.CharField(max_length=8, choices=ShownTo.choices, default=ShownTo.EVERYONE)
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=FieldKind.values), name="field_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(required=False) | Q(filled_by="opener"),
                name="only_the_opener_must_fill_in",
            ),
            models.CheckConstraint(
                condition=(Q(filled_by="operator") & Q(shown_to__in=["everyone", "operator"]))
                | (~Q(filled_by="operator") & Q(shown_to__in=["everyone", "side"])),
                name="who_fills_in_may_read",
            ),
        ]
        indexes = [models.Index(fields=["topic", "position", "id"], name="fields_of_topic")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return name_in(self.names)

    @property
    def help(self) -> str:
        return name_in(self.helps)

    @property
    def options_to_pick(self) -> list[tuple[str, str]]:
        """Those that can be picked now: pairs of key and name."""
        return [(one["key"], name_in(one["names"])) for one in self.options if one["active"]]

    def option(self, key: str) -> dict[str, Any] | None:
        """The option of this key, whether it can still be picked or not."""
        return next((one for one in self.options if one["key"] == key), None)


class FieldValue(models.Model):
    """What was filled in, as text in one form: an option's key, an ISO day, a plain decimal, "yes".

    A number and a day stand in columns of their own as well, to be compared.
    """

    id = models.BigAutoField(primary_key=True)
    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="field_values", db_index=False
    )
    field = models.ForeignKey(
        CustomField, on_delete=models.PROTECT, related_name="values", db_index=False
    )
    text = models.CharField(max_length=200)
    number = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    day = models.DateField(null=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "field"], name="one_value_a_field")
        ]
        indexes = [
            models.Index(fields=["field", "text", "ticket"], name="values_by_text"),
            models.Index(
                fields=["field", "number", "ticket"],
                name="values_by_number",
                condition=Q(number__isnull=False),
            ),
            models.Index(
                fields=["field", "day", "ticket"],
                name="values_by_day",
                condition=Q(day__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field_id} of {self.ticket_id}"
