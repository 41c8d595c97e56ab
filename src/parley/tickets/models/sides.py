"""How a ticket looks from one party, one person, and to a search."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parley.journal.moment import now
from parley.parties.models import Party, Person
from parley.tickets.models.ticket import SideChoices, Ticket


class TicketSide(models.Model):
    """How a ticket looks from one party: what moved last *that it may see*, when it last dealt with it.

    Every party that may read the ticket has a row here, the operator always: lists and permissions
    read these rows, so that a note nobody else may see never moves anybody else's list.
    """

    id = models.BigAutoField(primary_key=True)
    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="sides", db_index=False
    )
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    side = models.CharField(max_length=12, choices=SideChoices.choices)
    activity_at = models.DateTimeField(default=now)
    dealt_at = models.DateTimeField(null=True)
    attachments = models.PositiveIntegerField(default=0)
    clock_left = models.PositiveIntegerField(
        null=True, help_text=_("working seconds left of a paused clock")
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "party"], name="one_side_a_party"),
            models.UniqueConstraint(fields=["ticket", "side"], name="one_party_a_side"),
        ]
        indexes = [
            models.Index(fields=["party", "-activity_at", "-ticket"], name="tickets_of_party"),
        ]

    def __str__(self) -> str:
        return f"{self.side} of {self.ticket_id}"


class Reading(models.Model):
    """Up to when a person has read a ticket."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, db_index=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, db_index=False)
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "person"], name="one_reading_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} read {self.ticket_id}"


class Words(models.Model):
    """The words a ticket is found by, for each audience (T2 holds inside search too).

    `everyone` has the title and what everyone may read. The other columns stay NULL until a message
    not for everyone exists; then the column of a side that may read it has *all* that side may read.
    """

    ticket = models.OneToOneField(
        Ticket, on_delete=models.CASCADE, primary_key=True, related_name="words"
    )
    everyone = SearchVectorField()
    opener = SearchVectorField(null=True)
    counterparty = SearchVectorField(null=True)
    operator = SearchVectorField(null=True)

    class Meta:
        indexes = [
            GinIndex(fields=["everyone"], name="words_everyone"),
            GinIndex(fields=["opener"], name="words_opener", condition=Q(opener__isnull=False)),
            GinIndex(
                fields=["counterparty"],
                name="words_counterparty",
                condition=Q(counterparty__isnull=False),
            ),
            GinIndex(
                fields=["operator"], name="words_operator", condition=Q(operator__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"words of {self.ticket_id}"
