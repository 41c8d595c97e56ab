"""The ledger and the invoices of the demo while it is lived through, and their rows.

Money moves here as `ledger.transferring` moves it, and papers are numbered as `orders.invoicing` does.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from parley.demo.casting import Actor, Cast
from parley.demo.copying import NULL, Numbering, Table, escaped
from parley.demo.trade.deals import Deal, Part
from parley.ledger.models import (
    Account,
    AccountKind,
    Payment,
    PaymentState,
    Posting,
    Transfer,
    TransferKind,
)
from parley.ledger.paying import BALANCE
from parley.orders.invoicing import on_paper, prefix_of, shown
from parley.orders.models import Invoice, InvoiceKind, InvoiceSeries
from parley.parties.models import PartyKind

CURRENCY = "GBP"
Lines = Sequence[dict[str, Any]]


class Ledger:
    """Accounts, and what moved between them."""

    def __init__(self, cast: Cast) -> None:
        kinds = {PartyKind.SELLER: AccountKind.BALANCE, PartyKind.SUPPLIER: AccountKind.EARNINGS}
        made = [Account(kind=AccountKind.OUTSIDE, party=None, currency=CURRENCY)]
        made += [
            Account(kind=kinds[PartyKind(one.written.kind)], party=one.party, currency=CURRENCY)
            for one in cast.companies
            if one.written.kind in kinds
        ]
        Account.objects.bulk_create(made)
        self._accounts = {account.party_id: account for account in made}
        self._transfers, self._transfer_ids = Table(Transfer), Numbering(Transfer)
        self._postings, self._posting_ids = Table(Posting), Numbering(Posting)
        self._payments, self._payment_ids = Table(Payment), Numbering(Payment)

    def balance_of(self, party: int) -> int:
        return self._accounts[party].balance_minor

    def top_up(self, party: int, amount: int, at: datetime, by: Actor, note: str) -> int:
        """Money comes in; gives the transfer's id."""
        reference = f"top-up:{at:%Y%m%d%H%M%S}-{party}"
        moves = [(None, -amount), (party, amount)]
        return self._transfer(TransferKind.TOP_UP, reference, moves, at, by=by, note=note)

    def pay(self, deal: Deal, at: datetime) -> None:
        """A seller pays for an order out of its balance."""
        shares = [(part.supplier_id, part.total_minor) for part in deal.parts]
        moves = [(deal.seller_id, -deal.cost_minor), *shares]
        self._transfer(TransferKind.PAYMENT, f"payment:{deal.id}", moves, at, order=deal.id)
        deal.payment = next(self._payment_ids)

    def give_back(self, deal: Deal, part: Part, amount: int, at: datetime, by: Actor) -> None:
        """A supplier's earnings fall again, and the seller's balance grows."""
        reference = f"refund:{deal.id}:{deal.standing.refunded_minor}"
        moves = [(part.supplier_id, -amount), (deal.seller_id, amount)]
        self._transfer(TransferKind.REFUND, reference, moves, at, by=by, order=deal.id)

    def keep_payment(self, deal: Deal) -> None:
        """The row of how an order was paid, once nothing more happens to it."""
        self._payments.add(
            self._payment(deal, PaymentState.PAID)
            | {
                "id": deal.payment,
                "settled_at": deal.paid_at.isoformat() if deal.paid_at else NULL,
                "created_at": deal.paid_at.isoformat() if deal.paid_at else NULL,
                "amount_minor": deal.standing.paid_minor,
                "refunded_minor": deal.standing.refunded_minor,
            }
        )

    def keep_failure(self, deal: Deal, at: datetime, provider: str, reason: str) -> None:
        """The row of a payment that a provider could not take."""
        self._payments.add(
            self._payment(deal, PaymentState.FAILED)
            | {
                "id": next(self._payment_ids),
                "provider": provider,
                "created_at": at.isoformat(),
                "settled_at": at.isoformat(),
                "amount_minor": deal.cost_minor,
                "reason": reason,
            }
        )

    def write(self) -> None:
        """Write all rows, and what the accounts hold in the end."""
        Account.objects.bulk_update(self._accounts.values(), ["balance_minor"])
        for table in (self._transfers, self._postings, self._payments):
            table.copy()
        for ids in (self._transfer_ids, self._posting_ids, self._payment_ids):
            ids.close()

    def _payment(self, deal: Deal, state: PaymentState) -> dict[str, Any]:
        return {
            "order_id": deal.id,
            "party_id": deal.seller_id,
            "provider": BALANCE.key,
            "currency": CURRENCY,
            "state": state.value,
        }

    def _transfer(
        self,
        kind: TransferKind,
        reference: str,
        moves: Sequence[tuple[int | None, int]],
        at: datetime,
        *,
        by: Actor | None = None,
        order: int | None = None,
        note: str = "",
    ) -> int:
        transfer = next(self._transfer_ids)
        self._transfers.add(
            {
                "id": transfer,
                "at": at.isoformat(),
                "kind": kind.value,
                "reference": reference,
                "note": escaped(note),
                "order_id": NULL if order is None else order,
                "person_id": by.membership.person_id if by else NULL,
            }
        )
        for party, amount in moves:
            account = self._accounts[party]
            account.balance_minor += amount
            self._postings.add(
                {
                    "id": next(self._posting_ids),
                    "transfer_id": transfer,
                    "account_id": account.pk,
                    "amount_minor": amount,
                    "balance_minor": account.balance_minor,
                }
            )
        return transfer


