"""Whom the pages of channels are for: sellers' people, and the operator's to look."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponseBase

from parley.channels.access import has_channels, may_manage, shown_channels_of
from parley.orders.models import Channel
from parley.web.reader import SignedInRequest, signed_in

View = Callable[..., HttpResponseBase]


def with_channels(view: View) -> View:
    """The view is for sellers' people and the operator's; for suppliers there is no such thing."""
    return _guarded(view, lambda request: has_channels(request.reader))


def owners_only(view: View) -> View:
    """The view is for a seller's owners."""
    return _guarded(view, lambda request: may_manage(request.reader))


def _guarded(view: View, may: Callable[[SignedInRequest], bool]) -> View:
    @signed_in
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may(cast(SignedInRequest, request)):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def channel_of(request: SignedInRequest, key: int) -> Channel:
    """A channel that the reader may look at. Raises Http404."""
    found = shown_channels_of(request.reader).filter(pk=key).first()
    if found is None:
        raise Http404
    return found
