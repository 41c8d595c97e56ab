from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parley.journal.moment import now
from parley.parties.models import Party, Person


class Audience(models.TextChoices):
    """Who may see a message (T2)."""

    EVERYONE = "everyone", _("Everyone on the ticket")
    SIDE = "side", _("One side and the operator")
    OPERATOR = "operator", _("Operator only")


class Conversation(models.Model):
    """What was said, in order. Tickets and chats stand on top of one."""

    created_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"conversation {self.pk}"


class Message(models.Model):
    """One thing said: by whom, to whom, when; the text as typed, and as it is shown.

    What no person said (`person` is None) the assistant did, for the operator: a machine's words,
    and always labelled so (EU AI Act, Art. 50).
    """

    id = models.BigAutoField(primary_key=True)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages", db_index=False
    )
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, db_index=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    audience = models.CharField(max_length=8, choices=Audience.choices)
    audience_party = models.ForeignKey(
        Party, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    text = models.TextField()
    html = models.TextField()
    at = models.DateTimeField(default=now)
    attached = models.PositiveSmallIntegerField(default=0)
    submit_key = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["conversation", "id"], name="message_of_conversation")]
        constraints = [
            models.CheckConstraint(
                condition=Q(audience__in=Audience.values), name="audience_is_known"
            ),
            models.CheckConstraint(
                condition=Q(audience="side", audience_party__isnull=False)
                | (~Q(audience="side") & Q(audience_party=None)),
                name="side_audience_names_its_party",
            ),
            models.UniqueConstraint(
                fields=["person", "submit_key"],
                condition=Q(submit_key__isnull=False),
                name="message_submitted_once",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def is_assistants(self) -> bool:
        return self.person_id is None


class Scan(models.TextChoices):
    """What a virus scanner has said of a file (P5)."""

    UNSCANNED = "unscanned", _("Not looked at")
    CLEAN = "clean", _("Nothing found")
    INFECTED = "infected", _("A virus was found")
    REFUSED = "refused", _("The scanner could not look at it")


class Attachment(models.Model):
    """A file: received and kept first, then claimed by the message that sends it.

    One that is `held` goes with a message that waits to be looked at before it is sent.

    `found` is the signature that a scanner recognised, or why it refused; `scanned_at` when.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    message = models.ForeignKey(
        Message, null=True, on_delete=models.CASCADE, related_name="attachments"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, db_index=False)
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField(help_text=_("bytes"))
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=200)
    thumbnail = models.CharField(max_length=200, blank=True)
    held = models.BooleanField(default=False, db_default=False)
    width = models.PositiveIntegerField(null=True, help_text=_("pixels"))
    height = models.PositiveIntegerField(null=True, help_text=_("pixels"))
    created_at = models.DateTimeField(default=now)
    # The default is the database's too: rows that are copied in have not been looked at either.
    scan = models.CharField(
        max_length=9, choices=Scan.choices, default=Scan.UNSCANNED, db_default=Scan.UNSCANNED
    )
    found = models.CharField(max_length=200, blank=True, db_default="")
    scanned_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["created_at"], condition=Q(message=None), name="unclaimed_attachments"
            ),
            models.Index(
                fields=["created_at"],
                condition=Q(scan__in=["unscanned", "refused"]),
                name="attachments_to_scan",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(scan__in=Scan.values), name="scan_is_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kept_back(self) -> str:
        """Why nobody is given the file: `waiting`, `infected` or `refused`; empty if one may have it.

        Without a scanner what was not looked at is given out; what was found stays found.
        """
        if self.scan == Scan.CLEAN:
            return ""
        if self.scan != Scan.UNSCANNED:
            return self.scan
        return "waiting" if settings.CLAMAV else ""

    @property
    def is_image(self) -> bool:
        return self.media_type in {"image/png", "image/jpeg", "image/gif", "image/webp"}


class Draft(models.Model):
    """What a person has typed at a place and not sent yet: `ticket:10042`, `new-ticket`."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, db_index=False)
    place = models.CharField(max_length=60)
    text = models.TextField(blank=True)
    fields = models.JSONField(default=dict)
    files = models.JSONField(default=list)
    updated_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "place"], name="one_draft_a_place")
        ]

    def __str__(self) -> str:
        return f"draft at {self.place}"
