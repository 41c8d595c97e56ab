from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parley.journal.moment import now
from parley.orders.models import Order
from parley.parties.models import Party, Person
from parley.tickets.models import Ticket


class Kind(models.TextChoices):
    """What a notice is about; each person chooses the way for each kind (N2)."""

    NEW_TICKET = "new_ticket", _("A new ticket")
    REPLY = "reply", _("A reply")
    INFORMATION = "information", _("A request for information")
    DISPUTE = "dispute", _("A dispute, and its decision")
    ASSIGNED = "assigned", _("A ticket assigned to me")
    NOTE = "note", _("An internal note")
    MENTIONED = "mentioned", _("A note that names me, or my team")
    PASSED = "passed", _("A ticket passed to my team")
    DUE_SOON = "due_soon", _("An answer due soon")
    RAN_OUT = "ran_out", _("A clock that ran out")
    COMPLETED = "completed", _("A ticket completed or cancelled")
    RATED = "rated", _("A rating")
    NOT_SENT = "not_sent", _("A reply of mine that was not sent")
    WOKEN = "woken", _("A ticket that was put aside, and is back")
    FILE_KEPT_BACK = "file_kept_back", _("A file with a virus")
    ORDER_UNPAID = "order_unpaid", _("An order that could not be paid")
    EXPORT_FAILED = "export_failed", _("An export that failed")
    CHANNEL_TROUBLE = "channel_trouble", _("A channel of orders that has to be looked at")
    JOIN_ASKED = "join_asked", _("Somebody who asks to join the company")


class Way(models.TextChoices):
    AT_ONCE = "at_once", _("at once")
    DIGEST = "digest", _("once a day")
    OFF = "off", _("never")


class Notice(models.Model):
    """One thing one person should know. Made once for an entry and a person (N3).

    `party` is the one for which the person was told: it decides what they may see of it, now and
    when a mail goes out. `event` is the kind of the entry. `actor` did it, as one of `actor_party`;
    of a clock there is no actor, and `actor_party` is the one that owes the answer.

    It is about a ticket, an order, or else a page (`path`); `facts` are what its words need to know
    beside that.
    """

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, db_index=False)
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="+", db_index=False)
    entry_id = models.BigIntegerField()
    event = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.CASCADE, related_name="notices")
    order = models.ForeignKey(
        Order, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    path = models.CharField(max_length=200, blank=True)
    facts = models.JSONField(default=dict)
    actor = models.ForeignKey(
        Person, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    actor_party = models.ForeignKey(
        Party, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    message_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(default=now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "entry_id"], name="told_of_it_once"),
            models.CheckConstraint(
                condition=Q(ticket__isnull=False, order=None, path="")
                | Q(ticket=None, order__isnull=False, path="")
                | (Q(ticket=None, order=None) & ~Q(path="")),
                name="notice_of_one_thing",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="notices_of_person"),
            models.Index(
                fields=["person", "ticket"], condition=Q(read_at=None), name="unread_notices"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.person_id}"


class Preference(models.Model):
    """By which way a person hears of a kind of notice by mail; without a row: at once."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, db_index=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    way = models.CharField(max_length=7, choices=Way.choices, default=Way.AT_ONCE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="one_way_a_kind")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.way}"


class Mute(models.Model):
    """A ticket that a person does not want to be told of."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, db_index=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "ticket"], name="muted_once")]

    def __str__(self) -> str:
        return f"{self.person_id} mutes {self.ticket_id}"


class Fate(models.TextChoices):
    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    DROPPED = "dropped", _("not wanted any more")
    GIVEN_UP = "given_up", _("given up")
    CAME_BACK = "came_back", _("came back")


class Mail(models.Model):
    """A mail to send for a notice: written with it in one transaction, sent by a job.

    Those on the way of a digest are gathered into one mail a day; `next_try_at` is then the next
    eight in the morning. `trouble` says what went wrong last, and is kept when it is given up.
    `message_id` is what it has from before its first try on, however often it is sent.
    """

    id = models.BigAutoField(primary_key=True)
    notice = models.OneToOneField(Notice, on_delete=models.CASCADE, related_name="mail")
    way = models.CharField(max_length=7, choices=Way.choices)
    fate = models.CharField(max_length=9, choices=Fate.choices, default=Fate.WAITING)
    created_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=now)
    trouble = models.TextField(blank=True)
    message_id = models.CharField(max_length=400, blank=True, default="", db_default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["way", "next_try_at"], condition=Q(fate="waiting"), name="mails_to_send"
            )
        ]

    def __str__(self) -> str:
        return f"mail for notice {self.notice_id}"


class Undeliverable(models.Model):
    """An address of a person that mails come back from, for good: none are sent there any more.

    `status` is what the server said (RFC 3463); `words` in its own words. It is over when the address
    is changed or somebody asks to try it again (`cleared_at`).
    """

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, db_index=False)
    address = models.CharField(max_length=320)
    status = models.CharField(max_length=20, blank=True)
    words = models.TextField(blank=True)
    at = models.DateTimeField(default=now)
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "address"],
                condition=Q(cleared_at=None),
                name="undeliverable_once",
            )
        ]
        indexes = [
            models.Index(fields=["-id"], condition=Q(cleared_at=None), name="undeliverable_now")
        ]

    def __str__(self) -> str:
        return self.address
