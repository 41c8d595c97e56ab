"""The pages of the help centre: its first one, a collection, an article."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from parley.help_centre.addressing import address_of, languages
from parley.help_centre.finding import search
from parley.help_centre.missing import note_missed
from parley.help_centre.opining import opinion_of
from parley.help_centre.reading import Link, Reading, on_shelf, popular, read, shelf, shelves
from parley.help_centre.roles import may_write
from parley.web.help.searching import LONGEST, SHOWN, may_search
from parley.web.help.showing import reader_of, show


@require_safe
def front(request: HttpRequest) -> HttpResponseBase:
    """To the first page in the reader's language."""
    asked = translation.get_language() or ""
    response = redirect(address_of(asked if asked in languages() else languages()[0]))
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@require_safe
def home(request: HttpRequest, language: str) -> HttpResponseBase:
    """The first page: `help/home.html`; with `q`, what is found for it.

    Context: `shelves`, `popular`, `query`, `found` (None: nothing was searched for).
    """
    reader = reader_of(request)
    text = request.GET.get("q", "").strip()[:LONGEST]
    found = None
    if text and may_search(request):
        found = search(reader, text, language, SHOWN)
        if not found:
            note_missed(text, language)
    return show(
        request,
        "help/home.html",
        language,
        {
            "query": text,
            "found": found,
            "shelves": [] if found else shelves(reader, language),
            "popular": popular(reader, language) if found is None else [],
        },
    )


@require_safe
def page(request: HttpRequest, language: str, path: str) -> HttpResponseBase:
    """An article or a collection, whichever has this path; to another address where it has moved."""
    reading = read(reader_of(request), language, path)
    if reading is None:
        return _collection(request, language, path)
    if reading.moved_to is not None:
        return redirect(address_of(language, reading.article.path), permanent=True)
    return _article(request, language, reading)


def _article(request: HttpRequest, language: str, reading: Reading) -> HttpResponseBase:
    """`help/article.html`.

    Context: `reading`, `version`, `collection` (title, address), `before` and `after` (links, None at
    the ends), `original` (address), `opinion` (the reader's own, or None), `thanks` (they have just
    given one), `may_edit`.
    """
    reader = reader_of(request)
    article = reading.article
    beside = on_shelf(reader, language, article.collection_id)
    before, after = _neighbours(beside, article.path)
    collection = article.collection
    context = {
        "reading": reading,
        "version": reading.version,
        "contents": [one for one in reading.version.headings if one[0] <= 3],
        "collection": {
            "title": reading.collection,
            "address": address_of(language, collection.slug),
        }
        if collection.slug
        else None,
        "before": before,
        "after": after,
        "opinion": opinion_of(reader, article.pk, reading.language) if reader else None,
        "original": address_of(languages()[0], article.path),
        "thanks": "thanks" in request.GET,
        "may_edit": reader is not None and may_write(reader),
    }
    return show(
        request,
        "help/article.html",
        language,
        context,
        path=article.path,
        written_in=reading.languages,
    )


def _collection(request: HttpRequest, language: str, slug: str) -> HttpResponseBase:
    """`help/collection.html`. Context: `shelf`, `articles`."""
    found = shelf(reader_of(request), language, slug)
    if found is None:
        raise Http404
    context = {"shelf": found[0], "articles": found[1]}
    return show(request, "help/collection.html", language, context, path=slug)


def _neighbours(links: list[Link], path: str) -> tuple[Link | None, Link | None]:
    paths = [link.path for link in links]
    if path not in paths:
        return None, None
    place = paths.index(path)
    before = links[place - 1] if place else None
    return before, links[place + 1] if place + 1 < len(links) else None
