"""Opening a ticket (T3 to T6): the form, what it warns of while one types, and the confirmation."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parley.conversations.access import draft_of
from parley.conversations.drafting import drop_draft
from parley.conversations.models import Draft
from parley.guard.watching import OffPlatform, watch_opening
from parley.help_centre.finding import search
from parley.orders.access import orders_visible_to
from parley.parties.access import parties_of_kind
from parley.parties.models import Membership, Party, PartyKind
from parley.tickets.access import topics_open_to
from parley.tickets.filling import asked_of_opener
from parley.tickets.finding import open_on_same_matter, row_of
from parley.tickets.models import OrderField, Priority, Topic
from parley.tickets.opening import DRAFT, NewTicket, OpeningRefused, TooSoon, open_ticket
from parley.tickets.ordering import number_to_keep
from parley.tickets.ordering import order_suggestions as order_suggestions_for
from parley.web.fields import by_id, rows, typed_in
from parley.web.filtering import sorted_by_name
from parley.web.guarding import warning_context
from parley.web.reader import SignedInRequest, signed_in
from parley.web.saying import (
    REFUSALS,
    attachments_kept,
    attachments_of,
    refusal_words,
    submit_key_of,
)

FIELDS = ("topic", "to", "title", "text", "order_number", "order", "priority", "continues")
MOST_ANSWERS = 3
"""Articles that are offered while one writes."""


@require_http_methods(["GET", "POST"])
@signed_in
def new_ticket(request: SignedInRequest) -> HttpResponseBase:
    """The form, `portal/new_ticket.html`; posted, it opens the ticket and leads to its confirmation.

    Context: `topics` (each with `.category.name`, `.name`, `.keywords_now`, `.goes_to`,
    `.order_field`; sorted), `parties` (kind → list), `priorities`, `typed` (field → text), `problems`
    (field → words), `too_soon` (None, or ticket and minutes), `attachments` (kept uploads), `fields`
    (what the picked topic asks for besides), `submit_key`, `draft_place`, `file_limit`,
    `message_limit`, `same` (open tickets on the matter).
    """
    if request.method == "POST":
        return _post(request)
    draft = draft_of(request.reader, DRAFT)
    context = _form(request.reader, _typed(request, draft))
    context["attachments"] = draft.files if draft else []
    return render(request, "portal/new_ticket.html", context)


def _post(request: SignedInRequest) -> HttpResponseBase:
    reader = request.reader
    typed = {name: request.POST.get(name, "").replace("\x00", "") for name in FIELDS}
    typed |= typed_in(request.POST)
    try:
        new = _new_ticket(request, typed)
        watch_opening(new, by=reader, aware=request.POST.get("aware", ""))
        ticket = open_ticket(new, by=reader)
    except OpeningRefused as refusal:
        return _again(request, typed, problems=refusal.problems)
    except TooSoon as refusal:
        minutes = max(1, -(-int(refusal.wait.total_seconds()) // 60))
        too_soon = {"ticket": refusal.ticket, "minutes": minutes}
        return _again(request, typed, too_soon=too_soon, status=429)
    except OffPlatform as refusal:
        return _again(request, typed, warning=refusal)
    except REFUSALS as refusal:
        return _again(request, typed, problems={"attachments": refusal_words(refusal)})
    return redirect("portal:opened", ticket.pk)


def _new_ticket(request: SignedInRequest, typed: dict[str, str]) -> NewTicket:
    topic = _topic(request.reader, typed["topic"])
    return NewTicket(
        topic=topic,
        to=_party(topic.goes_to, typed["to"]),
        title=typed["title"],
        text=typed["text"],
        order_number=typed["order_number"],
        order=_number(typed["order"]),
        priority=typed["priority"] or Priority.QUESTION,
        continues=_number(typed["continues"]),
        attachments=attachments_of(request, request.reader),
        submit_key=submit_key_of(request),
        fields=by_id(typed_in(typed)),
    )


def _again(
    request: SignedInRequest,
    typed: dict[str, str],
    *,
    problems: dict[str, str] | None = None,
    too_soon: dict[str, Any] | None = None,
    warning: OffPlatform | None = None,
    status: int = 422,
) -> HttpResponse:
    """The form once more with all that was typed and uploaded, and what is wrong."""
    context = _form(request.reader, typed)
    context["attachments"] = attachments_kept(request, request.reader)
    context |= {"problems": problems or {}, "too_soon": too_soon}
    context["fields"] = rows([row.field for row in context["fields"]], typed, problems or {})
    if warning:
        context |= warning_context(warning)
    response = render(request, "portal/new_ticket.html", context, status=status)
    if too_soon:
        response.headers["Retry-After"] = str(too_soon["minutes"] * 60)
    return response


def _form(reader: Membership, typed: dict[str, str]) -> dict[str, Any]:
    topics = sorted_by_name(topics_open_to(reader.party.kind))
    picked = next((topic for topic in topics if str(topic.pk) == typed["topic"]), None)
    kinds = {topic.goes_to for topic in topics} - {PartyKind.OPERATOR.value}
    return {
        "topics": topics,
        "parties": {kind: list(parties_of_kind(kind)) for kind in sorted(kinds)},
        "priorities": Priority.choices,
        "typed": typed,
        "fields": rows(asked_of_opener(picked) if picked else [], typed, {}),
        "problems": {},
        "too_soon": None,
        "attachments": [],
        "submit_key": uuid.uuid4(),
        "draft_place": DRAFT,
        "file_limit": settings.FILE_LIMIT,
        "message_limit": settings.MESSAGE_LIMIT,
        "order_required": OrderField.REQUIRED.value,
    }


def _typed(request: SignedInRequest, draft: Draft | None) -> dict[str, str]:
    """What the form starts with: the draft, or what the address asks for ("new ticket about this")."""
    typed = dict.fromkeys(FIELDS, "") | typed_in(request.GET)
    if draft is not None:
        typed = typed_in(draft.fields) | typed
        typed |= {k: str(v) for k, v in draft.fields.items() if k in FIELDS} | {"text": draft.text}
    before = _number(request.GET.get("continues", ""))
    if before and (row := row_of(request.reader, before)):
        old = row.ticket
        typed |= {
            "continues": str(old.pk),
            "topic": str(old.topic_id),
            "order_number": old.order_number,
            "order": str(old.order_id or ""),
            "to": str(old.counterparty_id),
            "title": typed["title"] or old.title,
        }
    asked = {name: request.GET[name].replace("\x00", "") for name in FIELDS if name in request.GET}
    return typed | asked | _order_asked(request.reader, asked)


def _order_asked(reader: Membership, asked: dict[str, str]) -> dict[str, str]:
    """The order that the address names, with the number that stands in the form for it."""
    key = _number(asked.get("order", ""))
    order = orders_visible_to(reader).defer("words").filter(pk=key).first() if key else None
    if order is None:
        return {"order": ""} if "order" in asked else {}
    return {"order": str(order.pk), "order_number": number_to_keep(order)}


@require_GET
@signed_in
def order_suggestions(request: SignedInRequest) -> HttpResponseBase:
    """The reader's orders that may be meant by what is typed (`q`): `portal/_order_suggestions.html`.

    Context: `suggestions` (pairs of an order and the number that stands in the form for it).
    """
    typed = request.GET.get("q", "").replace("\x00", "")[:60]
    found = order_suggestions_for(request.reader, typed)
    suggestions = [(order, number_to_keep(order)) for order in found]
    return render(request, "portal/_order_suggestions.html", {"suggestions": suggestions})


@require_GET
@signed_in
def same_matter(request: SignedInRequest) -> HttpResponseBase:
    """While one types: one's open tickets on the topic or order, `portal/_same_matter.html` (T3)."""
    topic = _number(request.GET.get("topic", ""))
    number = request.GET.get("order_number", "").replace("\x00", "").strip()[:60]
    order = _number(request.GET.get("order", ""))
    asked = topic or number or order
    rows = open_on_same_matter(request.reader, topic, number, order) if asked else []
    return render(request, "portal/_same_matter.html", {"rows": rows})


