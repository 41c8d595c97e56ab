"""Topping up a seller's balance: the operator has had the money from outside."""

from __future__ import annotations

from django.db import transaction

from parley.journal.recording import record
from parley.ledger.events import BalanceToppedUp
from parley.ledger.models import AccountKind, Transfer, TransferKind
from parley.ledger.money import MOST_MINOR, is_known
from parley.ledger.transferring import Move, transfer
from parley.parties.models import Membership, Party, PartyKind, Role

MAY_TOP_UP = frozenset({Role.LEAD, Role.ADMIN})


class MayNotTopUp(Exception):
    """Only leads and administrators of the operator put money on a balance."""


class NotToppedUp(ValueError):
    """The amount is not positive or beyond reason, the currency unknown, or the party no seller."""


def may_top_up(reader: Membership) -> bool:
    """Whether `reader` may put money on balances."""
    return reader.role in MAY_TOP_UP


@transaction.atomic
def top_up(
    party: Party,
    amount_minor: int,
    currency: str,
    *,
    key: str,
    by: Membership,
    note: str = "",
) -> Transfer:
    """Put `amount_minor` of `currency` on the seller's balance. The same `key` again does nothing.

    Raises MayNotTopUp, NotToppedUp, ReferenceTaken (the key was of another top-up).
    """
    if not may_top_up(by):
        raise MayNotTopUp
    if party.kind != PartyKind.SELLER or not is_known(currency):
        raise NotToppedUp
    if not 0 < amount_minor <= MOST_MINOR:
        raise NotToppedUp
    reference = f"top-up:{key}"
    moves = [
        Move(AccountKind.OUTSIDE, None, -amount_minor),
        Move(AccountKind.BALANCE, party.pk, amount_minor),
    ]
    made, just_now = transfer(TransferKind.TOP_UP, reference, moves, currency, by=by, note=note)
    if just_now:
        _tell(made, party, amount_minor, currency, by)
    return made


def _tell(made: Transfer, party: Party, amount_minor: int, currency: str, by: Membership) -> None:
    record(
        BalanceToppedUp(
            party=party.pk,
            seen=tuple(sorted({party.pk, by.party_id})),
            currency=currency,
            amount_minor=amount_minor,
            transfer=made.pk,
        ),
        by=by,
    )
