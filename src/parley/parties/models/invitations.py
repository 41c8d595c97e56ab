"""How people come in: invited by those who keep a party's people, or by asking to join."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from parley.journal.moment import now
from parley.parties.models.people import Membership, Party, Person, Role


class Invitation(models.Model):
    """A mailbox is asked to act for a party, with a role.

    Its link carries a secret, of which only the SHA-256 stands here (empty as long as no mail has
    gone out); each mail has another, and the last one counts. `language` is the mail's. `name` is
    what whoever invites calls them, and may be empty. `ends_at` is when the link stops working; an
    invitation is open until it is accepted or revoked, and can be sent again after its end.
    """

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    name = models.CharField(max_length=200, blank=True, default="")
    role = models.CharField(max_length=10, choices=Role.choices)
    language = models.CharField(max_length=10, default="en")
    by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    digest = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField(default=now)
    asked_at = models.DateTimeField(default=now)
    times_asked = models.PositiveSmallIntegerField(default=1)
    sent_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party", "email"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="one_open_invitation",
            ),
            models.UniqueConstraint(
                fields=["digest"], condition=~Q(digest=""), name="one_invitation_a_link"
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="invited_to_a_role_there_is"
            ),
        ]
        indexes = [
            models.Index(
                fields=["email"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="invitations_of_mailbox",
            )
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk} to {self.party}"

    @property
    def is_open(self) -> bool:
        """Whether it waits to be accepted (its link may have ended)."""
        return self.accepted_at is None and self.revoked_at is None

    @property
    def has_ended(self) -> bool:
        """Whether the link of an open one works no longer."""
        return self.ends_at <= now()


class JoinRequest(models.Model):
    """Somebody who knows a party's code asks to act for it; its owners say yes or no.

    `person` is set when whoever asked was signed in; otherwise `email` is only what was typed, and
    an approval sends an invitation there, which proves it.
    """

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="join_requests")
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField()
    name = models.CharField(max_length=200)
    note = models.CharField(max_length=500, blank=True, default="")
    language = models.CharField(max_length=10, default="en")
    created_at = models.DateTimeField(default=now)
    approved_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party", "email"],
                condition=Q(approved_at=None, declined_at=None),
                name="one_open_join_request",
            )
        ]

    def __str__(self) -> str:
        return f"join request {self.pk} of {self.party}"
