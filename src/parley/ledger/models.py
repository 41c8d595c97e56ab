from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from parley.journal.moment import now
from parley.parties.models import Party


class AccountKind(models.TextChoices):
    BALANCE = "balance", _("A seller's balance")
    EARNINGS = "earnings", _("What a supplier has earned")
    OUTSIDE = "outside", _("Money that came in or went out")


class Account(models.Model):
    """An account of the ledger. All accounts of a currency together always hold nothing.

    A party's account grows by what it may spend or be paid; the outside one is the counterpart: it
    falls when money comes in.
    """

    kind = models.CharField(max_length=8, choices=AccountKind.choices)
    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    balance_minor = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "party", "currency"],
                name="one_account_a_currency",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=~Q(kind="balance") | Q(balance_minor__gte=0), name="no_balance_overdrawn"
            ),
            models.CheckConstraint(
                condition=Q(kind="outside", party=None)
                | (~Q(kind="outside") & Q(party__isnull=False)),
                name="accounts_of_parties",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.party_id or ''} {self.currency}"


class TransferKind(models.TextChoices):
    TOP_UP = "top_up", _("Top-up")
    PAYMENT = "payment", _("Payment")
    REFUND = "refund", _("Refund")
    PAYOUT = "payout", _("Payout")
    CORRECTION = "correction", _("Correction")


class Transfer(models.Model):
    """Money that moved between accounts: its postings sum to zero (checked by a trigger at commit).

    `reference` is unique: the same movement asked for twice happens once. Never changed or deleted.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(default=now)
    kind = models.CharField(max_length=10, choices=TransferKind.choices)
    reference = models.CharField(max_length=80, unique=True)
    note = models.CharField(max_length=200, blank=True)
    order_id = models.BigIntegerField(null=True, help_text=_("the order it is for, if for one"))
    person_id = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return self.reference


class Posting(models.Model):
    """What one transfer did to one account. Never changed or deleted."""

    id = models.BigAutoField(primary_key=True)
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="postings")
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="postings", db_index=False
    )
    amount_minor = models.BigIntegerField()
    balance_minor = models.BigIntegerField(help_text=_("of the account, afterwards"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount_minor=0), name="posting_of_something"),
            models.UniqueConstraint(fields=["transfer", "account"], name="one_posting_an_account"),
        ]
        indexes = [models.Index(fields=["account", "-id"], name="statement_of_account")]

    def __str__(self) -> str:
        return f"{self.amount_minor} on {self.account_id}"


class PaymentState(models.TextChoices):
    PENDING = "pending", _("under way")
    PAID = "paid", _("paid")
    FAILED = "failed", _("failed")


class Payment(models.Model):
    """One attempt of a party to pay for an order through a provider; at most one of them is paid."""

    id = models.BigAutoField(primary_key=True)
    order_id = models.BigIntegerField()
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    provider = models.CharField(max_length=20)
    provider_reference = models.CharField(max_length=200, blank=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    refunded_minor = models.BigIntegerField(default=0)
    state = models.CharField(
        max_length=7, choices=PaymentState.choices, default=PaymentState.PENDING
    )
    reason = models.CharField(max_length=200, blank=True, help_text=_("why it failed"))
    created_at = models.DateTimeField(default=now)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order_id"], condition=Q(state="paid"), name="paid_once"
            ),
            models.UniqueConstraint(
                fields=["order_id"], condition=Q(state="pending"), name="one_payment_under_way"
            ),
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0, refunded_minor__lte=F("amount_minor")),
                name="refunded_within_paid",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payment_of_something"),
        ]
        indexes = [models.Index(fields=["order_id", "-id"], name="payments_of_order")]

    def __str__(self) -> str:
        return f"payment {self.pk} of order {self.order_id}"
