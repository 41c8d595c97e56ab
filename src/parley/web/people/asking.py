"""Asking to join a company with its code, signed in or not."""

from __future__ import annotations

from allauth.core.ratelimit import consume
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_http_methods

from parley.parties.asking_to_join import (
    LONGEST_NOTE,
    JoinRefused,
    NewJoinRequest,
    ask_to_join,
    party_by_code,
)
from parley.parties.models import Membership, Party
from parley.web.errors import too_many

_FIELDS = ("code", "name", "email", "note")


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest) -> HttpResponseBase:
    """`people/join.html`: the form, `code` may stand in the address; posted, `people/join_asked.html`.

    Context: `party` (of the code, or None), `typed`, `problems`, `longest_note`; of the answer,
    `party`. Who asks too often is told to wait: 429.
    """
    if request.method == "GET":
        code = request.GET.get("code", "")
        return _page(request, party_by_code(code), {"code": code})
    if not consume(request, action="ask_to_join"):
        return too_many(request)
    typed = {name: request.POST.get(name, "") for name in _FIELDS}
    reader: Membership | None = request.reader  # type: ignore[attr-defined]
    language = translation.get_language() or ""
    try:
        asked = ask_to_join(
            NewJoinRequest(**typed, language=language), person=reader.person if reader else None
        )
    except JoinRefused as refusal:
        return _page(request, party_by_code(typed["code"]), typed, refusal.problems)
    return render(request, "people/join_asked.html", {"party": asked.party})


def _page(
    request: HttpRequest,
    party: Party | None,
    typed: dict[str, str],
    problems: dict[str, str] | None = None,
) -> HttpResponse:
    context = {
        "party": party,
        "typed": dict.fromkeys(_FIELDS, "") | typed,
        "problems": problems or {},
        "longest_note": LONGEST_NOTE,
    }
    return render(request, "people/join.html", context, status=422 if problems else 200)
