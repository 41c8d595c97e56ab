"""The operator puts money on a seller's balance: typed, asked once more in words, done once."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parley.ledger import topping_up
from parley.ledger.money import (
    AmountAmbiguous,
    AmountUnreadable,
    ambiguous_in_words,
    in_words,
    is_known,
    minor_in,
)
from parley.ledger.topping_up import NotToppedUp, may_top_up
from parley.ledger.transferring import ReferenceTaken
from parley.parties.models import Party, PartyKind
from parley.web.reader import SignedInRequest, signed_in

CURRENCIES = ("GBP", "EUR", "USD", "RUB")
LONGEST_NOTE = 200


def empty_form(currency: str) -> dict[str, Any]:
    """The form before anything is typed: `typed`, `problems`, `sure` (what is asked), `currencies`."""
    typed = {"amount": "", "currency": currency, "note": "", "key": str(uuid.uuid4())}
    return _form(typed)


@require_POST
@signed_in
def top_up(request: SignedInRequest, party: int) -> HttpResponseBase:
    """Put `amount` of `currency` on the seller's balance, with a `note`.

    Without `sure` it is asked for once more, in words, on the same page. `key` makes a form that is
    sent twice one top-up.
    """
    from parley.web.money.balance import party_of, statement_page

    seller = party_of(request, party)
    if not may_top_up(request.reader) or seller.kind != PartyKind.SELLER:
        raise Http404
    typed = _typed(request)
    try:
        amount = _amount(typed)
        if not request.POST.get("sure"):
            return statement_page(
                request, seller, form=_form(typed, sure=_sure(seller, amount, typed))
            )
        _put(request, seller, amount, typed)
    except _Wrong as wrong:
        return statement_page(
            request, seller, form=_form(typed, problems=wrong.problems), status=422
        )
    return redirect(
        reverse("money:party", args=[seller.pk]) + "?" + urlencode({"currency": typed["currency"]})
    )


class _Wrong(Exception):
    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(problems)
        self.problems = problems


def _typed(request: SignedInRequest) -> dict[str, str]:
    typed = {
        name: request.POST.get(name, "").replace("\x00", "").strip()
        for name in ("amount", "currency", "note", "key")
    }
    try:
        typed["key"] = str(uuid.UUID(typed["key"]))
    except ValueError:
        typed["key"] = str(uuid.uuid4())
    return typed


def _amount(typed: dict[str, str]) -> int:
    problems = {}
    if not is_known(typed["currency"]):
        raise _Wrong({"currency": _("Pick a currency.")})
    try:
        amount = minor_in(typed["amount"], typed["currency"])
    except AmountAmbiguous:
        raise _Wrong({"amount": ambiguous_in_words(typed["amount"])}) from None
    except AmountUnreadable:
        amount = 0
        problems["amount"] = _("Write an amount, such as 250 or 1,250.50.")
    if amount <= 0:
        problems.setdefault("amount", _("The amount must be more than nothing."))
    if len(typed["note"]) > LONGEST_NOTE:
        problems["note"] = _("Keep the note under %(most)s characters.") % {"most": LONGEST_NOTE}
    if problems:
        raise _Wrong(problems)
    return amount


def _put(request: SignedInRequest, seller: Party, amount: int, typed: dict[str, str]) -> None:
    try:
        topping_up.top_up(
            seller, amount, typed["currency"], key=typed["key"], by=request.reader,
            note=typed["note"],
        )  # fmt: skip
    except ReferenceTaken:
        typed["key"] = str(uuid.uuid4())
        raise _Wrong(
            {"amount": _("This form was sent before, with another amount: look at the statement.")}
        ) from None
    except NotToppedUp:
        raise _Wrong({"amount": _("So much can't be put on a balance at once.")}) from None
    messages.success(
        request,
        _("%(amount)s is on the balance of %(party)s. Orders that waited for it are being paid.")
        % {"amount": in_words(amount, typed["currency"]), "party": seller.name},
    )


def _sure(seller: Party, amount: int, typed: dict[str, str]) -> str:
    return _("Put %(amount)s on the balance of %(party)s?") % {
        "amount": in_words(amount, typed["currency"]),
        "party": seller.name,
    }


def _form(
    typed: dict[str, str], *, problems: dict[str, str] | None = None, sure: str = ""
) -> dict[str, Any]:
    currencies = dict.fromkeys((*CURRENCIES, typed["currency"]))
    return {
        "typed": typed,
        "problems": problems or {},
        "sure": sure,
        "currencies": [(currency, currency) for currency in currencies if is_known(currency)],
    }
