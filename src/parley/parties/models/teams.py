"""Teams: the operator's people who share a queue."""

from __future__ import annotations

from django.db import models

from parley.journal.moment import now
from parley.parties.models.people import Membership


class Team(models.Model):
    """Some of the operator's people who work through the same tickets.

    One that is not active takes no new tickets; those it has keep it.
    """

    name = models.CharField(max_length=60, unique=True)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """One of the operator's people in a team; they may be in several."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members", db_index=False)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="teams")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "membership"], name="once_in_a_team"),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} in {self.team_id}"
