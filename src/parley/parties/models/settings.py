"""What the operator has settled for the whole marketplace."""

from __future__ import annotations

from django.db import models

from parley.journal.moment import now


class Setting(models.Model):
    """One thing the operator has settled; what has no row is as `parties.settling` declares it."""

    key = models.CharField(max_length=60, primary_key=True)
    value = models.JSONField()
    changed_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.key
