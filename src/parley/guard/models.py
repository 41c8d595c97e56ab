from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parley.conversations.models import Message
from parley.journal.moment import now
from parley.parties.models import Membership, Person
from parley.tickets.models import Ticket


class Flag(models.Model):
    """A message that was sent and leads away from the marketplace; the operator sees it, nobody else.

    `findings` are [kind, start, end] in the message's text; where the opened ticket's title carries
    some, `title_findings` are those. What was found is not written down once more.
    """

    message = models.OneToOneField(
        Message, primary_key=True, on_delete=models.CASCADE, related_name="guard_flag"
    )
    findings = models.JSONField(default=list)
    title_findings = models.JSONField(default=list)
    at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["-at", "-message"], name="flags_newest_first")]

    def __str__(self) -> str:
        return f"flag of message {self.message_id}"


class HeldState(models.TextChoices):
    """What became of a reply that was held."""

    WAITING = "waiting", _("Waits to be looked at")
    RELEASED = "released", _("Sent")
    DECLINED = "declined", _("Not sent")
    TAKEN_BACK = "taken_back", _("Taken back by its sender")


class HeldReply(models.Model):
    """What somebody wanted to send, kept whole until the operator has looked at it.

    `attachments` are the ids of uploads, which are kept as long; `findings` as those of a `Flag`.
    """

    id = models.BigAutoField(primary_key=True)
    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, related_name="held_replies", db_index=False
    )
    sender = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    text = models.TextField(blank=True)
    asks = models.BooleanField(default=False)
    attachments = models.JSONField(default=list)
    submit_key = models.UUIDField(null=True)
    findings = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=HeldState.choices, default=HeldState.WAITING)
    at = models.DateTimeField(default=now)
    decided_by = models.ForeignKey(
        Person, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    message = models.OneToOneField(Message, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=HeldState.values), name="held_state_is_known"
            ),
            models.UniqueConstraint(
                fields=["sender", "submit_key"],
                condition=Q(submit_key__isnull=False),
                name="reply_held_once",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state="waiting"), name="held_waiting"),
            models.Index(fields=["ticket", "id"], name="held_of_ticket"),
            models.Index(fields=["-decided_at", "-id"], name="held_decided",
                         condition=~Q(state="waiting")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"held reply {self.pk} on {self.ticket_id}"
