"""The latest questions: what was asked, what it was answered from, and what became of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from parley.assistant.models import Helped, Outcome
from parley.assistant.reporting import ENDS, OUTCOMES
from parley.assistant.reviewing import recent
from parley.postgres.keysets import CursorUnreadable
from parley.web.desk.assistant.doors import lookers_only
from parley.web.desk.assistant.overview import END_WORDS, OUTCOME_WORDS
from parley.web.filtering import Chip
from parley.web.reader import SignedInRequest

FILTERS = ("outcome", "helped", "language")


@require_GET
@lookers_only
def questions(request: SignedInRequest) -> HttpResponseBase:
    """The list: `assistant/questions.html`.

    Context: `rows` (of `reviewing.Reviewed`), `older`, `newer` (addresses or None), `set` (the filters
    in use, by name), `chips`, `outcomes`, `ends` (pairs of value and words), `languages_of` (pairs),
    `outcome_words`, `end_words`.
    """
    chosen = _chosen(request)
    try:
        page = recent(request.reader, **chosen, cursor=request.GET.get("cursor", ""))
    except CursorUnreadable:
        raise Http404 from None
    context: dict[str, Any] = {
        "rows": page.rows,
        "older": _address(chosen, page.older) if page.older else None,
        "newer": _address(chosen, page.newer) if page.newer else None,
        "set": chosen,
        "chips": _chips(chosen),
        "outcomes": [(key.value, OUTCOME_WORDS[key]) for key in OUTCOMES if key],
        "ends": [(key.value, END_WORDS[key]) for key in ENDS if key],
        "languages_of": settings.LANGUAGES,
        "outcome_words": OUTCOME_WORDS,
        "end_words": END_WORDS,
    }
    return render(request, "assistant/questions.html", context)


def _chosen(request: SignedInRequest) -> dict[str, str]:
    """The filters in an address; what is none of their values is passed over."""
    known = {
        "outcome": Outcome.values,
        "helped": Helped.values,
        "language": [code for code, _name in settings.LANGUAGES],
    }
    asked = {name: request.GET.get(name, "") for name in FILTERS}
    return {name: value if value in known[name] else "" for name, value in asked.items()}


def _chips(chosen: dict[str, str]) -> list[Chip]:
    words = {
        **{("outcome", str(key)): str(said) for key, said in OUTCOME_WORDS.items()},
        **{("helped", str(key)): str(said) for key, said in END_WORDS.items()},
        **{("language", code): str(name) for code, name in settings.LANGUAGES},
    }
    return [
        Chip(words[name, value], _address({**chosen, name: ""}))
        for name, value in chosen.items()
        if value
    ]


def _address(chosen: dict[str, str], cursor: str = "") -> str:
    query = {name: value for name, value in {**chosen, "cursor": cursor}.items() if value}
    return f"?{urlencode(query)}"
