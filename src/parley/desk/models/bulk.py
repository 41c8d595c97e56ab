"""One change made to many tickets."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parley.journal.moment import now
from parley.parties.models import Membership
from parley.tickets.models import Ticket


class BulkAction(models.TextChoices):
    """What can be done to many tickets at once: each has an inverse."""

    ASSIGN = "assign", _("Assign")
    TEAM = "team", _("Give to a team")
    PRIORITY = "priority", _("Priority")
    TAG = "tag", _("Put a tag on")
    UNTAG = "untag", _("Take a tag off")
    SNOOZE = "snooze", _("Put aside")
    WAKE = "wake", _("Bring back")


class BulkState(models.TextChoices):
    RUNNING = "running", _("running")
    FINISHED = "finished", _("finished")
    UNDOING = "undoing", _("being undone")
    UNDONE = "undone", _("undone")


class Bulk(models.Model):
    """A change to many tickets: which, to what, how far it is. Its tickets are fixed when it begins.

    It can be undone until `undo_until`. `value` is what the action takes, of JSON's kinds; `words`
    how a person reads that, in the language of who did it.
    """

    id = models.BigAutoField(primary_key=True)
    by = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    action = models.CharField(max_length=8, choices=BulkAction.choices)
    value = models.JSONField(null=True)
    words = models.CharField(max_length=200, blank=True)
    total = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=BulkState.choices, default=BulkState.RUNNING)
    at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True)
    undo_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=BulkState.values), name="state_of_bulk_is_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(state__in=["running", "undoing"]), name="bulk_under_way"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} on {self.total}"


class Fate(models.TextChoices):
    """What became of one ticket of a bulk."""

    WAITING = "waiting", _("waiting")
    DONE = "done", _("done")
    SAME = "same", _("was so already")
    REFUSED = "refused", _("could not be done")
    UNDONE = "undone", _("undone")
    KEPT = "kept", _("changed since, and left so")


class BulkItem(models.Model):
    """One ticket of a bulk, and how it was before, of JSON's kinds."""

    id = models.BigAutoField(primary_key=True)
    bulk = models.ForeignKey(Bulk, on_delete=models.CASCADE, related_name="items", db_index=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+", db_index=False)
    fate = models.CharField(max_length=7, choices=Fate.choices, default=Fate.WAITING)
    before = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bulk", "ticket"], name="once_in_a_bulk"),
        ]
        indexes = [models.Index(fields=["bulk", "fate", "id"], name="items_of_bulk")]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.fate}"
