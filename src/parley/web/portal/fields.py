"""Custom fields on a page: asked for as a topic is picked, read and filled in on a ticket (S2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from parley.parties.models import Membership
from parley.tickets.access import tickets_visible_to, topics_open_to
from parley.tickets.filling import FieldsRefused, asked_of_opener, fill
from parley.tickets.models import Ticket
from parley.web.acting import ticket_address
from parley.web.fields import PREFIX, Row, changed, fields_piece, form_of, rows, typed_in
from parley.web.filtering import number_in
from parley.web.reader import SignedInRequest, signed_in


@require_GET
@signed_in
def topic_fields(request: SignedInRequest) -> HttpResponseBase:
    """What the topic of the address asks for, as it is picked: `portal/_topic_fields.html`.

    Context: `fields` (`web.fields.Row`s).
    """
    key = number_in(request.GET.get("topic"))
    found = topics_open_to(request.reader.party.kind).filter(pk=key).first() if key else None
    asked = asked_of_opener(found) if found else []
    context = {"fields": rows(asked, typed_in(request.GET), {})}
    return render(request, "portal/_topic_fields.html", context)


@require_GET
@signed_in
def ticket_fields(request: SignedInRequest, number: int) -> HttpResponseBase:
    """What stands in the fields of a ticket: `parts/_fields.html`. Context: `its` (`fields_piece`)."""
    ticket = _ticket(request.reader, number)
    context = {"its": fields_piece(request.reader, ticket)}
    return render(request, "parts/_fields.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def filling(request: SignedInRequest, number: int) -> HttpResponseBase:
    """A form for what the reader may fill in: `parts/_filling_dialog.html`, or a page, `filling.html`.

    Posted, what was changed is kept; htmx is told so in `parts/_filled.html`. What was refused is
    shown with what was typed. Context: `ticket`, `fields` (Rows), `standing` (id → what stood there
    when the form was first shown), `problem` (with all of it), `back`.
    """
    ticket = _ticket(request.reader, number)
    fields = form_of(request.reader, ticket)
    if request.method == "GET":
        standing = {row.field.pk: row.text for row in fields}
        return _form(request, ticket, fields, standing)
    try:
        fill(number, changed(request), by=request.reader)
    except Ticket.DoesNotExist:
        raise Http404 from None
    except FieldsRefused as refusal:
        told = {f"{PREFIX}{key}": words for key, words in refusal.problems.items()}
        again = rows([row.field for row in fields], typed_in(request.POST), told)
        standing = {row.field.pk: request.POST.get(f"shown-{row.field.pk}", "") for row in fields}
        return _form(request, ticket, again, standing, refusal.problems.get(0, ""))
    if request.htmx:
        context = {"its": fields_piece(request.reader, ticket), "words": _("Saved.")}
        return render(request, "parts/_filled.html", context)
    messages.success(request, _("Saved."))
    return redirect(ticket_address(request.reader, number))


def _form(
    request: SignedInRequest,
    ticket: Ticket,
    fields: Sequence[Row],
    standing: Mapping[int, str],
    problem: str | None = None,
) -> HttpResponse:
    context = {
        "ticket": ticket,
        "fields": fields,
        "standing": standing,
        "problem": problem or "",
        "back": ticket_address(request.reader, ticket.pk),
    }
    template = "parts/_filling_dialog.html" if request.htmx else "parts/filling.html"
    status = 200 if problem is None else 422
    return render(request, template, context, status=status)


def _ticket(reader: Membership, number: int) -> Ticket:
    visible = tickets_visible_to(reader).select_related("topic", "opener", "counterparty")
    found = visible.filter(pk=number).first()
    if found is None:
        raise Http404
    return found
