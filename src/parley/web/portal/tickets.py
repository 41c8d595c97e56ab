"""The tickets of a seller's or supplier's people: the list, one ticket, and what can be done to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parley.guard.watching import watch_reply
from parley.journal.moment import now
from parley.messenger.typing import note_typing, stop_typing, typing_in
from parley.notifications.choosing import mute, unmute
from parley.notifications.reading import read_notices
from parley.orders.cancelling import CancellingRefused
from parley.tickets import calling_off, disputing, ending, evidencing
from parley.tickets.access import tickets_visible_to
from parley.tickets.models import NUMBER_FORMAT, Ticket, UnsentReply
from parley.tickets.moving import parties_on
from parley.tickets.queues import QUEUES
from parley.tickets.reading import mark_read
from parley.tickets.replying import reply
from parley.tickets.seeing import message_with_files
from parley.tickets.sending import send_later
from parley.tickets.states import NotAllowed
from parley.web.acting import go_on_as_another, ticket_address
from parley.web.desk.queues import beside
from parley.web.desk.sending import as_shown
from parley.web.filtering import number_in
from parley.web.guarding import warning_context
from parley.web.mailed import mailed_beside
from parley.web.reader import SignedInRequest, signed_in
from parley.web.saying import (
    REFUSALS,
    attachments_kept,
    attachments_of,
    keep_typed,
    refusal_words,
    refused,
    reply_of,
)
from parley.web.ticket_list import filter_choices, list_context
from parley.web.ticket_page import ticket_context


@require_GET
@signed_in
def ticket_list(request: SignedInRequest) -> HttpResponseBase:
    """The list (T6, T11): `portal/tickets.html`, or its `_tickets.html` for htmx.

    Context: `ticket_list.list_context`.
    """
    context = list_context(request, request.reader)
    template = "portal/_tickets.html" if request.htmx else "portal/tickets.html"
    return render(request, template, context)


@require_GET
@signed_in
def filters(request: SignedInRequest) -> HttpResponseBase:
    """The filter panel, loaded when it is opened: `parts/_filters.html`.

    Context: `ticket_list.filter_choices`, `set` (the query in use), `action` (where Apply leads: a
    queue that the address names, or else the page the panel stands on).
    """
    queues = [reverse("desk:queue", args=[name]) for name in QUEUES]
    asked = request.GET.get("action", "")
    context = {
        **filter_choices(request.reader, number_in(request.GET.get("topic"))),
        "set": request.GET,
        "action": asked if asked in queues else "",
    }
    return render(request, "parts/_filters.html", context)


@require_GET
@signed_in
def ticket(request: SignedInRequest, number: int) -> HttpResponseBase:
    """One ticket (T7 to T9): `portal/ticket.html`. Context: `ticket_page.ticket_context`."""
    if request.reader.is_operator:
        return redirect("desk:ticket", number)
    try:
        context = ticket_context(request.reader, number)
    except Http404:
        return go_on_as_another(request, number)
    return render(request, "portal/ticket.html", context)


@require_GET
@signed_in
def thread(request: SignedInRequest, number: int) -> HttpResponseBase:
    """What changes of a ticket while it is open before one, for htmx: `portal/_ticket.html`.

    State, thread, actions and details; not the composer, in which somebody may be typing.
    """
    return render(request, "portal/_ticket.html", ticket_context(request.reader, number))


@require_POST
@signed_in
def replies(request: SignedInRequest, number: int) -> HttpResponseBase:
    """Say something. For htmx the answer is the message, `parts/_said.html`, or a refusal.

    What leads away from the marketplace is warned of first (`parts/_off_platform.html`); sent all the
    same, with `aware`, it may be held (`parts/_held_now.html`).
    """
    try:
        said, aware = reply_of(request, request.reader), request.POST.get("aware", "")
        if watch_reply(number, said, by=request.reader, aware=aware):
            return _held(request, number)
        # Not sent at once where it can be taken back: the composer of the operator's people asks so.
        post = send_later if request.POST.get("hold") == "1" else reply
        message = post(number, said, by=request.reader)
    except Ticket.DoesNotExist:
        raise Http404 from None
    except REFUSALS as refusal:
        if request.htmx:
            return refused(request, refusal)
        return _shown_again(request, number, refusal)
    if isinstance(message, UnsentReply):
        return _unsent(request, message)
    stop_typing(message.conversation_id, by=request.reader)
    if not request.htmx:
        return redirect(f"{ticket_address(request.reader, number)}#m{message.pk}")
    shown = message_with_files(request.reader, message.pk)
    return render(request, "parts/_said.html", {"message": shown})


def _unsent(request: SignedInRequest, row: UnsentReply) -> HttpResponseBase:
    """What can still be taken back: `parts/_unsent.html`."""
    stop_typing(row.ticket.conversation_id, by=request.reader)
    if not request.htmx:
        return redirect(f"{ticket_address(request.reader, row.ticket_id)}#u{row.pk}")
    told = {"pk": row.pk, "text": row.text, "send_at": row.send_at.isoformat(), "trouble": ""}
    context = {"unsent": as_shown([told])[0], "ticket": row.ticket}
    return render(request, "parts/_unsent.html", context)


@require_POST
@signed_in
def cancellation(request: SignedInRequest, number: int) -> HttpResponseBase:
    """The opener cancels the ticket."""
    return _act(request, number, lambda: ending.cancel(number, by=request.reader))


@require_POST
@signed_in
def order_cancellation(request: SignedInRequest, number: int) -> HttpResponseBase:
    """Answer the asking to cancel the order: `answer` is accept or decline, with a `reason` (O8)."""
    reader, reason = request.reader, request.POST.get("reason", "")
    if request.POST.get("answer") == "accept":
        return _act(request, number, lambda: calling_off.accept(number, by=reader))
    return _act(request, number, lambda: calling_off.decline(number, reason, by=reader), reason)


@require_POST
@signed_in
def closure(request: SignedInRequest, number: int) -> HttpResponseBase:
    """Close the ticket: no answer is needed."""
    return _act(request, number, lambda: ending.close(number, by=request.reader))


@require_POST
@signed_in
def rating(request: SignedInRequest, number: int) -> HttpResponseBase:
    """Rate the answer, which completes the ticket."""
    given = request.POST.get("stars", "")
    stars = int(given) if given.isascii() and given.isdigit() and len(given) == 1 else 0
    comment = request.POST.get("comment", "").replace("\x00", "")
    return _act(request, number, lambda: ending.rate(number, stars, comment, by=request.reader))


@require_POST
@signed_in
def escalation(request: SignedInRequest, number: int) -> HttpResponseBase:
    """Ask the operator to decide."""
    text = request.POST.get("text", "")

    def ask() -> object:
        files = attachments_of(request, request.reader)
        return disputing.ask_operator(number, text, by=request.reader, attachments=files)

    return _act(request, number, ask, text)


@require_POST
@signed_in
def evidence(request: SignedInRequest, number: int) -> HttpResponseBase:
    """The evidence file of a dispute, as a ZIP of what this reader may see (T1)."""
    try:
        archive = evidencing.evidence(number, by=request.reader, beside=mailed_beside)
    except (Ticket.DoesNotExist, evidencing.NoDispute):
        raise Http404 from None
    return FileResponse(archive, as_attachment=True, filename=f"{NUMBER_FORMAT.format(number)}.zip")


@require_POST
@signed_in
def muting(request: SignedInRequest, number: int) -> HttpResponseBase:
    """Mute or unmute a ticket: `muted` is 1 or 0."""
    if not tickets_visible_to(request.reader).filter(pk=number).exists():
        raise Http404
    change = unmute if request.POST.get("muted") == "0" else mute
    change(number, by=request.reader)
    return redirect(ticket_address(request.reader, number))


@require_POST
@signed_in
def seen(request: SignedInRequest, number: int) -> HttpResponseBase:
    """The page has been looked at, up to `upto` (ISO 8601): marks ticket and notices read."""
    upto = min(_moment(request.POST.get("upto", "")), now())
    if not mark_read(number, upto, by=request.reader):
        raise Http404
    read_notices(request.reader, ticket_id=number, until=upto)
    return HttpResponse(status=204)


@require_http_methods(["GET", "POST"])
@signed_in
def typing(request: SignedInRequest, number: int) -> HttpResponseBase:
    """Who is typing on a ticket from the messenger, `parts/_typing.html`; or noting that one is.

    Nobody is told that an answer for fewer than everyone is being written: `way` says what it is.
    """
    found = tickets_visible_to(request.reader).filter(pk=number).first()
    if found is None:
        raise Http404
    if request.method == "POST":
        if request.POST.get("way", "").startswith(("reply", "ask")):
            note_typing(found.conversation_id, parties_on(found), by=request.reader)
        return HttpResponse(status=204)
    names = typing_in(found.conversation_id, request.reader)
    return render(request, "parts/_typing.html", {"number": number, "names": names})


def _held(request: SignedInRequest, number: int) -> HttpResponseBase:
    """It waits to be looked at: said so, and shown on the ticket's page until it is."""
    if request.htmx:
        return render(request, "parts/_held_now.html", status=202)
    messages.info(request, _("Your message waits to be looked at, and is sent after that."))
    return redirect(ticket_address(request.reader, number))


