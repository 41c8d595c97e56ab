"""The mailboxes there are, one of them with what it holds, and pausing and removing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parley.journal.moment import now
from parley.mailboxes.access import mailboxes_visible_to
from parley.mailboxes.keeping import remove_mailbox, switch
from parley.mailboxes.ledger import BEFORE, UNREADABLE
from parley.mailboxes.models import Mailbox
from parley.mailboxes.reconciling import Held
from parley.mailboxes.standing import with_standing
from parley.web.desk.administration.doors import admins_only
from parley.web.desk.mailboxes.doors import mailbox_of
from parley.web.desk.mailboxes.words import trouble_words
from parley.web.filtering import number_in
from parley.web.reader import SignedInRequest

SECONDS_TO_COMPARE = 600
"""How long a page asks again for a comparison."""
SKIPPED = {
    BEFORE: gettext_lazy("left alone: they lay there before"),
    UNREADABLE: gettext_lazy("not given out by the server, however often it was asked"),
}


@dataclass(frozen=True)
class State:
    """How a mailbox is doing: tone and icon, in a few words, since when; its trouble in a sentence."""

    tone: str
    face: str
    words: str
    since: datetime | None = None
    trouble: str = ""


@require_GET
@admins_only
def mailboxes(request: SignedInRequest) -> HttpResponseBase:
    """`mailboxes/mailboxes.html`.

    Context: `rows` (pairs of a mailbox, as `with_standing` gives it, and its State), `smtp_url`
    (whether the server has a way out of its own).
    """
    found = with_standing(mailboxes_visible_to(request.reader)).order_by("address")
    context = {
        "rows": [(one, state_of(one)) for one in found],
        "smtp_url": not settings.MAIL_BACKEND.endswith("FolderBackend"),
    }
    return render(request, "mailboxes/mailboxes.html", context)


@require_GET
@admins_only
def mailbox(request: SignedInRequest, mailbox: int) -> HttpResponseBase:
    """`mailboxes/mailbox.html`; for htmx what it holds alone, `mailboxes/_held.html`.

    Context: `mailbox` (as `with_standing` gives it), `state`, `tries_at` (when it is tried again; None
    for now), `held` (the last comparison, a
    `reconciling.Held` as a dictionary, or None), `left_alone` (pairs: how many, and why), `trouble` of
    that comparison in words, `named` (missing mails: UID, size, when), and `asked` (when a comparison
    that is not there yet was asked for, in seconds; 0 for none).
    """
    found = with_standing(mailboxes_visible_to(request.reader)).filter(pk=mailbox).first()
    if found is None:
        raise Http404
    held = vars(Held()) | found.held
    skipped = held["skipped"]
    context = {
        "mailbox": found,
        "state": state_of(found),
        "tries_at": found.try_at if found.try_at > now() else None,
        "held": held if found.held else None,
        "left_alone": [
            (skipped[why], str(words)) for why, words in SKIPPED.items() if why in skipped
        ],
        "trouble": trouble_words(held["trouble"]),
        "named": [
            (one["uid"], one["size"], parse_datetime(one["at"]) if one.get("at") else None)
            for one in held["named"]
        ],
        "asked": _still_asked(request, found),
    }
    template = "mailboxes/_held.html" if request.htmx else "mailboxes/mailbox.html"
    return render(request, template, context)


@require_POST
@admins_only
def switching(request: SignedInRequest, mailbox: int) -> HttpResponseBase:
    """Pause it, or let it go on: `active` is on or off."""
    found = mailbox_of(request, mailbox)
    active = request.POST.get("active") == "on"
    switch(found.pk, active=active, by=request.reader)
    said = _("The mailbox is read again.") if active else _("The mailbox is paused.")
    messages.success(request, said)
    return redirect("mailboxes:mailbox", found.pk)


@require_http_methods(["GET", "POST"])
@admins_only
def removal(request: SignedInRequest, mailbox: int) -> HttpResponseBase:
    """Asks once, `mailboxes/removal.html`; posted, it is removed, and its mails stay in the log."""
    found = mailbox_of(request, mailbox)
    if request.method == "GET":
        return render(request, "mailboxes/removal.html", {"mailbox": found})
    remove_mailbox(found.pk, by=request.reader)
    messages.success(request, _("The mailbox is removed. What came in by it is still there."))
    return redirect("mailboxes:mailboxes")


def _still_asked(request: SignedInRequest, mailbox: Mailbox) -> int:
    """When the comparison was asked for that the page waits for; 0 once it is there, or late."""
    asked = number_in(request.GET.get("asked")) or 0
    is_there = mailbox.held_at is not None and mailbox.held_at.timestamp() >= asked
    return 0 if is_there or now().timestamp() - asked > SECONDS_TO_COMPARE else asked


def state_of(mailbox: Mailbox) -> State:
    """How it is doing, in the reader's language."""
    if not mailbox.active:
        return State("waiting", "circle-pause", _("Paused"))
    if mailbox.trouble:
        words = trouble_words(mailbox.trouble)
        return State("over", "circle-alert", _("Trouble"), mailbox.trouble_at, words)
    if not mailbox.imap_host:
        return State("done", "circle-check", _("Takes in what is delivered to this site"))
    if mailbox.connected_at is None:
        return State("calm", "clock", _("Is about to be connected to"))
    return State("done", "circle-check", _("Connected"), mailbox.connected_at)
