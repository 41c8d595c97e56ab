"""The door to accounts: what a party has, and how it came to that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from parley.ledger.models import Account, AccountKind, Posting
from parley.parties.models import Membership, Party, PartyKind

PAGE = 50


def balance_of(party: Party | int, currency: str) -> int:
    """What a seller may spend, or a supplier has earned, in minor units; 0 without an account."""
    party_id = party if isinstance(party, int) else party.pk
    found = Account.objects.filter(party=party_id, currency=currency)
    return found.values_list("balance_minor", flat=True).first() or 0


def accounts_of(party: Party) -> QuerySet[Account]:
    """A party's own accounts: one a currency."""
    return Account.objects.filter(party=party, kind=kind_of(party)).order_by("currency")


def accounts_visible_to(reader: Membership) -> QuerySet[Account]:
    """The reader's own accounts; the operator sees those of all parties."""
    of_parties = Account.objects.exclude(kind=AccountKind.OUTSIDE)
    return of_parties if reader.is_operator else of_parties.filter(party=reader.party_id)


def kind_of(party: Party) -> AccountKind:
    """Which kind of account a party has: a seller a balance, a supplier earnings."""
    return AccountKind.BALANCE if party.kind == PartyKind.SELLER else AccountKind.EARNINGS


@dataclass(frozen=True)
class Statement:
    """One page of a statement, the newest first; `older` is where the next one goes on."""

    rows: Sequence[Posting]
    older: int | None


def statement_of(account: Account, *, before: int | None = None, most: int = PAGE) -> Statement:
    """The postings of an account with their transfers, those older than posting `before`."""
    postings = account.postings.select_related("transfer").order_by("-id")
    if before is not None:
        postings = postings.filter(pk__lt=before)
    rows = list(postings[: most + 1])
    older = rows[most - 1].pk if len(rows) > most else None
    return Statement(rows[:most], older)
