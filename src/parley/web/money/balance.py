"""A party's balance and how it came to that; for the operator, those of all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from parley.ledger.balances import accounts_of, balances_of, holder, holders, statement_of
from parley.ledger.models import Account, Posting
from parley.ledger.topping_up import may_top_up
from parley.orders.access import orders_visible_to
from parley.orders.settling_again import waiting_for_money
from parley.parties.models import Membership, Party, PartyKind
from parley.postgres.keysets import CursorUnreadable, Page
from parley.web.filtering import address, number_in
from parley.web.money.topping_up import empty_form
from parley.web.portal.company import lacks_details
from parley.web.reader import SignedInRequest, signed_in

USUAL_CURRENCY = "GBP"
PAGE = 50


@require_GET
@signed_in
def balance(request: SignedInRequest) -> HttpResponseBase:
    """The reader's own balance, `money/balance.html` (`_statement.html` for htmx).

    The operator gets the list of all parties, `money/parties.html`. Context: `statement_context`, or
    `parties` (pairs of party and accounts), `kind`, `query`, `after` (the next page's, or None).
    """
    if request.reader.is_operator:
        return _parties(request)
    return statement_page(request, request.reader.party)


@require_GET
@signed_in
def party(request: SignedInRequest, party: int) -> HttpResponseBase:
    """The balance of a seller, or the earnings of a supplier, for the operator."""
    return statement_page(request, party_of(request, party))


def party_of(request: SignedInRequest, key: int) -> Party:
    """A seller or supplier that the operator looks at. Raises Http404, for others too."""
    found = holder(request.reader, key)
    if found is None:
        raise Http404
    return found


def statement_page(
    request: SignedInRequest, of: Party, *, form: dict[str, Any] | None = None, status: int = 200
) -> HttpResponseBase:
    """The page of a party's money. `form` is the top-up as it was typed, with what is wrong with it."""
    context = statement_context(request, of)
    template = "money/_statement.html" if request.htmx else "money/balance.html"
    if of.kind == PartyKind.SELLER and may_top_up(request.reader):
        context["form"] = form or empty_form(context["currency"])
    return render(request, template, context, status=status)


def statement_context(request: SignedInRequest, of: Party) -> dict[str, Any]:
    """What the statement's template is given.

    `party`, `own` (whether it is the reader's), `accounts`, `account` (the one shown, or None),
    `lacks_details`, `currency`, `rows` (pairs of posting and order, if it may be seen), `older`,
    `newer`, `at`, `here`, `waiting` (how many of one's own orders lack money, and what they cost), `form`
    (None). Raises Http404 for a cursor nobody gave.
    """
    accounts = sorted(accounts_of(of), key=lambda one: one.currency != USUAL_CURRENCY)
    account = _chosen(accounts, request.GET.get("currency", ""))
    page = _page(account, request.GET.get("cursor", ""))
    currency = account.currency if account else USUAL_CURRENCY
    own = of.pk == request.reader.party_id
    waiting = waiting_for_money(of.pk) if own and of.kind == PartyKind.SELLER else {}
    orders = _orders(request.reader, page.rows)
    at = _address(request, of)
    return {
        "lacks_details": own and lacks_details(request.reader),
        "party": of,
        "own": own,
        "accounts": accounts,
        "account": account,
        "currency": currency,
        "rows": [(posting, orders.get(posting.transfer.order_id)) for posting in page.rows],
        "older": _there(request, at, currency, page.older),
        "newer": _there(request, at, currency, page.newer),
        "at": at,
        "here": at + address(request.GET, currency=currency, cursor=request.GET.get("cursor")),
        "waiting": waiting.get(currency),
        "form": None,
    }


def _chosen(accounts: list[Account], currency: str) -> Account | None:
    named = [account for account in accounts if account.currency == currency]
    usual = [account for account in accounts if account.currency == USUAL_CURRENCY]
    return next(iter(named or usual or accounts), None)


def _page(account: Account | None, cursor: str) -> Page[Posting]:
    if account is None:
        return Page((), None, None)
    try:
        return statement_of(account, cursor=cursor)
    except CursorUnreadable:
        raise Http404 from None


def _address(request: SignedInRequest, of: Party) -> str:
    """Where the statement stands, whatever address it was asked for by: a top-up shows it, too."""
    if request.reader.is_operator:
        return reverse("money:party", args=[of.pk])
    return reverse("money:balance")


def _there(request: SignedInRequest, at: str, currency: str, cursor: str | None) -> str | None:
    return at + address(request.GET, currency=currency, cursor=cursor) if cursor else None


def _orders(reader: Membership, rows: Iterable[Posting]) -> dict[int | None, Any]:
    """The orders of these rows that the reader may open, by id: a number to show for each."""
    keys = {row.transfer.order_id for row in rows if row.transfer.order_id is not None}
    if not keys:
        return {}
    found = orders_visible_to(reader).filter(pk__in=keys).only("id", "number", "channel_number")
    return {order.pk: order for order in found}


def _parties(request: SignedInRequest) -> HttpResponseBase:
    kind = PartyKind.SUPPLIER if request.GET.get("kind") == PartyKind.SUPPLIER else PartyKind.SELLER
    query = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    found = holders(kind, named=query, after=number_in(request.GET.get("after")))
    rows = list(found[: PAGE + 1])
    accounts = balances_of([one.pk for one in rows[:PAGE]])
    context = {
        "parties": [(one, accounts.get(one.pk, [])) for one in rows[:PAGE]],
        "kind": kind,
        "query": query,
        "older": _further(request, kind, rows[PAGE - 1]) if len(rows) > PAGE else None,
    }
    return render(request, "money/parties.html", context)


def _further(request: SignedInRequest, kind: str, last: Party) -> str:
    return address(request.GET, kind=kind, after=str(last.pk))
