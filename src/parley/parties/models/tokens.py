"""Keys to the API."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from parley.journal.moment import now
from parley.parties.models.people import Membership


class Scope(models.TextChoices):
    """What a token may be used for; each is a whole word, and none holds another."""

    TICKETS_READ = "tickets:read", _("Look at tickets and files")
    TICKETS_WRITE = "tickets:write", _("Open, answer and change tickets")
    ORDERS_READ = "orders:read", _("Look at orders, channels and exports")
    ORDERS_WRITE = "orders:write", _("Make and change orders")
    MONEY_READ = "money:read", _("Look at balances and invoices")


def every_scope() -> list[str]:
    """All scopes: what a token is good for that was not narrowed."""
    return list(Scope.values)


class ApiToken(models.Model):
    """A key to the API, acting as one membership, within its `scopes`. Only its SHA-256 is kept."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    starts_with = models.CharField(max_length=12)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope.choices), default=every_scope)
    created_at = models.DateTimeField(default=now)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scopes__contained_by=Scope.values), name="scopes_are_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.starts_with}…)"

    @property
    def is_narrowed(self) -> bool:
        """Whether it is not good for everything."""
        return set(self.scopes) < set(Scope.values)

    @property
    def scopes_in_words(self) -> list[str]:
        """What it is good for, in their order."""
        return [str(scope.label) for scope in Scope if scope.value in self.scopes]


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
