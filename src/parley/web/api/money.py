"""Money for programs: one's balance, and invoices and credit notes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from django.http import HttpResponse
from ninja import Path, Query, Router
from pydantic import BaseModel, Field

from parley.ledger.balances import accounts_of
from parley.ledger.models import Account
from parley.ledger.money import plain
from parley.orders.access import invoices_visible_to
from parley.orders.models import Invoice as InvoiceRow
from parley.orders.models import InvoiceKind
from parley.orders.papers.printing import pdf_of
from parley.postgres.keysets import Keyset
from parley.web.api.addresses import number_of
from parley.web.api.auth import ApiRequest
from parley.web.api.paging import LINKED, Leafing, link_pages, only_known
from parley.web.api.problems import not_found, refusals
from parley.web.api.shapes import PartyRef, address_of, one_of

router = Router(tags=["money"])

InvoiceKey = Annotated[
    str,
    Path(..., description="the invoice's id", example="71"),
    Field(json_schema_extra={"pattern": "^[0-9]{1,18}$"}),
]
Amount = Annotated[str, Field(examples=["27.60"], description="in the currency, with a point")]
Currency = Annotated[str, Field(examples=["GBP"], description="ISO 4217")]


class Balance(BaseModel):
    """What a seller can pay orders with, or a supplier has earned."""

    currency: Currency
    amount: Amount

    @classmethod
    def of(cls, account: Account) -> Self:
        return cls(currency=account.currency, amount=plain(account.balance_minor, account.currency))


class Balances(BaseModel):
    data: list[Balance]


class Invoice(BaseModel):
    """An invoice of a supplier to a seller, or a credit note that corrects one."""

    id: int
    kind: Annotated[str, one_of(InvoiceKind.values)]
    number: str = Field(examples=["NS-000012"])
    corrects: int | None = Field(description="the invoice that a credit note corrects")
    issued_at: datetime
    order_number: int | None
    supplier: PartyRef
    seller: PartyRef
    currency: Currency
    net: Amount
    vat: Amount
    total: Amount
    pdf: str = Field(description="where it is had as a PDF")

    @classmethod
    def of(cls, row: InvoiceRow) -> Self:
        return cls(
            id=row.pk,
            kind=row.kind,
            number=row.shown_number,
            corrects=row.corrects_id,
            issued_at=row.issued_at,
            order_number=row.parties["order"]["number"],
            supplier=PartyRef.of(row.supplier),
            seller=PartyRef.of(row.seller),
            currency=row.currency,
            net=plain(row.net_minor, row.currency),
            vat=plain(row.vat_minor, row.currency),
            total=plain(row.total_minor, row.currency),
            pdf=address_of(f"/invoices/{row.pk}/pdf"),
        )


class Invoices(BaseModel):
    data: list[Invoice]
    next: str | None = None
    previous: str | None = None


@router.get(
    "/balances",
    response={200: Balances, **refusals()},
    operation_id="balances",
    summary="What one has",
)
def balances(request: ApiRequest) -> Balances:
    """The balance of one's own party in each currency; the operator has none."""
    accounts = [] if request.auth.is_operator else accounts_of(request.auth.party)
    return Balances(data=[Balance.of(account) for account in accounts])


@router.get(
    "/invoices",
    response={200: Invoices, **refusals()},
    operation_id="invoices",
    summary="Invoices and credit notes",
    openapi_extra=LINKED,
)
def invoices(request: ApiRequest, response: HttpResponse, wanted: Query[Leafing]) -> Invoices:
    """Those that one's party gave or got, the latest first; for the operator, all of them."""
    only_known(request, "cursor", "limit")
    fields = ("id",) if request.auth.is_operator else ("issued_at", "id")
    keyset = Keyset(fields, wanted.cursor, wanted.limit)
    visible = invoices_visible_to(request.auth).select_related("supplier", "seller").defer("lines")
    page = keyset.page(list(keyset.cut(visible)))
    link_pages(request, response, "/invoices", next=page.older, prev=page.newer)
    data = [Invoice.of(row) for row in page.rows]
    return Invoices(data=data, next=page.older, previous=page.newer)


@router.get(
    "/invoices/{invoice}/pdf",
    response={200: None, **refusals()},
    operation_id="invoice_pdf",
    summary="Get an invoice as a PDF",
    openapi_extra={
        "responses": {
            200: {
                "description": "the PDF, in one's language",
                "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
            }
        }
    },
)
def invoice_pdf(request: ApiRequest, invoice: InvoiceKey) -> HttpResponse:
    """An invoice or credit note that one may see, in the language of the token's person."""
    found = invoices_visible_to(request.auth).filter(pk=number_of(invoice)).first()
    if found is None:
        raise not_found()
    made = pdf_of(found, request.auth.person.language)
    return HttpResponse(made, content_type="application/pdf")
