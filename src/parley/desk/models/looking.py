"""Who has a ticket open."""

from __future__ import annotations

from django.db import models

from parley.parties.models import Membership
from parley.tickets.models import Ticket


class Looking(models.Model):
    """One of the operator's people looks at a ticket, and perhaps writes. An UNLOGGED table.

    Known up to `until`, and that they are typing up to `types_until`: worth nothing after a crash.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+", db_index=False)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField()
    types_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "membership"], name="one_look_a_member")
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} looks at {self.ticket_id}"
