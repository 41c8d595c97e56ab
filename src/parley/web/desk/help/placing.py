"""Where an article lies, for whom it is, and what stands beside it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parley.help_centre import placing
from parley.help_centre.addressing import PathUnfit, address_of
from parley.help_centre.models import Article
from parley.help_centre.overview import titles_by_path
from parley.help_centre.placing import AUDIENCES, Placed
from parley.help_centre.reading import title_of
from parley.help_centre.shelving import all_collections, collection_to_pick
from parley.help_centre.writing import PathTaken, rename
from parley.web.desk.help.articles import audiences
from parley.web.desk.help.doors import article_of, publishers_only
from parley.web.desk.help.words import refused_path
from parley.web.filtering import number_in
from parley.web.reader import SignedInRequest

MOST_TO_PICK = 1_000
"""Texts of articles to pick the related ones from."""


@require_http_methods(["GET", "POST"])
@publishers_only
def place(request: SignedInRequest, article: int) -> HttpResponseBase:
    """The form: `writing/place.html`, or a dialog. Posted, the article lies elsewhere.

    `language` in the address is the one that is being written, to come back to. Context: `article`,
    `code`, `typed`, `problems`, `collections` (pairs), `audiences`, `others` (triples: path,
    title, picked), `address` (before its slug).
    """
    found = article_of(request.reader, article)
    language = request.GET.get("language", settings.LANGUAGE_CODE)
    if language not in dict(settings.LANGUAGES):
        language = settings.LANGUAGE_CODE
    if request.method == "GET":
        return _form(request, found, language, _kept(found), {})
    typed = {
        "collection": request.POST.get("collection", ""),
        "slug": request.POST.get("slug", "").strip(),
        "position": request.POST.get("position", ""),
        "audience": request.POST.getlist("audience"),
        "related": request.POST.getlist("related"),
    }
    problems = _problems(typed)
    if not problems:
        problems = _put(request, found, typed)
    if problems:
        return _form(request, found, language, typed, problems, status=422)
    messages.success(request, _("Saved."))
    response = redirect("writing:editor", article, language)
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": response.url})
    return response


def _kept(article: Article) -> dict[str, Any]:
    return {
        "collection": str(article.collection_id),
        "slug": article.path.rpartition("/")[2],
        "position": str(article.position),
        "audience": article.audience,
        "related": article.related,
    }


def _problems(typed: dict[str, Any]) -> dict[str, str]:
    problems = {}
    if number_in(typed["position"]) is None:
        problems["position"] = _("Write a whole number.")
    if "/" in typed["slug"]:
        problems["slug"] = _("Use letters, digits and hyphens for the address.")
    return problems


def _put(request: SignedInRequest, article: Article, typed: dict[str, Any]) -> dict[str, str]:
    """Move it and keep the rest; what is wrong, by field."""
    collection = collection_to_pick(number_in(typed["collection"]))
    if collection is None:
        return {"collection": _("Pick the collection it belongs to.")}
    path = f"{collection.slug}/{typed['slug']}" if collection.slug else typed["slug"]
    try:
        rename(article, path, by=request.reader)
    except PathTaken:
        return {"slug": _("Another article has this address, or had it.")}
    except PathUnfit as refusal:
        return {"slug": refused_path(refusal)}
    placed = Placed(
        audience=typed["audience"],
        related=typed["related"],
        position=number_in(typed["position"]) or 0,
    )
    placing.place(article, placed, by=request.reader)
    return {}


def _form(
    request: SignedInRequest,
    article: Article,
    language: str,
    typed: dict[str, Any],
    problems: dict[str, str],
    *,
    status: int = 200,
) -> HttpResponse:
    here = translation.get_language()
    folder = article.path.rpartition("/")[0]
    context = {
        "article": article,
        "code": language,
        "typed": typed,
        "problems": problems,
        "collections": [(one.pk, title_of(one, here)) for one in all_collections()],
        "audiences": [pair for pair in audiences() if pair[0] in AUDIENCES],
        "others": _others(request, article, typed["related"], here),
        "address": address_of(language, folder),
        "is_dialog": bool(request.htmx),
    }
    template = "writing/_place_dialog.html" if request.htmx else "writing/place.html"
    return render(request, template, context, status=status)


def _others(
    request: SignedInRequest, article: Article, picked: list[str], language: str
) -> list[tuple[str, str, bool]]:
    """The other articles by title, those that are picked first."""
    titles = titles_by_path(request.reader, language, MOST_TO_PICK)
    others = [(path, title, path in picked) for path, title in titles if path != article.path]
    return sorted(others, key=lambda other: (not other[2], other[1].casefold()))
