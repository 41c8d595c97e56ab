"""A ticket: the table, its constraints, and the indexes its lists are read by."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parley.conversations.models import Conversation
from parley.journal.moment import now
from parley.orders.models import Order
from parley.parties.models import Party, Person, Team
from parley.tickets.models.topics import Topic
from parley.tickets.states import OPEN, REACHABLE, Dispute, Side, State, Status

NUMBER_FORMAT = "T-{}"
NO_CLOCK = datetime(9999, 1, 1, tzinfo=UTC)
"""`queue_at` of a ticket that no clock runs on: behind all that have one."""
IS_OPEN = Q(status__in=sorted(OPEN))
IN_THE_TABLE = reduce(
    or_,
    (
        Q(status=state.status.value, turn=state.turn.value, dispute=state.dispute.value)
        for state in sorted(REACHABLE)
    ),
)
"""The states there are, so that the database takes no other either."""


class StatusChoices(models.TextChoices):
    CREATED = Status.CREATED, _("Created")
    IN_PROGRESS = Status.IN_PROGRESS, _("In progress")
    ANSWERED = Status.ANSWERED, _("Answered")
    WAITING = Status.WAITING, _("Waiting for a reply")
    COMPLETED = Status.COMPLETED, _("Completed")
    CANCELLED = Status.CANCELLED, _("Cancelled")


class SideChoices(models.TextChoices):
    OPENER = Side.OPENER, _("Opener")
    COUNTERPARTY = Side.COUNTERPARTY, _("Counterparty")
    OPERATOR = Side.OPERATOR, _("Operator")


class DisputeChoices(models.TextChoices):
    NONE = Dispute.NONE, _("No dispute")
    OPEN = Dispute.OPEN, _("In dispute")
    DECIDED = Dispute.DECIDED, _("Decided")
    WITHDRAWN = Dispute.WITHDRAWN, _("Withdrawn")


class Priority(models.TextChoices):
    QUESTION = "question", _("A general question")
    SLOWING = "slowing", _("An issue that's slowing me down")
    URGENT = "urgent", _("A major issue")


class Outcome(models.TextChoices):
    OPENER = "opener", _("In favour of the party that opened the ticket")
    COUNTERPARTY = "counterparty", _("In favour of the other party")
    BOTH = "both", _("Each carries a part")
    SETTLED = "settled", _("The parties have settled it themselves")


class Ticket(models.Model):
    """A promise to answer, on top of a conversation. Its number is its primary key."""

    id = models.BigAutoField(primary_key=True)
    conversation = models.OneToOneField(
        Conversation, on_delete=models.PROTECT, related_name="ticket"
    )
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+", db_index=False)
    title = models.CharField(max_length=200)
    order_number = models.CharField(max_length=60, blank=True)
    order = models.ForeignKey(
        Order, null=True, on_delete=models.PROTECT, related_name="tickets", db_index=False
    )
    asks_to_cancel = models.BooleanField(
        default=False, help_text=_("its part of the order, unanswered")
    )
    priority = models.CharField(max_length=8, choices=Priority.choices, default=Priority.QUESTION)

    opener = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    opener_person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    counterparty = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    assignee = models.ForeignKey(
        Person, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    team = models.ForeignKey(
        Team, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    continues = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="continued_by"
    )
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="merged", db_index=False,
        help_text=_("where all that was said on it is now; never itself a merged one"),
    )  # fmt: skip
    snoozed_until = models.DateTimeField(
        null=True, help_text=_("out of the operator's queues until then; NO_CLOCK: until a reply")
    )
    snoozed_by = models.ForeignKey(
        Person, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    status = models.CharField(max_length=11, choices=StatusChoices.choices, default=Status.CREATED)
    turn = models.CharField(max_length=12, blank=True, default=Side.COUNTERPARTY)
    turn_party = models.ForeignKey(
        Party, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    dispute = models.CharField(max_length=9, choices=DisputeChoices.choices, default=Dispute.NONE)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    operator_speaks = models.BooleanField(default=False)

    created_at = models.DateTimeField(default=now)
    answered_at = models.DateTimeField(null=True, help_text=_("when somebody else first spoke"))
    ended_at = models.DateTimeField(null=True)

    clock_started_at = models.DateTimeField(null=True)
    clock_seconds = models.PositiveIntegerField(null=True, help_text=_("working seconds"))
    due_at = models.DateTimeField(null=True)
    due_soon_at = models.DateTimeField(null=True)
    due_soon_told_at = models.DateTimeField(null=True)
    ran_out_at = models.DateTimeField(null=True)
    completes_at = models.DateTimeField(null=True)
    reminder_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    urgency = models.PositiveSmallIntegerField(default=1, help_text=_("0 goes first"))
    queue_at = models.DateTimeField(default=NO_CLOCK)

    stars = models.PositiveSmallIntegerField(null=True)
    rating_comment = models.TextField(blank=True)
    rated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=IN_THE_TABLE, name="state_is_in_the_table"),
            models.CheckConstraint(
                condition=Q(turn="", turn_party=None) | (~Q(turn="") & Q(turn_party__isnull=False)),
                name="turn_names_its_party",
            ),
            models.CheckConstraint(
                condition=Q(completes_at=None) | Q(status=Status.ANSWERED.value),
                name="only_answered_completes_by_itself",
            ),
            models.CheckConstraint(
                condition=Q(stars=None) | Q(stars__range=(1, 5)), name="one_to_five_stars"
            ),
            models.CheckConstraint(
                condition=~Q(opener=models.F("counterparty")), name="two_parties_at_least"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(turn=""), name="merged_has_ended"
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=models.F("id")), name="not_merged_into_itself"
            ),
        ]
        indexes = [
            models.Index(fields=["opener", "topic", "-created_at"], name="ticket_cool_down"),
            models.Index(fields=["-created_at"], name="ticket_created"),
            models.Index(fields=["status", "-created_at"], name="ticket_status"),
            models.Index(fields=["topic", "-created_at"], name="ticket_topic"),
            models.Index(fields=["opener_person", "opener"], name="tickets_of_opener"),
            models.Index(fields=["order_number"], name="ticket_of_order",
                         condition=~Q(order_number="")),
            models.Index(fields=["order", "-id"], name="tickets_of_order",
                         condition=Q(order__isnull=False)),
            # The operator's queues: one index each, in the order the queue is read.
            models.Index(fields=["assignee", "urgency", "queue_at", "id"], name="queue_mine",
                         condition=IS_OPEN),
            models.Index(fields=["team", "urgency", "queue_at", "id"], name="queue_team",
                         condition=IS_OPEN & Q(team__isnull=False)),
            models.Index(fields=["urgency", "queue_at", "id"], name="queue_unassigned",
                         condition=IS_OPEN & Q(assignee=None, operator_speaks=True)),
            models.Index(fields=["urgency", "queue_at", "id"], name="queue_due_soon",
                         condition=IS_OPEN & Q(due_soon_told_at__isnull=False, ran_out_at=None)),
            models.Index(fields=["urgency", "queue_at", "id"], name="queue_ran_out",
                         condition=IS_OPEN & Q(ran_out_at__isnull=False)),
            models.Index(fields=["urgency", "queue_at", "id"], name="queue_urgent",
                         condition=IS_OPEN & Q(urgency=0)),
            models.Index(fields=["urgency", "queue_at", "id"], name="queue_disputes",
                         condition=IS_OPEN & Q(dispute="open")),
            models.Index(fields=["urgency", "queue_at", "id"], name="queue_snoozed",
                         condition=Q(snoozed_until__isnull=False)),
            models.Index(fields=["merged_into"], name="ticket_merged",
                         condition=Q(merged_into__isnull=False)),
            # What the sweeps claim.
            models.Index(fields=["snoozed_until"], name="sweep_snoozed",
                         condition=Q(snoozed_until__isnull=False)),
            models.Index(fields=["due_soon_at"], name="sweep_due_soon",
                         condition=Q(due_soon_told_at=None, due_soon_at__isnull=False)),
            models.Index(fields=["due_at"], name="sweep_ran_out",
                         condition=Q(ran_out_at=None, due_at__isnull=False)),
            models.Index(fields=["completes_at"], name="sweep_completes",
                         condition=Q(completes_at__isnull=False)),
            models.Index(fields=["reminder_at"], name="sweep_reminder",
                         condition=Q(reminded_at=None, reminder_at__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def number(self) -> str:
        """What people quote: `T-10042`."""
        return NUMBER_FORMAT.format(self.pk)

    @property
    def state(self) -> State:
        return State(Status(self.status), Side(self.turn), Dispute(self.dispute))

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_urgent(self) -> bool:
        return self.priority == Priority.URGENT

    def side_of(self, party_id: int) -> Side:
        """The side a party is on; the operator is a third one unless it opened or was addressed.

        For a party that is not on the ticket at all it answers OPERATOR too: it is asked only of
        readers that came through the door.
        """
        if party_id == self.opener_id:
            return Side.OPENER
        if party_id == self.counterparty_id:
            return Side.COUNTERPARTY
        return Side.OPERATOR
