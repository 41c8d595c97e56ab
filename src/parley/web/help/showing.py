"""How a page of the help centre is shown: in the language of its address, and kept by browsers a while."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from lucide import IconDoesNotExist

from parley.help_centre.addressing import address_of, languages
from parley.parties.access import operator
from parley.parties.models import Membership, Party
from parley.web.jinja import icon

KEPT_FOR = 60
"""Seconds for which a stranger's page may be kept without asking; then it is asked for by its mark."""
USUAL_ICON = "book-open"


class LanguageConverter:
    """One of the languages that the help centre is in, as a part of an address."""

    regex = "|".join(code for code, _name in settings.LANGUAGES)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def reader_of(request: HttpRequest) -> Membership | None:
    """Who reads; None for a stranger."""
    reader: Membership | None = getattr(request, "reader", None)
    return reader


def show(
    request: HttpRequest,
    template: str,
    language: str,
    context: Mapping[str, Any],
    *,
    path: str = "",
    written_in: tuple[str, ...] | None = None,
) -> HttpResponseBase:
    """The page. For a stranger it is all in `language`; whoever is signed in keeps their own around it.

    `path` is what the address names in each language; `written_in` are those that it is written in.
    """
    reader = reader_of(request)
    whole = {
        **context,
        "place": "help",
        "article_language": language,
        "face": face,
        "operator_name": _operator_name() if reader is None else "",
        "canonical_path": address_of(language, path),
        "canonical": absolute(address_of(language, path)),
        "versions": [
            {"code": code, "name": name, "address": address_of(code, path)}
            for code, name in settings.LANGUAGES
        ],
        "alternates": [
            {"code": code, "address": absolute(address_of(code, path))}
            for code in (languages() if written_in is None else written_in)
        ],
    }
    if reader is not None:
        return render(request, template, whole)
    with translation.override(language):
        response = render(request, template, whole)
    response.headers["Content-Language"] = language
    return kept_by_browsers(request, response)


def kept_by_browsers(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """A stranger's answer, which browsers and proxies may keep; whoever signs in gets another."""
    response.headers["Cache-Control"] = f"public, max-age={KEPT_FOR}, stale-while-revalidate=600"
    patch_vary_headers(response, ["Cookie"])
    response.headers["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    return get_conditional_response(request, response.headers["ETag"], None, response) or response


def absolute(address: str) -> str:
    """An address of this site with its host."""
    return f"{settings.PUBLIC_URL}{address}"


@cache
def face(name: str) -> str:
    """The icon of that name where there is one, else a usual one: it may come from a file."""
    try:
        icon(name)
    except IconDoesNotExist:
        return USUAL_ICON
    return name


def _operator_name() -> str:
    try:
        return operator().name
    except Party.DoesNotExist:
        return "Parley"