class Papers:
    """Invoices and credit notes, numbered without gaps."""

    def __init__(self) -> None:
        self._invoices, self._ids = Table(Invoice), Numbering(Invoice)
        self._last: dict[tuple[int, InvoiceKind], int] = defaultdict(int)
        self._suppliers: dict[int, str] = {}

    def issue(
        self,
        deal: Deal,
        part: Part,
        kind: InvoiceKind,
        lines: Lines,
        *,
        at: datetime,
        reason: str = "",
    ) -> tuple[int, str]:
        """Issue one; gives its id and its number as shown."""
        party = part.supplier.party
        self._suppliers[party.pk] = party.name
        self._last[party.pk, kind] += 1
        number = self._last[party.pk, kind]
        corrects = part.invoice if kind is InvoiceKind.CREDIT_NOTE else None
        paper, shown_number = next(self._ids), shown(prefix_of(party.name, kind), number)
        parties = {
            "supplier": on_paper(party),
            "seller": on_paper(deal.shop.company.party),
            "order": {"number": deal.number, "channel_number": deal.channel_number},
            "corrects": part.invoice_number if corrects else "",
            "reason": reason,
        }
        self._invoices.add(
            {
                "id": paper,
                "consignment_id": part.id,
                "kind": kind.value,
                "supplier_id": party.pk,
                "seller_id": deal.seller_id,
                "number": number,
                "shown_number": shown_number,
                "corrects_id": corrects or NULL,
                "issued_at": at.isoformat(),
                "currency": CURRENCY,
                "net_minor": sum(line["net_minor"] for line in lines),
                "vat_minor": sum(line["vat_minor"] for line in lines),
                "lines": escaped(json.dumps(list(lines), ensure_ascii=False)),
                "parties": escaped(json.dumps(parties, ensure_ascii=False)),
            }
        )
        return paper, shown_number

    def write(self) -> None:
        """Write all rows, and how far each supplier has numbered."""
        InvoiceSeries.objects.bulk_create(
            InvoiceSeries(
                supplier_id=supplier,
                kind=kind,
                prefix=prefix_of(self._suppliers[supplier], kind),
                last=last,
            )
            for (supplier, kind), last in self._last.items()
        )
        self._invoices.copy()
        self._ids.close()
