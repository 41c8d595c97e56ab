"""What the assistant has to say to an agent about a ticket: loaded when it comes into view (M7)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parley.assistant.drafting import DraftedAlready, NotResolved, draft_from
from parley.assistant.helping_agents import has_model, suggest_with_model, sum_up_with_model
from parley.assistant.likening import similar
from parley.assistant.suggesting import suggest_reply
from parley.assistant.summarising import summary
from parley.conversations.rendering import render as rendered
from parley.help_centre.models import Article
from parley.tickets.models import Ticket
from parley.web.reader import SignedInRequest, operator_only


@require_GET
@operator_only
def suggestion(request: SignedInRequest, number: int) -> HttpResponseBase:
    """A reply that may do: `desk/_suggestion.html`. With `?model=1`, the one a model writes.

    Context: `ticket` (its number), `suggestion` (or None), `html` (as it will look), `ask_model`
    (whether a model may still do better).
    """
    with_model = request.GET.get("model") == "1" and has_model()
    try:
        found = suggest_reply(number, by=request.reader)
        better = suggest_with_model(number, by=request.reader) if with_model else None
    except Ticket.DoesNotExist:
        raise Http404 from None
    shown = better or found
    context = {
        "ticket": number,
        "suggestion": shown,
        "html": rendered(shown.text) if shown else "",
        "ask_model": has_model() and not with_model and found is not None and bool(found.text),
    }
    return render(request, "desk/_suggestion.html", context)


@require_GET
@operator_only
def summing_up(request: SignedInRequest, number: int) -> HttpResponseBase:
    """The ticket in short: `desk/_summary.html`. With `?model=1`, in the sentences of a model.

    Context: `ticket` (its number), `summary`, `sentences` (pairs of words and message, of a model),
    `ask_model`.
    """
    with_model = request.GET.get("model") == "1" and has_model()
    try:
        found = summary(number, by=request.reader)
        sentences = sum_up_with_model(number, by=request.reader) if with_model else []
    except Ticket.DoesNotExist:
        raise Http404 from None
    context = {
        "ticket": number,
        "summary": found,
        "sentences": sentences,
        "ask_model": has_model() and not with_model,
    }
    return render(request, "desk/_summary.html", context)


@require_GET
@operator_only
def similar_tickets(request: SignedInRequest, number: int) -> HttpResponseBase:
    """Tickets like it, those resolved first: `desk/_similar.html`. Context: `rows`."""
    try:
        rows = similar(number, by=request.reader)
    except Ticket.DoesNotExist:
        raise Http404 from None
    return render(request, "desk/_similar.html", {"rows": rows})


@require_POST
@operator_only
def article(request: SignedInRequest, number: int) -> HttpResponseBase:
    """Draft an article from how a ticket was resolved; leads to where it is written."""
    try:
        made = draft_from(number, by=request.reader)
    except Ticket.DoesNotExist:
        raise Http404 from None
    except NotResolved:
        messages.error(
            request, _("An article is made of a ticket that was answered and completed.")
        )
        return redirect("desk:ticket", number)
    except DraftedAlready as refusal:
        return _to_editor(refusal.article)
    messages.success(
        request,
        _("Drafted from T-%(number)s. Read it through: names and numbers were taken out.")
        % {"number": number},
    )
    return _to_editor(made)


def _to_editor(made: Article) -> HttpResponseBase:
    language = made.translations.order_by("pk").values_list("language", flat=True).first()
    return redirect("writing:editor", made.pk, language or "en")