@require_POST
@signed_in
def answers(request: SignedInRequest) -> HttpResponseBase:
    """While one types: articles that may already answer it, `portal/_answers.html` (T3).

    What is typed comes in the body: it is nobody's business in an address. Context: `found`.
    """
    typed = {name: request.POST.get(name, "")[:300] for name in ("title", "text")}
    topic = _topic(request.reader, request.POST.get("topic", ""))
    told = typed["title"].strip() or typed["text"].strip() or (topic.name if topic.pk else "")
    # A word that is still being typed is not taken for a beginning: half a word finds too much here.
    found = search(request.reader, f"{told} ", get_language(), MOST_ANSWERS) if told else []
    return render(request, "portal/_answers.html", {"found": found})


@require_POST
@signed_in
def answered(request: SignedInRequest) -> HttpResponseBase:
    """An article answered it: no ticket is opened, and what was typed is thrown away."""
    drop_draft(request.reader, DRAFT)
    messages.success(request, _("Good to hear. No ticket was opened."))
    return redirect("home")


@require_GET
@signed_in
def opened(request: SignedInRequest, number: int) -> HttpResponseBase:
    """The confirmation with the number to quote (T6): `portal/opened.html`. Context: `row`, `ticket`."""
    row = row_of(request.reader, number)
    if row is None or row.ticket.opener_id != request.reader.party_id:
        raise Http404
    return render(request, "portal/opened.html", {"row": row, "ticket": row.ticket})


def _topic(reader: Membership, text: str) -> Topic:
    number = _number(text)
    topic = topics_open_to(reader.party.kind).filter(pk=number).first() if number else None
    # A topic nobody may open stands for none: open_ticket says so beside the field.
    return topic or Topic(active=False, goes_to=PartyKind.OPERATOR.value)


def _party(kind: str, text: str) -> Party | None:
    number = _number(text)
    return parties_of_kind(kind).filter(pk=number).first() if number else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
