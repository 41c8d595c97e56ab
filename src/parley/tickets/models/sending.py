"""What has been sent by a person and waits a few seconds, so that it can be taken back."""

from __future__ import annotations

from django.db import models

from parley.conversations.models import Audience
from parley.journal.moment import now
from parley.parties.models import Membership
from parley.tickets.models.ticket import Ticket


class UnsentReply(models.Model):
    """A reply that goes out at `send_at`, unless its sender takes it back before.

    It is as whole as one that was posted: a browser that dies meanwhile changes nothing. `trouble`
    says why it could not go out; then it waits for its sender to take it back into the box.
    """

    id = models.BigAutoField(primary_key=True)
    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="unsent", db_index=False
    )
    sender = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    text = models.TextField()
    audience = models.CharField(max_length=8, choices=Audience.choices)
    side = models.CharField(max_length=12, blank=True)
    asks = models.BooleanField(default=False)
    asked = models.CharField(max_length=12, blank=True)
    attachments = models.JSONField(default=list)
    submit_key = models.UUIDField()
    at = models.DateTimeField(default=now)
    send_at = models.DateTimeField()
    trouble = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sender", "submit_key"], name="unsent_once"),
        ]
        indexes = [
            models.Index(fields=["ticket", "id"], name="unsent_of_ticket"),
            models.Index(fields=["send_at"], condition=models.Q(trouble=""), name="sweep_unsent"),
        ]

    def __str__(self) -> str:
        return f"reply on {self.ticket_id} at {self.send_at}"
