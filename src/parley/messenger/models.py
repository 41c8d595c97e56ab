from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parley.conversations.models import Conversation
from parley.journal.moment import now
from parley.parties.models import Membership
from parley.postgres.sealing import SealedField


class Site(models.Model):
    """Another site that has the messenger on its pages.

    `key` is public and stands in its script tag; `secret` holds what signs the tokens by which it
    tells who is signed in there (see `signing`). Only pages of its `origins`
    (`https://shop.example`) may ask.
    """

    name = models.CharField(max_length=100)
    key = models.CharField(max_length=40, unique=True)
    secret = SealedField()
    origins = models.JSONField(default=list)
    trusted = models.BooleanField(
        default=False,
        help_text=_("its word is taken for who of our sellers and suppliers is there"),
    )
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.name


class Visitor(models.Model):
    """Somebody without an account, who asks from a site: known to us by a `Key` in their browser.

    They act through a membership of a party of their own, made when they first say something. The
    e-mail address is what they say it is: it gets mails, and opens nothing. `subject` is how the
    host site names them, when it vouches for them by a signed token.
    """

    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="visitor")
    site = models.ForeignKey(Site, null=True, on_delete=models.SET_NULL, related_name="visitors")
    subject = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "subject"],
                condition=~Q(subject=""),
                name="one_visitor_a_subject",
            )
        ]

    def __str__(self) -> str:
        return f"visitor {self.pk}"


class Key(models.Model):
    """What a browser shows to be known again in the messenger. Only its SHA-256 is kept.

    `membership` is who it acts as; none yet for somebody whom a site vouched for (`subject`, and
    `vouched` with what it said of them) and who has not said anything. `signed_at` is the moment of
    the token it was made by. One that ended (signed out) is kept until it would have run out.
    """

    digest = models.CharField(max_length=64, unique=True)
    membership = models.ForeignKey(
        Membership, null=True, on_delete=models.CASCADE, related_name="messenger_keys"
    )
    site = models.ForeignKey(Site, null=True, on_delete=models.CASCADE, related_name="keys")
    subject = models.CharField(max_length=200, blank=True)
    vouched = models.JSONField(default=dict)
    signed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now)
    used_at = models.DateTimeField(default=now)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["ends_at"], name="keys_by_their_end")]

    def __str__(self) -> str:
        return f"key {self.pk} of {self.membership_id}"


class ChatState(models.TextChoices):
    """With whom a chat is. Once it is with people, it is a ticket on the same conversation."""

    ASSISTANT = "assistant", _("With the assistant")
    HELPED = "helped", _("Answered")
    PEOPLE = "people", _("With people")


class Chat(models.Model):
    """A conversation in the messenger. Until it is handed over it is its asker's alone."""

    conversation = models.OneToOneField(
        Conversation, on_delete=models.PROTECT, related_name="chat", primary_key=True
    )
    asker = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    site = models.ForeignKey(
        Site, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=ChatState.choices, default=ChatState.ASSISTANT)
    title = models.CharField(max_length=200, help_text=_("the first thing said, cut short"))
    created_at = models.DateTimeField(default=now)
    last_at = models.DateTimeField(default=now, help_text=_("of the last message"))
    read_at = models.DateTimeField(default=now, help_text=_("up to when its asker has read it"))
    handed_over_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ChatState.values), name="chat_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="people", handed_over_at__isnull=False)
                | (~Q(state="people") & Q(handed_over_at=None)),
                name="with_people_once_handed_over",
            ),
        ]
        indexes = [
            models.Index(fields=["asker", "-last_at", "-conversation"], name="chats_of_asker")
        ]

    def __str__(self) -> str:
        return self.title


class Typing(models.Model):
    """Who is typing in a conversation, until when. An UNLOGGED table: worth nothing after a crash."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "membership"], name="one_typing_a_member"
            )
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} types in {self.conversation_id}"


class Presence(models.Model):
    """Up to when one of the operator's people is known to be at their desk. UNLOGGED, as above."""

    membership = models.OneToOneField(
        Membership, on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.membership_id} is there until {self.until}"


class Allowance(models.Model):
    """How much somebody (a person, an address) has used of a rate: when all of it is back. UNLOGGED."""

    name = models.CharField(max_length=120, primary_key=True)
    full_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.name}, full at {self.full_at}"
