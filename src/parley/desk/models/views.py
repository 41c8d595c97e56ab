"""Views that somebody has saved."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parley.journal.moment import now
from parley.parties.models import Membership, Team


class Shared(models.TextChoices):
    """Who finds a view beside the queues."""

    NOBODY = "", _("Only me")
    TEAM = "team", _("A team")
    EVERYONE = "everyone", _("Everyone at the desk")


class SavedView(models.Model):
    """A list of tickets with all that narrows it, under a name.

    `queue` is the queue it is a part of, `query` what stands behind the `?` of its address.
    """

    name = models.CharField(max_length=60)
    owner = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    shared = models.CharField(max_length=8, choices=Shared.choices, blank=True, default="")
    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE, related_name="+")
    queue = models.CharField(max_length=40, default="all")
    query = models.CharField(max_length=2000, blank=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(shared="team", team__isnull=False)
                | (~Q(shared="team") & Q(team__isnull=True)),
                name="a_teams_view_names_it",
            ),
            models.UniqueConstraint(fields=["owner", "name"], name="one_view_a_name"),
        ]
        indexes = [
            models.Index(fields=["name"], name="views_of_everyone", condition=Q(shared="everyone"))
        ]

    def __str__(self) -> str:
        return self.name
