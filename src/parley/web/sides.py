"""Views that are for suppliers, or for sellers, alone; for anybody else they do not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponseBase

from parley.parties.models import PartyKind
from parley.web.reader import SignedInRequest, signed_in

View = Callable[..., HttpResponseBase]


def supplier_only(view: View) -> View:
    """The view is for suppliers' people."""
    return _only(PartyKind.SUPPLIER, view)


def seller_only(view: View) -> View:
    """The view is for sellers' people."""
    return _only(PartyKind.SELLER, view)


def _only(kind: PartyKind, view: View) -> View:
    @signed_in
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if cast(SignedInRequest, request).reader.party.kind != kind:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
