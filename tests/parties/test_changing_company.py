"""What stands of a company on papers, and who may change it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cast import Cast
from parley.journal.models import Entry
from parley.parties.changing_company import (
    CompanyDetails,
    CompanyRefused,
    NotTheirs,
    _problems,
    _tidied,
    change_company,
    lacks_for_invoices,
    may_change_company,
)
from parley.parties.models import Party

LEEDS = CompanyDetails(
    legal_name="  Northwind   Supply Limited ",
    address=" Unit 12,  Weir Park \r\n\r\nLeeds\nLS11 8QB\n",
    country="gb",
    vat_number="gb 4477 127 82",
)


def test_it_is_kept_tidily_and_journalled_with_before_and_after(cast: Cast) -> None:
    change_company(LEEDS, by=cast.supplier)
    party = Party.objects.get(pk=cast.northwind.pk)
    assert (party.legal_name, party.country) == ("Northwind Supply Limited", "GB")
    assert party.address == "Unit 12, Weir Park\nLeeds\nLS11 8QB"
    assert party.vat_number == "GB447712782"
    change_company(CompanyDetails(address=party.address, country="IE"), by=cast.supplier)
    entry = Entry.objects.filter(kind="CompanyChanged").latest("id")
    assert (entry.subject, entry.person_id) == (f"party:{party.pk}", cast.supplier.person_id)
    assert entry.data["fields"] == {
        "legal_name": ["Northwind Supply Limited", ""],
        "country": ["GB", "IE"],
        "vat_number": ["GB447712782", ""],
    }


def test_what_is_the_same_is_not_journalled(cast: Cast) -> None:
    for _ in range(2):
        change_company(LEEDS, by=cast.supplier)
    assert Entry.objects.filter(kind="CompanyChanged").count() == 1


def test_owners_change_their_own_and_administrators_the_operators(cast: Cast) -> None:
    may = {name for name, who in cast.everybody.items() if may_change_company(who)}
    assert may == {"seller", "other_seller", "supplier", "other_supplier", "admin"}
    for name in set(cast.everybody) - may:
        with pytest.raises(NotTheirs):
            change_company(LEEDS, by=cast.everybody[name])
    assert not Party.objects.exclude(vat_number="").exists()
    change_company(LEEDS, by=cast.admin)
    assert Party.objects.exclude(vat_number="").get() == cast.operator


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"legal_name": "x" * 201}, "legal_name"),
        ({"address": "\n".join("abcdefg"), "country": "GB"}, "address"),
        ({"address": "x" * 101, "country": "GB"}, "address"),
        ({"address": "Leeds"}, "country"),
        ({"country": "Narnia"}, "country"),
        ({"country": "QQ"}, "country"),
        ({"vat_number": "GB1"}, "vat_number"),
        ({"vat_number": "GB123456789012345"}, "vat_number"),
        ({"vat_number": "GB-123456789"}, "vat_number"),
        ({"vat_number": "ГБ123456789"}, "vat_number"),
    ],
)
def test_what_can_not_stand_so_is_refused_whole(
    cast: Cast, typed: dict[str, Any], field: str
) -> None:
    with pytest.raises(CompanyRefused) as refused:
        change_company(CompanyDetails(**{"legal_name": "Kept out", **typed}), by=cast.supplier)
    assert set(refused.value.problems) == {field}
    assert not Party.objects.exclude(legal_name="").exists()


@given(
    st.builds(CompanyDetails, **dict.fromkeys(("legal_name", "address", "vat_number"), st.text()))
)
def test_tidying_again_changes_nothing_and_never_fails(typed: CompanyDetails) -> None:
    once = _tidied(typed)
    assert _tidied(once) == once
    assert all(isinstance(words, str) for words in _problems(once).values())


def test_an_invoice_lacks_something_without_address_or_number() -> None:
    assert lacks_for_invoices(Party(address="Leeds"))
    assert lacks_for_invoices(Party(vat_number="GB447712782"))
    assert not lacks_for_invoices(Party(address="Leeds", vat_number="GB447712782"))