def _act(
    request: SignedInRequest, number: int, act: Callable[[], object], text: str = ""
) -> HttpResponseBase:
    """Do it, and go back to the ticket; a `text` that it does not take is kept with the draft."""
    try:
        act()
    except Ticket.DoesNotExist:
        raise Http404 from None
    except (ending.RatingRefused, calling_off.ReasonMissing, CancellingRefused) as refusal:
        messages.error(request, str(refusal))
        keep_typed(number, text, request.reader)
    except REFUSALS as refusal:
        messages.error(request, refusal_words(refusal))
        keep_typed(number, text, request.reader)
    return redirect(ticket_address(request.reader, number))


def _shown_again(request: SignedInRequest, number: int, refusal: Exception) -> HttpResponseBase:
    """The whole page again with what was typed, for a browser without scripts."""
    context = ticket_context(request.reader, number)
    keep_typed(number, request.POST.get("text", ""), request.reader)
    context |= {
        "draft": request.POST.get("text", ""),
        "chosen": request.POST.get("way", ""),
        "kept": attachments_kept(request, request.reader),
        "refusal": refusal_words(refusal),
        **warning_context(refusal),
        **beside(""),
    }
    template = "desk/ticket.html" if request.reader.is_operator else "portal/ticket.html"
    status = 409 if isinstance(refusal, NotAllowed) else 422
    return render(request, template, context, status=status)


def _moment(text: str) -> datetime:
    """The moment a browser names, or now for what is none: then all that is there has been seen."""
    try:
        named = parse_datetime(text[:40])
    except ValueError:
        named = None
    return named if named and named.tzinfo else now()
