from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import GinIndex, HashIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from parley.conversations.models import Audience, Message
from parley.journal.moment import now
from parley.orders.models import Order
from parley.parties.models import Party, Person
from parley.postgres.sealing import SealedField
from parley.tickets.models import Ticket, Topic


class Security(models.TextChoices):
    TLS = "tls", _("TLS from the start")
    STARTTLS = "starttls", _("STARTTLS")
    NONE = "none", _("not encrypted")


class SignIn(models.TextChoices):
    PASSWORD = "password", _("By password")
    OAUTH = "oauth", _("By OAuth 2.0")


class Mailbox(models.Model):
    """A mailbox of the operator's: read by IMAP where `imap_host` is set, and written from by SMTP.

    Mail to an active one is also taken at our own door (LMTP, SMTP, a provider's webhook). `tagged`:
    its server delivers `support+anything@…` too, so that replies carry their token in the address.
    `authserv`: whose Authentication-Results are believed (RFC 8601), with blanks between; empty: of
    none. `since`: what lay in it before is left alone (null: everything is taken in). `topic`: what
    tickets opened by mail are about. Through the one that `sends` the desk's mails go out.
    Signed in to by OAuth, `client_id` gets a token for the `scope` at `token_url`, in which `{tenant}`
    stands for the `tenant`.

    `uidvalidity` and `seen_uid`: how far it is read; `try_at`: when it is next connected to after a
    `trouble` (see `mailboxes.reasons`). `held`: the last comparison of what it holds with the ledger.
    """

    address = models.EmailField(unique=True)
    name = models.CharField(max_length=100, blank=True)
    active = models.BooleanField(default=True)
    topic = models.ForeignKey(Topic, null=True, on_delete=models.PROTECT, related_name="+")
    imap_host = models.CharField(max_length=253, blank=True)
    imap_port = models.PositiveIntegerField(default=993)
    imap_security = models.CharField(max_length=8, choices=Security.choices, default=Security.TLS)
    imap_user = models.CharField(max_length=200, blank=True)
    folder = models.CharField(max_length=200, default="INBOX")
    smtp_host = models.CharField(max_length=253, blank=True)
    smtp_port = models.PositiveIntegerField(default=587)
    smtp_security = models.CharField(
        max_length=8, choices=Security.choices, default=Security.STARTTLS
    )
    smtp_user = models.CharField(max_length=200, blank=True)
    sign_in = models.CharField(max_length=8, choices=SignIn.choices, default=SignIn.PASSWORD)
    token_url = models.CharField(max_length=500, blank=True)
    tenant = models.CharField(max_length=100, blank=True)
    client_id = models.CharField(max_length=300, blank=True)
    scope = models.CharField(max_length=500, blank=True)
    secrets = SealedField(default=dict, help_text="imap_password, smtp_password, client_secret")
    sends = models.BooleanField(default=False)
    tagged = models.BooleanField(default=True)
    authserv = models.CharField(max_length=300, blank=True)
    since = models.DateTimeField(null=True, default=now)
    created_at = models.DateTimeField(default=now)
    uidvalidity = models.BigIntegerField(null=True)
    seen_uid = models.BigIntegerField(default=0)
    connected_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    try_at = models.DateTimeField(default=now)
    attempts = models.PositiveIntegerField(default=0)
    trouble: Any = models.JSONField(default=dict)
    trouble_at = models.DateTimeField(null=True)
    held: Any = models.JSONField(default=dict)
    held_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sends"], condition=Q(sends=True), name="one_mailbox_sends"
            )
        ]

    def __str__(self) -> str:
        return self.address


class Way(models.TextChoices):
    """By which way a mail came in."""

    IMAP = "imap", _("from the mailbox")
    LMTP = "lmtp", _("by LMTP")
    SMTP = "smtp", _("by SMTP")
    WEBHOOK = "webhook", _("from the mail provider")
    COMMAND = "command", _("by the command line")


class Outcome(models.TextChoices):
    """What became of a mail that came in."""

    WAITING = "waiting", _("Not looked at yet")
    POSTED = "posted", _("Written into a ticket")
    OPENED = "opened", _("Opened a ticket")
    HELD = "held", _("Held by the guard")
    REVIEW = "review", _("Waits for review")
    AUTOMATIC = "automatic", _("Automatic, answers nothing")
    BOUNCE = "bounce", _("A mail of ours came back")
    OWN = "own", _("Our own mail came back")
    DUPLICATE = "duplicate", _("Taken in before")
    SET_ASIDE = "set_aside", _("Could not be understood")
    DECLINED = "declined", _("Declined")


