"""Keys to the API."""

from __future__ import annotations

from django.db import models

from parley.journal.moment import now
from parley.parties.models.people import Membership


class ApiToken(models.Model):
    """A key to the API, acting as one membership. Only its SHA-256 is kept."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    starts_with = models.CharField(max_length=12)
    created_at = models.DateTimeField(default=now)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.starts_with}…)"


class TokenAllowance(models.Model):
    """How much of its rate an API token has used: the moment at which all of it is back.

    An UNLOGGED table: written by every request, worth nothing after a crash.
    """

    token = models.OneToOneField(
        ApiToken, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    full_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"allowance of token {self.token_id}, full at {self.full_at}"
