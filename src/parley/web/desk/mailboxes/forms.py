"""Setting a mailbox up and changing it: what providers ask for filled in, and *Test connection*."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parley.mailboxes.keeping import (
    MailboxRefused,
    MailboxTyped,
    Step,
    save_mailbox,
    test_connection,
    typed_of,
)
from parley.mailboxes.models import Mailbox, Security, SignIn
from parley.parties.models import PartyKind
from parley.tickets.access import topics_in_use
from parley.tickets.models import Purpose
from parley.web.desk.administration.doors import admins_only
from parley.web.desk.mailboxes.doors import mailbox_of
from parley.web.desk.mailboxes.presets import BY_KEY, FILLED, HOSTS, PRESETS, TOKEN_URLS
from parley.web.desk.mailboxes.trial import streamed, told
from parley.web.filtering import sorted_by_name
from parley.web.reader import SignedInRequest

_AS_TYPED = ("imap_password", "smtp_password")


@require_http_methods(["GET", "POST"])
@admins_only
def new(request: SignedInRequest) -> HttpResponseBase:
    """The form of a new mailbox, `mailboxes/form.html`; see `_page` for its context."""
    if request.method == "GET":
        return _page(request, MailboxTyped(tagged=False))
    typed = replace(typed_in(request), active=True)
    if preset := _picked(request):
        return _filled(request, typed, preset, None)
    try:
        made = save_mailbox(typed, by=request.reader)
    except MailboxRefused as refusal:
        return _page(request, typed, problems=refusal.problems)
    messages.success(request, _("Saved. The mailbox is connected to within a minute."))
    return redirect("mailboxes:mailbox", made.pk)


@require_http_methods(["GET", "POST"])
@admins_only
def change(request: SignedInRequest, mailbox: int) -> HttpResponseBase:
    """The form of a mailbox. Its passwords and secret are not in it: left empty they are kept."""
    found = mailbox_of(request, mailbox)
    kept = typed_of(found)
    if request.method == "GET":
        return _page(request, kept, found)
    typed = replace(typed_in(request), active=kept.active, since=kept.since)
    if preset := _picked(request):
        return _filled(request, typed, preset, found)
    try:
        save_mailbox(typed, by=request.reader, mailbox_id=found.pk)
    except MailboxRefused as refusal:
        return _page(request, typed, found, problems=refusal.problems)
    messages.success(request, _("Saved."))
    return redirect("mailboxes:mailbox", found.pk)


@require_POST
@admins_only
def new_trial(request: SignedInRequest) -> HttpResponseBase:
    """*Test connection* of a new one: `mailboxes/_trial.html` for htmx, or the form again."""
    return _trial(request, None)


@require_POST
@admins_only
def change_trial(request: SignedInRequest, mailbox: int) -> HttpResponseBase:
    """*Test connection* of one that is there, with its passwords where none were typed."""
    return _trial(request, mailbox_of(request, mailbox))


def typed_in(request: SignedInRequest) -> MailboxTyped:
    """The form as it was sent."""
    sent = request.POST
    filled: dict[str, Any] = {}
    for one in fields(MailboxTyped):
        if isinstance(one.default, bool):
            filled[one.name] = one.name in sent
        elif one.name in sent:
            text = sent[one.name].replace("\x00", "")
            filled[one.name] = text if one.name in _AS_TYPED else text.strip()
    return MailboxTyped(**filled)


def _picked(request: SignedInRequest) -> str:
    key = request.POST.get("preset", "")
    if key and key not in BY_KEY:
        raise Http404
    return key


def _filled(
    request: SignedInRequest, typed: MailboxTyped, key: str, mailbox: Mailbox | None
) -> HttpResponseBase:
    """The form with what that provider asks for; for htmx the parts of it that differ alone."""
    preset = BY_KEY[key]
    given: dict[str, Any] = {name: getattr(preset, name) for name in FILLED}
    given |= {name: str(given[name]) for name in ("imap_port", "smtp_port")}
    for side in ("imap", "smtp"):
        if not getattr(typed, f"{side}_user") and preset.imap_host:
            given[f"{side}_user"] = typed.address
        host = getattr(typed, f"{side}_host")
        if host and host not in HOSTS and not getattr(preset, f"{side}_host"):
            for one in ("host", "port", "security"):
                del given[f"{side}_{one}"]  # typed by hand, and nothing better is known
    if typed.token_url and typed.token_url not in TOKEN_URLS and not preset.imap_host:
        for one in ("sign_in", "token_url", "scope"):
            del given[one]  # typed by hand, too
    filled = replace(typed, **given)
    if not request.htmx:
        return _page(request, filled, mailbox, preset=key)
    return render(request, "mailboxes/_filled.html", _context(filled, mailbox, preset=key))


def _trial(request: SignedInRequest, mailbox: Mailbox | None) -> HttpResponseBase:
    """Each step as soon as it is known, for the page's script; for a browser without, all in the form."""
    typed = typed_in(request)
    try:
        steps = test_connection(typed, before=mailbox)
    except MailboxRefused as refusal:
        if not request.htmx:
            return _page(request, typed, mailbox, problems=refusal.problems)
        return render(request, "mailboxes/_trial.html", {"problems": refusal.problems})
    if request.htmx:
        return StreamingHttpResponse(streamed(steps, language=get_language() or "en"))
    return _page(request, typed, mailbox, tried=list(steps))


def _page(
    request: SignedInRequest,
    typed: MailboxTyped,
    mailbox: Mailbox | None = None,
    *,
    problems: dict[str, Any] | None = None,
    tried: list[Step] | None = None,
    preset: str = "",
) -> HttpResponse:
    """`mailboxes/form.html`.

    Context: as `_context`, `topics` (pairs: those that go to the operator), and `trial_of`, what a
    test found (`trial.told`), or None.
    """
    topics = [
        (topic.pk, topic.name)
        for topic in sorted_by_name(topics_in_use(request.reader))
        if topic.goes_to == PartyKind.OPERATOR and topic.active and topic.purpose == Purpose.NONE
    ]
    context = _context(typed, mailbox, problems=problems, preset=preset)
    context |= {"topics": topics, "trial_of": None if tried is None else told(tried)}
    return render(request, "mailboxes/form.html", context, status=422 if problems else 200)


def _context(
    typed: MailboxTyped,
    mailbox: Mailbox | None,
    *,
    problems: dict[str, Any] | None = None,
    preset: str = "",
) -> dict[str, Any]:
    """What the form reads.

    `typed` (without passwords), `mailbox` (None for a new one), `problems` by field, `presets` and
    `preset` (the one just picked, or None), `securities`, `sign_ins`, `action` and `trial` (where it goes).
    """
    args = [mailbox.pk] if mailbox else []
    return {
        "typed": typed,
        "mailbox": mailbox,
        "problems": problems or {},
        "presets": PRESETS,
        "preset": BY_KEY.get(preset),
        "securities": Security.choices,
        "sign_ins": [(key, words, "") for key, words in SignIn.choices],
        "action": reverse("mailboxes:change" if mailbox else "mailboxes:new", args=args),
        "trial": reverse("mailboxes:change_trial" if mailbox else "mailboxes:new_trial", args=args),
    }
