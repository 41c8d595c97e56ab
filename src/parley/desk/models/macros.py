"""What agents do over and over, at one stroke."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parley.journal.moment import now
from parley.parties.models import Team
from parley.tickets.models import Priority, name_in


class Hands(models.TextChoices):
    """Into whose hands a macro puts a ticket."""

    AS_IT_IS = "", _("Leave it as it is")
    MINE = "me", _("Whoever uses the macro")
    NOBODY = "nobody", _("Nobody")


class Macro(models.Model):
    """A text to begin an answer with, and what is done to the ticket beside.

    `names` and `texts` are by language; a text may have variables (`desk.filling`). `way` is how the
    text is to be said, as the composer names it (`reply`, `note`, `ask-opener`…; empty: as chosen).
    `tags` are ids. Of a macro with a `team`, that team's people alone know.
    """

    names = models.JSONField(default=dict)
    texts = models.JSONField(default=dict)
    way = models.CharField(max_length=20, blank=True)
    priority = models.CharField(max_length=8, choices=Priority.choices, blank=True)
    hands = models.CharField(max_length=6, choices=Hands.choices, blank=True, default="")
    passes_to = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")
    tags = models.JSONField(default=list)
    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE, related_name="+")
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(priority="") | Q(priority__in=Priority.values),
                name="macro_priority_is_known",
            ),
            models.CheckConstraint(
                condition=Q(hands__in=Hands.values), name="macro_hands_are_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return name_in(self.names)
