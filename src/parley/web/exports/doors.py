"""Whom the pages of exports are for: suppliers' people, its owners to manage; the operator looks."""

from __future__ import annotations

from django.http import Http404

from parley.exports.access import exports_visible_to, may_look, may_manage, runs_visible_to
from parley.exports.models import Export, Run
from parley.web.reader import SignedInRequest, View, only_for


def with_exports(view: View) -> View:
    """The view is for suppliers' people and the operator's; for sellers there is no such thing."""
    return only_for(may_look, view)


def owners_only(view: View) -> View:
    """The view is for a supplier's owners."""
    return only_for(may_manage, view)


def export_of(request: SignedInRequest, key: int) -> Export:
    """An export that the reader may look at. Raises Http404."""
    found = exports_visible_to(request.reader).filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def run_of(request: SignedInRequest, key: int) -> Run:
    """A run that the reader may look at. Raises Http404."""
    found = runs_visible_to(request.reader).filter(pk=key).first()
    if found is None:
        raise Http404
    return found
