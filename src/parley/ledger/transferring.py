"""Moving money between accounts: each transfer is postings that sum to zero.

The accounts of a transfer are locked in the order of their ids, so that transfers wait for each other
and never for themselves, and stay locked until the transaction ends: whoever found too little on an
account has let nobody put more on it meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection

from parley.journal.moment import now
from parley.ledger.models import Account, AccountKind, Posting, Transfer
from parley.parties.models import Membership


class Overdrawn(Exception):
    """There is less on the balance than was to be taken from it; `lacking_minor` is missing."""

    def __init__(self, account: Account, lacking_minor: int) -> None:
        super().__init__(f"{account} lacks {lacking_minor}")
        self.account, self.lacking_minor = account, lacking_minor


class ReferenceTaken(Exception):
    """Another movement of money has this reference."""


class Unbalanced(ValueError):
    """The moves don't sum to zero, or are none at all."""


@dataclass(frozen=True)
class Move:
    """What a transfer does to one account: of `party_id` (None for outside), in minor units."""

    account: AccountKind
    party_id: int | None
    amount_minor: int


class Moved(NamedTuple):
    """A transfer, and whether it was made just now (and not before, by the same reference)."""

    transfer: Transfer
    just_now: bool


def transfer(
    kind: str,
    reference: str,
    moves: Sequence[Move],
    currency: str,
    *,
    by: Membership | None,
    order_id: int | None = None,
    note: str = "",
) -> Moved:
    """Make the moves, all of them in `currency`. The same reference asked for again gives the first.

    Call it in a transaction. Raises Overdrawn (and has moved nothing), ReferenceTaken, Unbalanced.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("money moves inside a transaction")
    moves = [move for move in moves if move.amount_minor]
    if not moves or sum(move.amount_minor for move in moves) != 0:
        raise Unbalanced
    accounts = _locked(moves, currency)
    before = _made_before(reference, moves, accounts)
    if before is not None:
        return Moved(before, just_now=False)
    _refuse_overdrawing(moves, accounts)
    made = Transfer.objects.create(
        kind=kind,
        reference=reference,
        at=now(),
        note=note[:200],
        order_id=order_id,
        person_id=by.person_id if by else None,
    )
    _post(made, moves, accounts)
    return Moved(made, just_now=True)


_Key = tuple[str, int | None]


def _key(move: Move) -> _Key:
    return (move.account.value, move.party_id)


def _locked(moves: Iterable[Move], currency: str) -> dict[_Key, Account]:
    """The accounts, opened where there were none yet, locked."""
    keys = sorted({_key(move) for move in moves}, key=lambda key: (key[0], key[1] or 0))
    found = _lock(keys, currency)
    if len(found) < len(keys):
        Account.objects.bulk_create(
            [Account(kind=kind, party_id=party, currency=currency)
             for kind, party in keys if (kind, party) not in found],
            ignore_conflicts=True,
        )  # fmt: skip
        found = _lock(keys, currency)
    return found


def _lock(keys: Sequence[_Key], currency: str) -> dict[_Key, Account]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT account.id, account.kind, account.party_id, account.balance_minor
            FROM ledger_account AS account
            JOIN unnest(%s::text[], %s::bigint[]) AS wanted (kind, party)
                ON account.kind = wanted.kind AND account.party_id IS NOT DISTINCT FROM wanted.party
            WHERE account.currency = %s
            ORDER BY account.id FOR NO KEY UPDATE OF account
            """,
            [[kind for kind, _party in keys], [party for _kind, party in keys], currency],
        )
        rows = cursor.fetchall()
    return {
        (kind, party): Account(
            pk=pk, kind=kind, party_id=party, currency=currency, balance_minor=balance
        )
        for pk, kind, party, balance in rows
    }


def _made_before(
    reference: str, moves: Sequence[Move], accounts: dict[_Key, Account]
) -> Transfer | None:
    made = Transfer.objects.filter(reference=reference).first()
    if made is None:
        return None
    posted = dict(made.postings.values_list("account_id", "amount_minor"))
    if posted != {accounts[_key(move)].pk: move.amount_minor for move in moves}:
        raise ReferenceTaken(reference)
    return made


def _refuse_overdrawing(moves: Sequence[Move], accounts: dict[_Key, Account]) -> None:
    for move in moves:
        account = accounts[_key(move)]
        left = account.balance_minor + move.amount_minor
        if move.account is AccountKind.BALANCE and move.amount_minor < 0 and left < 0:
            raise Overdrawn(account, -left)


def _post(made: Transfer, moves: Sequence[Move], accounts: dict[_Key, Account]) -> None:
    for move in moves:
        accounts[_key(move)].balance_minor += move.amount_minor
    Account.objects.bulk_update(
        [accounts[key] for key in {_key(move) for move in moves}], ["balance_minor"]
    )
    Posting.objects.bulk_create(
        Posting(
            transfer=made,
            account=(account := accounts[_key(move)]),
            amount_minor=move.amount_minor,
            balance_minor=account.balance_minor,
        )
        for move in moves
    )
