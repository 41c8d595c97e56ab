"""What is settled for all mail: for how long it is kept, how much is taken in, what is enclosed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from parley.mailboxes.forgetting import KEPT_DAYS, MOST_DAYS
from parley.mailboxes.limiting import PER_SENDER, STRANGERS
from parley.notifications.enclosing import ENCLOSE_BYTES, MEGABYTE, MOST_ENCLOSED
from parley.parties.settling import Settled, settle, settled_each
from parley.web.desk.administration.doors import admins_only
from parley.web.reader import SignedInRequest

_NONE = -1
"""Stands for what was typed and is no whole number: it fits nowhere."""


@dataclass(frozen=True)
class Field:
    """One number on the page: its name, what is settled, its words, and what is wrong with another.

    It is shown, and typed, divided by `unit`.
    """

    name: str
    thing: Settled[int]
    words: str | Promise
    help: str | Promise
    problem: Callable[[], str]
    unit: int = 1


FIELDS = (
    Field(
        "kept_days",
        KEPT_DAYS,
        gettext_lazy("Days until a mail is no longer kept as it came"),
        gettext_lazy(
            "Counted from when it was dealt with; what waits for somebody stays. Messages and files made "
            "of it are kept anyway. 0 keeps every mail for good."
        ),
        lambda: _("Write days from 0 to %(most)s.") % {"most": MOST_DAYS},
    ),
    Field(
        "enclose",
        ENCLOSE_BYTES,
        gettext_lazy("Megabytes of files that go along with a mail"),
        gettext_lazy("What is more is linked to. 0 encloses nothing."),
        lambda: _("Write megabytes from 0 to %(most)s.") % {"most": MOST_ENCLOSED // MEGABYTE},
        unit=MEGABYTE,
    ),
    Field(
        "per_sender",
        PER_SENDER,
        gettext_lazy("Mails of one sender in an hour"),
        gettext_lazy("What is more waits for review, and nothing is lost."),
        lambda: _("Write a whole number from 1 to %(most)s.") % {"most": 100_000},
    ),
    Field(
        "strangers",
        STRANGERS,
        gettext_lazy("Tickets opened in an hour for people nobody knows"),
        gettext_lazy("What is more waits for review, and nothing is lost."),
        lambda: _("Write a whole number from 1 to %(most)s.") % {"most": 100_000},
    ),
)


@require_http_methods(["GET", "POST"])
@admins_only
def limits(request: SignedInRequest) -> HttpResponseBase:
    """`mailboxes/limits.html`; posted, all are settled.

    Context: `fields`, `typed` (name → text), `problems` (name → words).
    """
    if request.method == "GET":
        kept = settled_each([field.thing for field in FIELDS])
        typed = {field.name: str(kept[field.thing.key] // field.unit) for field in FIELDS}
        return _page(request, typed, {})
    typed = {field.name: request.POST.get(field.name, "").strip()[:9] for field in FIELDS}
    numbers = {field.name: _number(typed[field.name]) * field.unit for field in FIELDS}
    problems = {
        field.name: field.problem() for field in FIELDS if not field.thing.fits(numbers[field.name])
    }
    if problems:
        return _page(request, typed, problems)
    with transaction.atomic():
        for field in FIELDS:
            settle(field.thing, numbers[field.name], by=request.reader)
    messages.success(request, _("Saved."))
    return redirect("mailboxes:limits")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else _NONE


def _page(
    request: SignedInRequest, typed: dict[str, str], problems: dict[str, str]
) -> HttpResponse:
    context = {"fields": FIELDS, "typed": typed, "problems": problems}
    return render(request, "mailboxes/limits.html", context, status=422 if problems else 200)
