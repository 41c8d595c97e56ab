"""The door to accounts: what a party has, and how it came to that.

Whose account it is, its own people and the operator may read; the pages ask for no other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan
from django.db.models.functions import Coalesce

from parley.ledger.models import Account, AccountKind, Posting
from parley.parties.models import Membership, Party, PartyKind
from parley.postgres.keysets import Keyset, Page

PAGE = 50


def balance_of(party: Party | int, currency: str) -> int:
    """What a seller may spend, or a supplier has earned, in minor units; 0 without an account."""
    party_id = party if isinstance(party, int) else party.pk
    found = Account.objects.filter(party=party_id, currency=currency)
    return found.values_list("balance_minor", flat=True).first() or 0


def balance_beside(party: str, currency: str) -> Combinable:
    """For a query: `balance_of` the party and the currency that stand in these fields of a row."""
    found = Account.objects.filter(party=OuterRef(party), currency=OuterRef(currency))
    return Coalesce(Subquery(found.values("balance_minor")[:1]), 0)


def accounts_of(party: Party) -> QuerySet[Account]:
    """A party's own accounts: one a currency."""
    return Account.objects.filter(party=party, kind=kind_of(party)).order_by("currency")


def kind_of(party: Party) -> AccountKind:
    """Which kind of account a party has: a seller a balance, a supplier earnings."""
    return AccountKind.BALANCE if party.kind == PartyKind.SELLER else AccountKind.EARNINGS


def balances_of(parties: Collection[int]) -> dict[int, list[Account]]:
    """The accounts of each of these parties, by the party's id; for the operator's list."""
    found: dict[int, list[Account]] = defaultdict(list)
    accounts = Account.objects.filter(party__in=parties).order_by("currency")
    for account in accounts:
        assert account.party_id is not None
        found[account.party_id].append(account)
    return found


def statement_of(account: Account, *, cursor: str = "", size: int = PAGE) -> Page[Posting]:
    """A page of the postings of an account with their transfers, the latest first.

    Raises CursorUnreadable.
    """
    keyset = Keyset(("id",), cursor, size)
    return keyset.page(list(keyset.cut(account.postings.select_related("transfer"))))


def holder(reader: Membership, key: int) -> Party | None:
    """The seller or supplier whose account the operator's `reader` asks to see; None for others."""
    if not reader.is_operator:
        return None
    return Party.objects.filter(pk=key).exclude(kind=PartyKind.OPERATOR).first()


def holders(kind: str, *, named: str = "", after: int | None = None) -> QuerySet[Party]:
    """All sellers (or suppliers) by name, behind the one of key `after`; for the operator."""
    found = Party.objects.filter(kind=kind).order_by("name", "id")
    if named:
        found = found.filter(name__icontains=named)
    last = Party.objects.filter(pk=after).first() if after else None
    return (
        found.filter(Q(TupleGreaterThan(Tuple("name", "id"), (last.name, last.pk))))
        if last
        else found
    )
