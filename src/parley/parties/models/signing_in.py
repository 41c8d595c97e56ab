"""Where people are signed in, and how one comes back who has lost a second factor."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parley.journal.moment import now
from parley.parties.models.people import Membership, Person


class SignInWay(models.TextChoices):
    """What somebody has shown to be let in."""

    PASSWORD = "password", _("Password")
    TWO_FACTORS = "two_factors", _("Password and second factor")
    PASSKEY = "passkey", _("Passkey")
    SINGLE_SIGN_ON = "single_sign_on", _("Single sign-on")
    DEMO = "demo", _("Without a password, in the demo")


class Session(AbstractBaseSession):
    """A browser's session. One with a `person` is signed in; the others hold what leads there.

    `address` and `device` (what the browser says it is) are those of the sign-in; `seen_at` is kept
    to some minutes.
    """

    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="sessions")
    began_at = models.DateTimeField(default=now)
    seen_at = models.DateTimeField(default=now)
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=300, blank=True, default="")
    way = models.CharField(max_length=14, choices=SignInWay.choices, blank=True, default="")

    @classmethod
    def get_session_store_class(cls) -> Any:
        """What reads and writes them; the site says which that is."""
        from importlib import import_module

        from django.conf import settings

        return import_module(settings.SESSION_ENGINE).SessionStore


class WayBackEnd(models.TextChoices):
    """What became of a way back."""

    TAKEN = "taken", _("Taken: the second factor is off")
    CANCELLED = "cancelled", _("Cancelled by the person")
    REFUSED = "refused", _("Refused")
    LAPSED = "lapsed", _("Lapsed")


class WayBack(models.Model):
    """Somebody who knows a person's password says that the second factor is lost.

    It needs three things that one thief hardly has: the password, the mailbox and the word of
    whoever keeps the company's people (`approved_by`). And it needs time, until `opens_at`, in which
    the person can cancel it. `told_at` is when the link that takes it was sent.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="ways_back")
    asked_at = models.DateTimeField(default=now)
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=300, blank=True, default="")
    approved_by = models.ForeignKey(
        Membership, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    opens_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=9, choices=WayBackEnd.choices, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at=None), name="one_way_back_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, end="")
                | Q(ended_at__isnull=False, end__in=WayBackEnd.values),
                name="way_back_ended_somehow",
            ),
        ]
        indexes = [
            models.Index(
                fields=["opens_at"],
                condition=Q(ended_at=None, told_at=None, opens_at__isnull=False),
                name="ways_back_to_open",
            )
        ]

    def __str__(self) -> str:
        return f"way back of {self.person_id}"
