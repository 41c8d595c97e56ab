"""Money moves between accounts and is never made, lost or spent twice."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.extra.django import TestCase

from cast import Cast
from crowd import all_at_once, crowd, failures
from parley.ledger.balances import accounts_of, balance_of, statement_of
from parley.ledger.models import Account, AccountKind, Posting, Transfer, TransferKind
from parley.ledger.topping_up import MayNotTopUp, NotToppedUp, top_up
from parley.ledger.transferring import Move, Overdrawn, ReferenceTaken, Unbalanced, transfer
from parley.parties.models import Party, PartyKind

BALANCE, EARNINGS, OUTSIDE = AccountKind.BALANCE, AccountKind.EARNINGS, AccountKind.OUTSIDE


def pay(cast: Cast, amount: int, reference: str) -> Transfer:
    moves = [
        Move(BALANCE, cast.bright_home.pk, -amount),
        Move(EARNINGS, cast.northwind.pk, amount),
    ]
    with transaction.atomic():
        return transfer(TransferKind.PAYMENT, reference, moves, "GBP", by=cast.seller).transfer


def test_a_top_up_is_on_the_balance(cast: Cast) -> None:
    top_up(cast.bright_home, 5_000, "GBP", key="one", by=cast.admin, note="Bank transfer")
    assert balance_of(cast.bright_home, "GBP") == 5_000
    assert balance_of(cast.bright_home, "EUR") == 0
    (account,) = accounts_of(cast.bright_home)
    (row,) = statement_of(account).rows
    assert (row.amount_minor, row.balance_minor, row.transfer.note) == (
        5_000,
        5_000,
        "Bank transfer",
    )


def test_the_same_top_up_twice_is_one(cast: Cast) -> None:
    first = top_up(cast.bright_home, 5_000, "GBP", key="one", by=cast.admin)
    assert top_up(cast.bright_home, 5_000, "GBP", key="one", by=cast.admin).pk == first.pk
    assert balance_of(cast.bright_home, "GBP") == 5_000
    with pytest.raises(ReferenceTaken):
        top_up(cast.bright_home, 6_000, "GBP", key="one", by=cast.admin)


def test_only_the_operators_leads_top_up_and_only_sellers(cast: Cast) -> None:
    for by in (cast.agent, cast.seller, cast.supplier):
        with pytest.raises(MayNotTopUp):
            top_up(cast.bright_home, 1, "GBP", key="k", by=by)
    for amount, currency, party in (
        (0, "GBP", cast.bright_home),
        (-5, "GBP", cast.bright_home),
        (5, "XXZ", cast.bright_home),
        (5, "GBP", cast.northwind),
    ):
        with pytest.raises(NotToppedUp):
            top_up(party, amount, currency, key="k", by=cast.admin)


def test_a_balance_is_not_overdrawn_and_it_is_said_what_lacks(cast: Cast) -> None:
    top_up(cast.bright_home, 1_000, "GBP", key="one", by=cast.admin)
    with pytest.raises(Overdrawn) as refused:
        pay(cast, 1_250, "p")
    assert refused.value.lacking_minor == 250
    assert balance_of(cast.bright_home, "GBP") == 1_000
    assert not Transfer.objects.filter(reference="p").exists()


def test_a_payment_asked_for_again_is_given_even_when_the_money_is_gone(cast: Cast) -> None:
    top_up(cast.bright_home, 1_000, "GBP", key="one", by=cast.admin)
    assert pay(cast, 1_000, "p").pk == pay(cast, 1_000, "p").pk
    assert balance_of(cast.northwind, "GBP") == 1_000


def test_moves_must_balance(cast: Cast) -> None:
    lopsided = [Move(OUTSIDE, None, -5), Move(BALANCE, cast.bright_home.pk, 4)]
    for moves in (lopsided, []):
        with pytest.raises(Unbalanced), transaction.atomic():
            transfer(TransferKind.TOP_UP, "u", moves, "GBP", by=None)


def test_statements_are_paged(cast: Cast) -> None:
    for number in range(7):
        top_up(cast.bright_home, 100 + number, "GBP", key=str(number), by=cast.admin)
    (account,) = accounts_of(cast.bright_home)
    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        page = statement_of(account, cursor=cursor, size=3)
        seen += [row.amount_minor for row in page.rows]
        cursor = page.older
    assert seen == [106, 105, 104, 103, 102, 101, 100]


def check_now() -> None:
    """Have deferred constraints checked before the test's transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def post_wrongly(amounts: dict[Account, int]) -> None:
    """Past the capability, as a bug would."""
    made = Transfer.objects.create(kind=TransferKind.CORRECTION, reference="wrong")
    for account, amount in amounts.items():
        Posting.objects.create(
            transfer=made, account=account, amount_minor=amount, balance_minor=amount
        )
    check_now()


