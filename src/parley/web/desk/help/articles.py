"""The list of all articles, as those who write them see it; and beginning a new one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from parley.help_centre.addressing import PathUnfit, address_of
from parley.help_centre.drafting import begin_article
from parley.help_centre.hearing import missed_search
from parley.help_centre.models import Collection, MissedSearch
from parley.help_centre.overview import EVERYBODY, STATE_WORDS, State, Wanted, overview
from parley.help_centre.placing import AUDIENCES
from parley.help_centre.reading import title_of
from parley.help_centre.roles import may_publish
from parley.help_centre.shelving import all_collections, collection_to_pick
from parley.help_centre.writing import PathTaken, TextRefused, Written
from parley.web.desk.help.doors import writers_only
from parley.web.desk.help.words import refused_path, refused_text
from parley.web.filtering import Chip, number_in, without
from parley.web.reader import SignedInRequest


@require_GET
@writers_only
def articles(request: SignedInRequest) -> HttpResponseBase:
    """The list: `writing/articles.html`.

    Context: `shelves` (each with `.collection`, `.title`, `.rows`), `count`, `is_cut`, `wanted`,
    `states` and `audiences` (pairs of value and words), `chips`, `clear_url`, `any` (False: nothing
    has been written yet), `may_publish`, `state_words`, `home_address`.
    """
    wanted = _wanted(request)
    language = translation.get_language()
    collections = list(all_collections())
    found = overview(request.reader, wanted, collections)
    shelves = [(title_of(shelf.collection, language), shelf) for shelf in found.shelves]
    context: dict[str, Any] = {
        "shelves": shelves,
        "count": found.count,
        "is_cut": found.is_cut,
        "wanted": wanted,
        "states": [(state.value, words) for state, words in STATE_WORDS.items()],
        "audiences": audiences(),
        "chips": _chips(request, wanted),
        "clear_url": "?",
        "any": any(collection.size for collection in collections),  # type: ignore[attr-defined]
        "state_words": STATE_WORDS,
        "home_address": address_of(language),
        "may_publish": may_publish(request.reader),
    }
    return render(request, "writing/articles.html", context)


def audiences() -> list[tuple[str, str]]:
    """For whom an article can be: values and words."""
    words = {
        "seller": _("Sellers"),
        "supplier": _("Suppliers"),
        "operator": _("Colleagues at the desk"),
    }
    return [(EVERYBODY, _("Everybody")), *((str(kind), words[kind]) for kind in AUDIENCES)]


def _wanted(request: SignedInRequest) -> Wanted:
    query = request.GET
    state = query.get("state", "")
    language = query.get("language", "")
    audience = query.get("audience", "")
    return Wanted(
        words=query.get("q", "").replace("\x00", "").strip()[:200],
        language=language if language in dict(settings.LANGUAGES) else "",
        state=State(state) if state in set(State) else None,
        audience=audience if audience in {EVERYBODY, *AUDIENCES} else "",
    )


def _chips(request: SignedInRequest, wanted: Wanted) -> list[Chip]:
    said = {
        "q": f"“{wanted.words}”" if wanted.words else "",
        "language": dict(settings.LANGUAGES).get(wanted.language, ""),
        "state": str(STATE_WORDS[wanted.state]) if wanted.state else "",
        "audience": dict(audiences()).get(wanted.audience, ""),
    }
    return [Chip(words, without(request.GET, name)) for name, words in said.items() if words]


@require_http_methods(["GET", "POST"])
@writers_only
def new_article(request: SignedInRequest) -> HttpResponseBase:
    """Begin an article: `writing/new.html`; posted, it leads to where it is written.

    With `missed` in the address, what somebody searched for comes along as "also asked as". Context:
    `collections` (pairs), `typed`, `problems`, `missed`.
    """
    missed = _missed(request)
    if request.method == "GET":
        typed = {
            "title": "",
            "collection": request.GET.get("collection", ""),
            "language": missed.language if missed else settings.LANGUAGE_CODE,
        }
        return _form(request, typed, {}, missed)
    typed = {name: request.POST.get(name, "") for name in ("title", "collection", "language")}
    collection = collection_to_pick(number_in(typed["collection"]))
    problems: dict[str, str] = {}
    if collection is None:
        problems["collection"] = _("Pick the collection it belongs to.")
    if typed["language"] not in dict(settings.LANGUAGES):
        problems["language"] = _("Pick a language.")
    if not typed["title"].strip():
        problems["title"] = _("Give it a title; it can be changed later.")
    if problems or collection is None:
        return _form(request, typed, problems, missed)
    return _begin(request, typed, collection, missed)


def _begin(
    request: SignedInRequest,
    typed: dict[str, str],
    collection: Collection,
    missed: MissedSearch | None,
) -> HttpResponseBase:
    written = Written(title=typed["title"], also_asked_as=[missed.words] if missed else [])
    try:
        article = begin_article(collection, typed["language"], written, by=request.reader)
    except PathTaken:
        taken = _("There is an article of that name in this collection already.")
        return _form(request, typed, {"title": taken}, missed)
    except PathUnfit as refusal:
        return _form(request, typed, {"title": refused_path(refusal)}, missed)
    except TextRefused as refusal:
        return _form(request, typed, {"title": refused_text(refusal)}, missed)
    return redirect("writing:editor", article.pk, typed["language"])


def _missed(request: SignedInRequest) -> MissedSearch | None:
    key = number_in(request.GET.get("missed") or request.POST.get("missed"))
    try:
        return missed_search(request.reader, key) if key else None
    except MissedSearch.DoesNotExist:
        return None


def _form(
    request: SignedInRequest,
    typed: dict[str, str],
    problems: dict[str, str],
    missed: MissedSearch | None,
) -> HttpResponse:
    language = translation.get_language()
    context = {
        "collections": [(one.pk, title_of(one, language)) for one in all_collections()],
        "typed": typed,
        "problems": problems,
        "missed": missed,
        "may_publish": may_publish(request.reader),
    }
    return render(request, "writing/new.html", context, status=422 if problems else 200)
