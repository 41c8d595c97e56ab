"""The sites, one of them, and its secret, which is shown once and never again."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parley.messenger.keeping_sites import (
    SiteRefused,
    change_site,
    make_site,
    may_keep_sites,
    rotate_secret,
    secrets_of,
    sites_of,
)
from parley.messenger.models import Site
from parley.web.reader import SignedInRequest, View, only_for


def keepers_only(view: View) -> View:
    """The view is for those who keep the sites."""
    return only_for(may_keep_sites, view)


@require_http_methods(["GET", "POST"])
@keepers_only
def sites(request: SignedInRequest) -> HttpResponseBase:
    """The list: `sites/sites.html`; posted, it has one more, whose secret is shown.

    Context: `sites`, `typed` (name, origins, trusted), `problems` (field → words).
    """
    if request.method == "GET":
        return _list(request)
    typed = _typed(request)
    try:
        made, secret = make_site(
            typed["name"],
            typed["origins"].splitlines(),
            by=request.reader,
            trusted=typed["trusted"],
        )
    except SiteRefused as refusal:
        return _list(request, typed, refusal.problems)
    return _page(request, made, secret=secret)


@require_http_methods(["GET", "POST"])
@keepers_only
def site(request: SignedInRequest, key: int) -> HttpResponseBase:
    """One site: `sites/site.html`; posted, it is changed.

    Context: `site`, `typed`, `problems`, `secret` (the one just made, or empty), `snippet` (the tag
    to copy), `overlaps` (whether an old secret counts still).
    """
    found = _site(request, key)
    if request.method == "GET":
        return _page(request, found)
    typed = _typed(request)
    try:
        change_site(
            key,
            by=request.reader,
            name=typed["name"],
            origins=typed["origins"].splitlines(),
            trusted=typed["trusted"],
            active=request.POST.get("active") == "on",
        )
    except SiteRefused as refusal:
        return _page(request, found, typed=typed, problems=refusal.problems)
    messages.success(request, _("Saved."))
    return redirect("sites:site", key)


@require_POST
@keepers_only
def secret(request: SignedInRequest, key: int) -> HttpResponseBase:
    """A new secret in place of the old one; with `at_once`, that counts no more from now on."""
    _site(request, key)
    at_once = request.POST.get("at_once") == "on"
    changed, made = rotate_secret(key, by=request.reader, at_once=at_once)
    return _page(request, changed, secret=made)


def _site(request: SignedInRequest, key: int) -> Site:
    found = sites_of(request.reader).filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def _typed(request: SignedInRequest) -> dict[str, Any]:
    return {
        "name": request.POST.get("name", ""),
        "origins": request.POST.get("origins", ""),
        "trusted": request.POST.get("trusted") == "on",
    }


def _list(
    request: SignedInRequest,
    typed: dict[str, Any] | None = None,
    problems: dict[str, str] | None = None,
) -> HttpResponse:
    context = {
        "sites": list(sites_of(request.reader)),
        "typed": typed or {"name": "", "origins": "", "trusted": False},
        "problems": problems or {},
    }
    return render(request, "sites/sites.html", context, status=422 if problems else 200)


def _page(
    request: SignedInRequest,
    site: Site,
    *,
    secret: str = "",
    typed: dict[str, Any] | None = None,
    problems: dict[str, str] | None = None,
) -> HttpResponse:
    shown = {"name": site.name, "origins": "\n".join(site.origins), "trusted": site.trusted}
    script = f"{settings.PUBLIC_URL}{reverse('messenger_script')}"
    context = {
        "site": site,
        "secret": secret,
        "typed": typed or shown,
        "problems": problems or {},
        "snippet": f'<script src="{script}" data-site="{site.key}" async></script>',
        "overlaps": len(secrets_of(site)) > 1,
    }
    return render(request, "sites/site.html", context, status=422 if problems else 200)