@pytest.mark.parametrize("amounts", [(-5, 4), (5,), ()])
def test_the_database_refuses_what_does_not_sum_to_zero(cast: Cast, amounts: list[int]) -> None:
    accounts = [
        Account.objects.create(kind=OUTSIDE, currency="GBP"),
        Account.objects.create(kind=EARNINGS, party=cast.northwind, currency="GBP"),
    ]
    with pytest.raises(IntegrityError, match="sum to"), transaction.atomic():
        post_wrongly(dict(zip(accounts, amounts, strict=False)))


def test_the_database_refuses_two_currencies(cast: Cast) -> None:
    pounds = Account.objects.create(kind=OUTSIDE, currency="GBP")
    euros = Account.objects.create(kind=EARNINGS, party=cast.northwind, currency="EUR")
    with pytest.raises(IntegrityError, match="2 currencies"), transaction.atomic():
        post_wrongly({pounds: -5, euros: 5})


def test_what_has_moved_is_never_changed_or_deleted(cast: Cast) -> None:
    made = top_up(cast.bright_home, 5_000, "GBP", key="one", by=cast.admin)
    changes: list[Callable[[], object]] = [
        lambda: Transfer.objects.filter(pk=made.pk).update(note="other"),
        lambda: Posting.objects.filter(transfer=made).update(amount_minor=1),
        lambda: Posting.objects.filter(transfer=made).delete(),
    ]
    for change in changes:
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            change()


class TheLedger(TestCase):
    """Whatever is moved, and however often, it all sums to zero."""

    @given(
        moves=some.lists(
            some.tuples(
                some.sampled_from(["top up", "pay", "refund"]),
                some.integers(0, 1),
                some.integers(0, 1),
                some.integers(1, 1_000),
                some.integers(0, 12),
            ),
            max_size=20,
        )
    )
    def test_always_sums_to_zero(self, moves: list[tuple[str, int, int, int, int]]) -> None:
        sellers = [Party.objects.create(kind=PartyKind.SELLER, name=str(n)) for n in range(2)]
        suppliers = [Party.objects.create(kind=PartyKind.SUPPLIER, name=str(n)) for n in range(2)]
        expected = {party.pk: 0 for party in (*sellers, *suppliers)}
        known: set[str] = set()
        for what, one, other, amount, number in moves:
            seller, supplier = sellers[one].pk, suppliers[other].pk
            reference = f"{what} {number} {one} {other} {amount}"
            steps = {
                "top up": [Move(OUTSIDE, None, -amount), Move(BALANCE, seller, amount)],
                "pay": [Move(BALANCE, seller, -amount), Move(EARNINGS, supplier, amount)],
                "refund": [Move(EARNINGS, supplier, -amount), Move(BALANCE, seller, amount)],
            }[what]
            enough = what != "pay" or expected[seller] >= amount or reference in known
            try:
                transfer(TransferKind.CORRECTION, reference, steps, "GBP", by=None)
            except Overdrawn as refused:
                lacking = refused.lacking_minor
            else:
                lacking = 0
            assert lacking == (0 if enough else amount - expected[seller])
            if lacking:
                continue
            if reference not in known:
                for step in steps:
                    if step.party_id:
                        expected[step.party_id] += step.amount_minor
            known.add(reference)
        check_now()
        assert {party: balance_of(party, "GBP") for party in expected} == expected
        assert (Account.objects.aggregate(all=Sum("balance_minor"))["all"] or 0) == 0
        for account in Account.objects.all():
            posted = account.postings.order_by("id")
            assert (posted.aggregate(all=Sum("amount_minor"))["all"] or 0) == account.balance_minor
            last = posted.last()
            assert last is None or last.balance_minor == account.balance_minor
            assert account.kind != BALANCE or account.balance_minor >= 0


@pytest.mark.django_db(transaction=True)
def test_many_at_once_never_overdraw_a_balance(transactional_db: None, cast: Cast) -> None:
    top_up(cast.bright_home, 1_000, "GBP", key="one", by=cast.admin)
    outcomes: list[str] = []

    def spend(number: int) -> None:
        for turn in range(5):
            try:
                pay(cast, 90, f"p{number}-{turn}")
                outcomes.append("paid")
            except Overdrawn:
                outcomes.append("refused")

    assert not failures(all_at_once(partial(spend, number) for number in range(8)))
    assert (outcomes.count("paid"), outcomes.count("refused")) == (11, 29)
    assert balance_of(cast.bright_home, "GBP") == 10
    assert balance_of(cast.northwind, "GBP") == 990


@pytest.mark.django_db(transaction=True)
def test_one_top_up_asked_for_many_times_at_once_is_one(transactional_db: None, cast: Cast) -> None:
    def put() -> None:
        top_up(cast.bright_home, 700, "GBP", key="same", by=cast.admin)

    assert not failures(crowd(6, put))
    assert balance_of(cast.bright_home, "GBP") == 700
    assert Transfer.objects.count() == 1
