"""What tickets are about: categories and topics."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from parley.parties.models import PartyKind, Team


class OrderField(models.TextChoices):
    NONE = "none", _("Not asked for")
    OPTIONAL = "optional", _("Optional")
    REQUIRED = "required", _("Required")


class Purpose(models.TextChoices):
    """What a topic does beside being talked about."""

    NONE = "", _("Nothing beside the ticket")
    CANCEL_ORDER = "cancel_order", _("Asks the supplier to cancel an order")
    CHAT = "chat", _("Takes over what was asked in the messenger")
    MAIL = "mail", _("Takes over what was written to a mailbox")


class Category(models.Model):
    """The first level of topics; its name in each language."""

    names = models.JSONField(default=dict)
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return name_in(self.names)


class Topic(models.Model):
    """What a ticket is about; it decides who may open it, to whom, and what is asked for."""

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="topics")
    names = models.JSONField(default=dict)
    keywords = models.JSONField(default=dict, help_text=_("language → words it is found by"))
    opened_by = models.JSONField(default=list, help_text=_("kinds of party that may open it"))
    goes_to = models.CharField(max_length=10, choices=PartyKind.choices)
    order_field = models.CharField(
        max_length=8, choices=OrderField.choices, default=OrderField.OPTIONAL
    )
    purpose = models.CharField(
        max_length=12, choices=Purpose.choices, blank=True, default=Purpose.NONE
    )
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="topics"
    )
    has_fields = models.BooleanField(
        default=False, help_text=_("it asks, or once asked, for more than every topic does")
    )
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["purpose"], condition=~Q(purpose=""), name="one_topic_a_purpose"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return name_in(self.names)

    @property
    def keywords_now(self) -> str:
        """The words it is found by in any language, since people think in more than the page's."""
        words = [word for known in self.keywords.values() for word in known]
        return " ".join([*words, *self.names.values()])


def name_in(names: dict[str, str], language: str | None = None) -> str:
    """A name in `language` (or the active one), in English, or in whatever there is."""
    wanted = (language or get_language() or "en").split("-")[0]
    return names.get(wanted) or names.get("en") or next(iter(names.values()), "")
