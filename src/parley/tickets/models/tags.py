"""How the operator marks tickets for itself, and says how they hang together."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from parley.journal.moment import now
from parley.parties.models import Person
from parley.tickets.models.ticket import Ticket


class TagColour(models.TextChoices):
    SLATE = "slate", _("Grey")
    RED = "red", _("Red")
    AMBER = "amber", _("Amber")
    GREEN = "green", _("Green")
    TEAL = "teal", _("Teal")
    BLUE = "blue", _("Blue")
    VIOLET = "violet", _("Violet")
    PINK = "pink", _("Pink")


class Tag(models.Model):
    """A word the operator's people mark tickets with. One that is not `active` is put on no more."""

    name = models.CharField(max_length=40)
    colour = models.CharField(max_length=6, choices=TagColour.choices, default=TagColour.SLATE)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), name="one_tag_a_name"),
            models.CheckConstraint(
                condition=Q(colour__in=TagColour.values), name="colour_of_tag_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Tagging(models.Model):
    """A tag on a ticket."""

    id = models.BigAutoField(primary_key=True)
    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="taggings", db_index=False
    )
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "tag"], name="tagged_once")]
        indexes = [models.Index(fields=["tag", "-ticket"], name="tickets_of_tag")]

    def __str__(self) -> str:
        return f"{self.tag_id} on {self.ticket_id}"


class LinkKind(models.TextChoices):
    """How one ticket stands to another."""

    RELATES = "relates", _("Has to do with")
    DUPLICATES = "duplicates", _("Says the same as")
    BLOCKS = "blocks", _("Has to be settled before")
    SPLIT = "split", _("Was a part of")


class Link(models.Model):
    """Two tickets that hang together, for the operator to know: `ticket` stands so to `other`.

    One that relates does so both ways, and is kept with the lower number first.
    """

    id = models.BigAutoField(primary_key=True)
    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="links", db_index=False
    )
    other = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="links_here", db_index=False
    )
    kind = models.CharField(max_length=10, choices=LinkKind.choices)
    person = models.ForeignKey(
        Person, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "other", "kind"], name="linked_once"),
            models.CheckConstraint(
                condition=~Q(ticket=models.F("other")), name="linked_to_another"
            ),
            models.CheckConstraint(
                condition=~Q(kind=LinkKind.RELATES.value) | Q(ticket__lt=models.F("other")),
                name="relates_lower_first",
            ),
        ]
        indexes = [models.Index(fields=["other"], name="links_of_other")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.kind} {self.other_id}"
