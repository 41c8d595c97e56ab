"""Searching the help centre while one types (H2)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from parley.help_centre.addressing import first_language, languages
from parley.help_centre.finding import search
from parley.help_centre.missing import note_missed
from parley.messenger.limiting import SEARCHES_OF_ADDRESS, TooMany, spend
from parley.web.help.showing import reader_of
from parley.web.reader import address_of_caller

LONGEST = 200
SHOWN = 20
SUGGESTED = 7


@require_safe
def searching(request: HttpRequest) -> HttpResponseBase:
    """What is found for `q` in `language`: `help/_found.html`.

    `settled=1` says that the typing has come to an end: only then is what finds nothing counted.
    Context: `found`, `query`.
    """
    language = request.GET.get("language", "")
    language = language if language in languages() else first_language()
    text = request.GET.get("q", "")[:LONGEST]
    if not may_search(request):
        return HttpResponse(status=429, headers={"Retry-After": "10"})
    found = search(reader_of(request), text, language, SUGGESTED)
    if not found and request.GET.get("settled") == "1":
        note_missed(text, language)
    spoken = language if reader_of(request) is None else translation.get_language()
    with translation.override(spoken):
        response = render(request, "help/_found.html", {"found": found, "query": text.strip()})
    response.headers["Cache-Control"] = "private, max-age=30"
    patch_vary_headers(response, ["Cookie"])
    return response


def may_search(request: HttpRequest) -> bool:
    """Whether so many searches may come from this address."""
    try:
        spend("search", address_of_caller(request), SEARCHES_OF_ADDRESS)
    except TooMany:
        return False
    return True
