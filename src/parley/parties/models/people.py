"""Parties, people, and who acts for whom."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parley.journal.moment import now


class PartyKind(models.TextChoices):
    SELLER = "seller", _("Seller")
    SUPPLIER = "supplier", _("Supplier")
    OPERATOR = "operator", _("Operator")
    VISITOR = "visitor", _("Visitor")


COMPANIES = (PartyKind.SELLER, PartyKind.SUPPLIER, PartyKind.OPERATOR)
"""The three sides of the marketplace. A visitor is on none: somebody who asks in the messenger."""


class Role(models.TextChoices):
    MEMBER = "member", _("Member")
    OWNER = "owner", _("Owner")
    AGENT = "agent", _("Agent")
    LEAD = "lead", _("Lead")
    ADMIN = "admin", _("Administrator")


NO_MAIL = "@visitors.invalid"
"""The end of the key of people who never sign in; no mail goes there (RFC 2606)."""

ROLES_OF: dict[str, frozenset[str]] = {
    PartyKind.SELLER: frozenset({Role.MEMBER, Role.OWNER}),
    PartyKind.SUPPLIER: frozenset({Role.MEMBER, Role.OWNER}),
    PartyKind.OPERATOR: frozenset({Role.AGENT, Role.LEAD, Role.ADMIN}),
    PartyKind.VISITOR: frozenset({Role.MEMBER}),
}


class Party(models.Model):
    """A company on the marketplace; one of them, the operator, runs it.

    `legal_name` (empty: `name`), `address` (its lines), `country` (ISO 3166-1) and `vat_number` stand
    on papers; see `parties.changing_company`. Nobody acts for a party that is closed. Whoever knows
    its `join_code` may ask to join it; empty, nobody can. One that `requires_second_factor` lets
    those who act for it do nothing before they have one.
    """

    kind = models.CharField(max_length=10, choices=PartyKind.choices)
    name = models.CharField(max_length=200)
    legal_name = models.CharField(max_length=200, blank=True, default="")
    address = models.TextField(blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")
    vat_number = models.CharField(max_length=14, blank=True, default="")
    created_at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True)
    requires_second_factor = models.BooleanField(default=False)
    join_code = models.CharField(max_length=12, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=Q(kind="operator"), name="one_operator"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=PartyKind.values), name="party_kind_is_known"
            ),
            models.UniqueConstraint(
                fields=["join_code"], condition=~Q(join_code=""), name="one_party_a_join_code"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "name"], name="party_by_kind"),
            GinIndex(fields=["name"], name="party_name_trigrams", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_operator(self) -> bool:
        return self.kind == PartyKind.OPERATOR


class People(BaseUserManager["Person"]):
    """Makes people; an address is kept in lower case, since mailboxes are not told apart by it."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        person = Person(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save()
        return person

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser):
    """Someone who signs in, with their language, time zone and habits.

    `email` is a key to the account. `contact` is where a visitor, who has none, says that mail finds
    them; it proves nothing. `mail_fails` is the address that mails come back from, for good (kept by
    `notifications.bouncing`); with another mailbox it says nothing any more.
    """

    class OwnMessages(models.TextChoices):
        LEFT = "left", _("on the left")
        RIGHT = "right", _("on the right")

    class Theme(models.TextChoices):
        AUTO = "auto", _("as the device has it")
        LIGHT = "light", _("light")
        DARK = "dark", _("dark")

    email = models.EmailField(unique=True)
    contact = models.EmailField(blank=True, default="")
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=10, default="en")
    time_zone = models.CharField(max_length=60, default="UTC")
    theme = models.CharField(max_length=5, choices=Theme.choices, default=Theme.AUTO)
    own_messages = models.CharField(
        max_length=5, choices=OwnMessages.choices, default=OwnMessages.LEFT
    )
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now)
    unread_notices = models.PositiveIntegerField(default=0)
    mail_fails = models.CharField(max_length=320, blank=True, default="", db_default="")

    objects: ClassVar[People] = People()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        indexes = [
            GinIndex(fields=["name"], name="person_name_trigrams", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["email"], name="person_email_trigrams", opclasses=["gin_trgm_ops"]),
            models.Index(
                fields=["name", "id"],
                condition=~Q(email__endswith=NO_MAIL),
                name="people_by_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def mailbox(self) -> str:
        """Where mail finds them; empty for a visitor who has not said."""
        return self.contact if self.email.endswith(NO_MAIL) else self.email

    @property
    def is_out_of_reach(self) -> bool:
        """Whether mails come back from where it should find them."""
        return self.is_at(self.mail_fails)

    def is_at(self, address: str) -> bool:
        """Whether mail to the address finds them.

        Asked here and not of the database, to which more letters are the same than to DNS.
        """
        return bool(address) and address.lower() == self.mailbox.lower()


class Membership(models.Model):
    """A person acting for a party, with a role: the actor of everything done in the house.

    One who `owes_second_factor` may do nothing but set one up; `acting_membership` knows it.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "party"], name="one_membership_a_party"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.party}"

    @property
    def owes_second_factor(self) -> bool:
        """Whether the party requires one that the person has not set up."""
        return bool(vars(self).get("owes", False))

    @property
    def is_operator(self) -> bool:
        return self.role in ROLES_OF[PartyKind.OPERATOR]

    @property
    def is_in_force(self) -> bool:
        """Whether somebody may act with it: what `access.IN_FORCE` asks of the rows."""
        return self.active and self.person.is_active and self.party.closed_at is None
