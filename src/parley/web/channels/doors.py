"""Whom the pages of channels are for: sellers' people, and the operator's to look."""

from __future__ import annotations

from django.http import Http404

from parley.channels.access import has_channels, may_manage, shown_channels_of
from parley.orders.models import Channel
from parley.web.reader import SignedInRequest, View, only_for


def with_channels(view: View) -> View:
    """The view is for sellers' people and the operator's; for suppliers there is no such thing."""
    return only_for(has_channels, view)


def owners_only(view: View) -> View:
    """The view is for a seller's owners."""
    return only_for(may_manage, view)


def channel_of(request: SignedInRequest, key: int) -> Channel:
    """A channel that the reader may look at. Raises Http404."""
    found = shown_channels_of(request.reader).filter(pk=key).first()
    if found is None:
        raise Http404
    return found
