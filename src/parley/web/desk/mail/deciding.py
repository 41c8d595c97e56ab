"""Deciding about a mail: letting it in, opening a ticket with it, declining it, trying it again."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from parley.mailboxes import reviewing
from parley.mailboxes.models import RawMail
from parley.mailboxes.reviewing import CannotBeLetIn, NothingToReview
from parley.mailboxes.storing import MailGone
from parley.mailboxes.taking import Unreadable
from parley.web.desk.mail.words import refusal_in_words
from parley.web.filtering import number_in
from parley.web.reader import SignedInRequest, operator_only

MOST_AT_ONCE = 100
REFUSALS = (NothingToReview, CannotBeLetIn, MailGone, Unreadable)


@require_POST
@operator_only
def letting_in(request: SignedInRequest, mail: int) -> HttpResponseBase:
    """Write it as the person its address names, or take the mark off the ticket it opened."""
    return _decide(
        request, mail, lambda: reviewing.let_in(mail, by=request.reader), _("It is let in.")
    )


@require_POST
@operator_only
def opening(request: SignedInRequest, mail: int) -> HttpResponseBase:
    """Open a ticket with it, as somebody's nobody knows."""
    return _decide(
        request,
        mail,
        lambda: reviewing.open_from(mail, by=request.reader),
        _("The ticket is opened."),
    )


@require_POST
@operator_only
def declining(request: SignedInRequest, mail: int) -> HttpResponseBase:
    """Leave it at that; its sender is told nothing. The ticket that it opened is cancelled."""
    return _decide(
        request, mail, lambda: reviewing.decline(mail, by=request.reader), _("Declined.")
    )


@require_POST
@operator_only
def again(request: SignedInRequest, mail: int) -> HttpResponseBase:
    """Have it understood and decided about anew."""
    return _decide(
        request,
        mail,
        lambda: reviewing.try_again(mail, by=request.reader),
        _("It is being tried again."),
    )


@require_POST
@operator_only
def declining_many(request: SignedInRequest) -> HttpResponseBase:
    """Decline those of `mail` (ids, several); one that somebody has decided about stays as it is."""
    asked = dict.fromkeys(map(number_in, request.POST.getlist("mail")[:MOST_AT_ONCE]))
    done = 0
    for key in asked:
        if key is None:
            continue
        try:
            reviewing.decline(key, by=request.reader)
        except (RawMail.DoesNotExist, NothingToReview):
            continue
        done += 1
    if not asked:
        messages.error(request, _("Tick the mails first."))
    elif not done:
        messages.error(request, _("Somebody has decided about them meanwhile."))
    else:
        words = ngettext("%(num)s mail is declined.", "%(num)s mails are declined.", done)
        messages.success(request, words % {"num": done})
    return redirect("mail:review")


def _decide(
    request: SignedInRequest, key: int, act: Callable[[], object], done: str
) -> HttpResponseBase:
    """Do it, and go back to the mail; or, where it was asked from a ticket, to that."""
    try:
        act()
    except RawMail.DoesNotExist:
        raise Http404 from None
    except REFUSALS as refusal:
        messages.error(request, refusal_in_words(refusal))
    else:
        messages.success(request, done)
    ticket = number_in(request.POST.get("ticket"))
    return redirect("desk:ticket", ticket) if ticket is not None else redirect("mail:mail", key)
