"""Support PINs, and what became of those that were quoted."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parley.journal.moment import now
from parley.parties.models.people import Person
from parley.postgres.sealing import SealedField


class SupportPin(models.Model):
    """Six digits by which a person shows on the phone or in a mail that they are who they say.

    Sealed for its owner, who is shown it again, and as a keyed digest for whoever checks it: in the
    clear it stands nowhere.
    """

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, primary_key=True, related_name="support_pin"
    )
    sealed = SealedField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"PIN of {self.person_id}"


class PinWay(models.TextChoices):
    """How a PIN came."""

    TICKET = "ticket", _("Checked on a ticket")
    PERSON = "person", _("Checked on a person's page")
    MESSAGE = "message", _("Quoted in a message")


class PinOutcome(models.TextChoices):
    """What it was."""

    RIGHT = "right", _("Right")
    WRONG = "wrong", _("Wrong")
    EXPIRED = "expired", _("Expired")


class PinUse(models.Model):
    """A PIN that was quoted for `person`: to an `agent` who typed it, or in a message of theirs.

    `conversation` is the id of the one that it was quoted in; the room above knows it.
    """

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    agent = models.ForeignKey(
        Person, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    way = models.CharField(max_length=8, choices=PinWay.choices)
    outcome = models.CharField(max_length=8, choices=PinOutcome.choices)
    conversation = models.BigIntegerField(null=True)
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(way__in=PinWay.values), name="pin_way_is_known"),
            models.CheckConstraint(
                condition=Q(outcome__in=PinOutcome.values), name="pin_outcome_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-at"], name="pin_uses_of_person"),
            models.Index(
                fields=["agent", "-at"],
                condition=Q(agent__isnull=False) & ~Q(outcome="right"),
                name="pins_refused_of_agent",
            ),
            models.Index(
                fields=["conversation", "person"],
                condition=Q(conversation__isnull=False, outcome="right"),
                name="pins_right_in_conversation",
            ),
            models.Index(fields=["at"], name="pin_uses_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} PIN for {self.person_id}"
