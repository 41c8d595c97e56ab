"""Macros: used on a ticket (S2), and kept by leads (S5)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parley.desk.filling import VARIABLES
from parley.desk.keeping_macros import (
    LANGUAGES,
    LONGEST_NAME,
    LONGEST_TEXT,
    MacroRefused,
    MacroTyped,
    add_macro,
    all_macros,
    as_typed,
    change_macro,
    macros_for,
)
from parley.desk.keeping_teams import may_keep_teams
from parley.desk.models import Hands, Macro
from parley.desk.using_macros import use_macro
from parley.parties.access import teams_in_use
from parley.tickets.keeping_tags import tags
from parley.tickets.models import Priority, Ticket
from parley.web.filtering import number_in
from parley.web.reader import SignedInRequest, only_for, operator_only
from parley.web.saying import keep_typed
from parley.web.ticket_page import ticket_context


@require_GET
@operator_only
def menu(request: SignedInRequest, number: int) -> HttpResponseBase:
    """The macros one may use on a ticket, loaded with its page: `desk/_macros.html`.

    Context: `ticket` (its number), `macros` by name.
    """
    context = {"ticket": number, "macros": _by_name(macros_for(request.reader))}
    return render(request, "desk/_macros.html", context)


@require_POST
@operator_only
def use(request: SignedInRequest, number: int, macro: int) -> HttpResponseBase:
    """Use a macro: its actions are done; its text goes into the box, or into the draft without scripts.

    For htmx `desk/_macro_used.html`. Context: `ticket_page.ticket_context`, `begun`.
    """
    try:
        begun = use_macro(macro, number, by=request.reader)
    except (Ticket.DoesNotExist, Macro.DoesNotExist):
        raise Http404 from None
    if request.htmx:
        context = ticket_context(request.reader, number) | {"begun": begun}
        return render(request, "desk/_macro_used.html", context)
    keep_typed(number, begun.text, request.reader)
    return redirect("desk:ticket", number)


def _keepers(view: Any) -> Any:
    return only_for(may_keep_teams, view)


@require_GET
@_keepers
def macros(request: SignedInRequest) -> HttpResponseBase:
    """All macros: `desk/macros.html`. Context: `macros`."""
    return render(request, "desk/macros.html", {"macros": list(all_macros())})


@require_http_methods(["GET", "POST"])
@_keepers
def new_macro(request: SignedInRequest) -> HttpResponseBase:
    """Make a macro: `desk/macro.html`, as `macro` has it, without one."""
    if request.method == "GET":
        return _shown(request, None, MacroTyped(names={}))
    given = _typed(request)
    try:
        add_macro(given, by=request.reader)
    except MacroRefused as refusal:
        return _shown(request, None, given, refusal.problems)
    messages.success(request, _("The macro is on the list."))
    return redirect("desk:macros")


@require_http_methods(["GET", "POST"])
@_keepers
def macro(request: SignedInRequest, macro: int) -> HttpResponseBase:
    """One macro: `desk/macro.html`.

    Context: `macro` (None for a new one), `typed`, `problems`, `languages`, `ways`, `priorities`,
    `hands` (pairs), `teams`, `tags`, `variables`, `longest_name`, `longest_text`.
    """
    found = all_macros().filter(pk=macro).first()
    if found is None:
        raise Http404
    if request.method == "GET":
        return _shown(request, found, as_typed(found))
    given = _typed(request)
    try:
        change_macro(macro, given, by=request.reader)
    except MacroRefused as refusal:
        return _shown(request, found, given, refusal.problems)
    messages.success(request, _("Saved."))
    return redirect("desk:macros")


def _typed(request: SignedInRequest) -> MacroTyped:
    form = request.POST
    chosen = (number_in(key) for key in form.getlist("tag"))
    return MacroTyped(
        names={code: form.get(f"name-{code}", "") for code in LANGUAGES},
        texts={code: form.get(f"text-{code}", "") for code in LANGUAGES},
        way=form.get("way", ""),
        priority=form.get("priority", ""),
        hands=form.get("hands", ""),
        passes_to=number_in(form.get("passes_to")),
        tags=frozenset(key for key in chosen if key is not None),
        team=number_in(form.get("team")),
        active=form.get("active") == "on",
    )


def _shown(
    request: SignedInRequest,
    macro: Macro | None,
    typed: MacroTyped,
    problems: dict[str, str] | None = None,
) -> HttpResponse:
    context = {
        "macro": macro,
        "typed": typed,
        "problems": problems or {},
        "ways": [
            ("", _("As the agent has chosen")),
            ("reply", _("A reply")),
            ("ask", _("A question: the ticket waits for them")),
            ("note", _("An internal note")),
        ],
        "priorities": Priority.choices,
        "hands": Hands.choices,
        "teams": [(team.pk, team.name) for team in teams_in_use()],
        "tags": list(tags()),
        "variables": [f"{{{{{name}}}}}" for name in VARIABLES],
        "longest_name": LONGEST_NAME,
        "longest_text": LONGEST_TEXT,
    }
    return render(request, "desk/macro.html", context, status=422 if problems else 200)


def _by_name(found: Any) -> list[Macro]:
    return sorted(found, key=lambda macro: macro.name.casefold())
