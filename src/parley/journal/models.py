from __future__ import annotations

from django.db import models
from django.db.models import Q


class Entry(models.Model):
    """One line of the journal: what happened, when, to what, and who did it.

    People and parties stand here as plain ids: the journal is the ground floor and imports no room
    above it. An entry is never changed and never deleted.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=60)
    person_id = models.BigIntegerField(null=True)
    party_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "id"], name="entry_of_subject"),
            # The operator reads it by time, and by who and what (`journal/finding.py`).
            models.Index(fields=["at", "id"], name="entries_by_time"),
            models.Index(fields=["kind", "at", "id"], name="entries_of_kind"),
            models.Index(
                fields=["person_id", "at", "id"],
                condition=Q(person_id__isnull=False),
                name="entries_of_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Told(models.Model):
    """A later reaction that has run for an entry: a repeat finds this row and does nothing."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE)
    reaction = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "reaction"], name="reaction_told_once")
        ]

    def __str__(self) -> str:
        return f"{self.reaction} of {self.entry_id}"
