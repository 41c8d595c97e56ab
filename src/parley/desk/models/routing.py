"""Who is given tickets, when, and how many."""

from __future__ import annotations

from django.db import models

from parley.parties.models import Membership, Team
from parley.sla.models import Calendar


class Rota(models.Model):
    """How a team's tickets are handed out.

    While it is `on`, each goes to the one of the team who is at work and has the fewest open ones, if
    that is less than `most_open` (0: however many). `calendar` says when the team works (none: always).
    """

    team = models.OneToOneField(
        Team, on_delete=models.CASCADE, primary_key=True, related_name="rota"
    )
    on = models.BooleanField(default=False)
    most_open = models.PositiveSmallIntegerField(default=0)
    calendar = models.ForeignKey(Calendar, null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return f"rota of {self.team_id}"


class Duty(models.Model):
    """Whether one of the operator's people takes tickets; without a row they do.

    `calendar` says when they work where that is not as their team does. `given_at` is when they were
    last given one, so that equals take turns.
    """

    membership = models.OneToOneField(
        Membership, on_delete=models.CASCADE, primary_key=True, related_name="duty"
    )
    away_since = models.DateTimeField(null=True)
    calendar = models.ForeignKey(Calendar, null=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"duty of {self.membership_id}"