class RawMail(models.Model):
    """A mail as it came, kept before anything is made of it, and what became of it.

    `stored_as`: its bytes (empty once they are kept no longer). `envelope_from` (`<>`: nobody,
    empty: not known) and `envelope_to` are what the server was told. `identity` is what the same mail has
    over every way it comes (`mailboxes.identity`), known when it is understood: only one that is no
    duplicate has it. `reason` as `mailboxes.reasons` writes it. `try_at`: when it is next tried;
    while a worker has it, when it is taken for lost. `sender`, `subject`, `message_id` are as
    understood, for lists; `person` who it was found to be from, `verified` whether that is proven,
    and by what (`token`, `dmarc`, `dkim`, a person of ours: `let_in`).
    """

    id = models.BigAutoField(primary_key=True)
    mailbox = models.ForeignKey(
        Mailbox, null=True, on_delete=models.SET_NULL, related_name="mails", db_index=False
    )
    way = models.CharField(max_length=7, choices=Way.choices)
    envelope_from = models.CharField(max_length=320, blank=True)
    envelope_to: Any = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField(help_text=_("bytes"))
    stored_as = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField(default=now)
    outcome = models.CharField(max_length=9, choices=Outcome.choices, default=Outcome.WAITING)
    reason: Any = models.JSONField(default=dict)
    attempts = models.PositiveIntegerField(default=0)
    try_at = models.DateTimeField(default=now)
    done_at = models.DateTimeField(null=True)
    identity = models.CharField(max_length=64, blank=True)
    message_id = models.CharField(max_length=998, blank=True)
    sender = models.CharField(max_length=320, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    verified = models.CharField(max_length=10, blank=True)
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.SET_NULL, related_name="mails")
    reviewed_by = models.ForeignKey(
        Person, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    class Meta:
        indexes = [
            models.Index(fields=["try_at"], name="mails_to_take", condition=Q(outcome="waiting")),
            models.Index(fields=["outcome", "-id"], name="mails_by_outcome"),
            models.Index(fields=["mailbox", "-id"], name="mails_of_mailbox"),
            models.Index(fields=["sender", "-received_at"], name="mails_of_sender"),
            # Of those that are kept long enough, the bytes are thrown away.
            models.Index(fields=["done_at"], name="mails_with_bytes", condition=~Q(stored_as="")),
            # Too long, at times, for one that is sorted.
            HashIndex(fields=["message_id"], name="mails_by_message_id"),
            GinIndex(OpClass(Upper("sender"), "gin_trgm_ops"), name="mails_by_sender"),
            GinIndex(OpClass(Upper("subject"), "gin_trgm_ops"), name="mails_by_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="outcome_is_known"
            ),
            models.UniqueConstraint(
                fields=["identity"], condition=~Q(identity=""), name="one_mail_an_identity"
            ),
        ]

    def __str__(self) -> str:
        return f"mail {self.pk}: {self.subject}"


class Arrival(models.Model):
    """A mail that a mailbox holds, by its UID there (RFC 9051): each is taken in once.

    `mail` is null for what was left alone, because it lay there before (`skipped` says why).
    """

    id = models.BigAutoField(primary_key=True)
    mailbox = models.ForeignKey(
        Mailbox, on_delete=models.CASCADE, related_name="arrivals", db_index=False
    )
    uidvalidity = models.BigIntegerField()
    uid = models.BigIntegerField()
    mail = models.ForeignKey(RawMail, null=True, on_delete=models.CASCADE, related_name="arrivals")
    skipped = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "uidvalidity", "uid"], name="taken_in_once")
        ]

    def __str__(self) -> str:
        return f"{self.mailbox_id}: {self.uidvalidity}/{self.uid}"


class MailedMessage(models.Model):
    """What a message that came by mail had beside its text: seen by its writer's party and the operator.

    A quote may hold what was said to one side alone, and a signature a telephone number.
    """

    message = models.OneToOneField(
        Message, primary_key=True, on_delete=models.CASCADE, related_name="mailed"
    )
    mail = models.ForeignKey(RawMail, null=True, on_delete=models.SET_NULL, related_name="made")
    folded = models.TextField(blank=True)
    signature = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"mail of message {self.message_id}"


class ReplyAddress(models.Model):
    """Where a person answers by mail: bound to them, to what they answer, and to who may read it.

    `nonce` and the site's secret make its token (`mailboxes.reply_addresses`); a revoked one writes
    nothing any more. Without a ticket it is about an order, or about nothing in particular.
    """

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, db_index=False)
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="+", db_index=False)
    ticket = models.ForeignKey(
        Ticket, null=True, on_delete=models.CASCADE, related_name="reply_addresses"
    )
    order = models.ForeignKey(
        Order, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    audience = models.CharField(max_length=8, choices=Audience.choices, default=Audience.EVERYONE)
    audience_party = models.ForeignKey(
        Party, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    nonce = models.CharField(max_length=26)
    created_at = models.DateTimeField(default=now)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "party", "ticket", "order", "audience", "audience_party"],
                condition=Q(revoked_at=None),
                nulls_distinct=False,
                name="one_reply_address_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"reply address {self.pk}"


class AutomaticAnswer(models.Model):
    """That an address was answered by no person: at most once an hour, so that robots fall silent."""

    id = models.BigAutoField(primary_key=True)
    address = models.CharField(max_length=320)
    at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["address", "-at"], name="automatic_answers")]

    def __str__(self) -> str:
        return f"answer to {self.address}"
