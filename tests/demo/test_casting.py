"""The demo's companies in a database that has had them before."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from parley.demo.casting import cast, cast_again
from parley.parties.models import Party, PartyKind

pytestmark = pytest.mark.django_db


def test_companies_of_before_get_what_stands_on_papers_and_others_keep_theirs() -> None:
    cast(datetime(2026, 5, 20, tzinfo=UTC))
    filled = Party.objects.get(name="Northwind Supply")
    Party.objects.update(legal_name="", address="", country="", vat_number="")
    Party.objects.filter(kind=PartyKind.OPERATOR).update(address="Typed Lane 1", country="GB")
    again = cast_again()
    assert again
    northwind = Party.objects.get(name="Northwind Supply")
    assert (northwind.address, northwind.vat_number) == (filled.address, filled.vat_number)
    assert Party.objects.get(kind=PartyKind.OPERATOR).address == "Typed Lane 1"
