"""Views that are for suppliers, or for sellers, alone; for anybody else they do not exist."""

from __future__ import annotations

from parley.parties.models import PartyKind
from parley.web.reader import View, only_for


def supplier_only(view: View) -> View:
    """The view is for suppliers' people."""
    return only_for(lambda reader: reader.party.kind == PartyKind.SUPPLIER, view)


def seller_only(view: View) -> View:
    """The view is for sellers' people."""
    return only_for(lambda reader: reader.party.kind == PartyKind.SELLER, view)
