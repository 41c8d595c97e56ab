"""Pages of the way back for somebody who has lost a second factor, and the letters on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginStageController
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parley.parties.coming_back import (
    HOURS_TO_WAIT,
    NothingLost,
    NoWayBack,
    approve,
    approvers_of,
    ask,
    cancel,
    may_approve_any,
    open_way_back,
    refuse,
    take,
    ways_back_for,
)
from parley.parties.models import Person, Role, WayBack
from parley.parties.settling import CannotBeSo, settle, settled
from parley.parties.signing_in import device_in_words
from parley.web.account.letters import mail_to
from parley.web.account.whence import whence_of
from parley.web.jobs import tell_of_way_back
from parley.web.reader import SignedInRequest, only_for

SALT = "parley.way-back"


@dataclass(frozen=True)
class Told:
    """A letter on the way: its subject, what it says, and where its link leads (`cancel`, `take`…)."""

    subject: str | Promise
    said: str | Promise
    leads_to: str
    link_says: str | Promise


TOLD: dict[str, Told] = {
    "asked": Told(
        gettext_lazy("Somebody says that your second factor is lost"),
        gettext_lazy(
            "Somebody who knows your password says that your second factor is lost. If it was you: "
            "whoever keeps the people of your company has to approve it, and then some time has to "
            "pass. If it was not you, cancel it, and change your password at once."
        ),
        "cancel",
        gettext_lazy("Cancel it:"),
    ),
    "approved": Told(
        gettext_lazy("Your second factor will be taken off"),
        gettext_lazy(
            "It was approved that your second factor is taken off. A link for it comes to this address "
            "when the waiting time is over. If you didn't ask for it, cancel it now, and change "
            "your password at once."
        ),
        "cancel",
        gettext_lazy("Cancel it:"),
    ),
    "open": Told(
        gettext_lazy("You can take your second factor off now"),
        gettext_lazy(
            "The waiting time is over. The link takes your second factor off, once you have typed your "
            "password. If you didn't ask for it, don't follow it, and change your password at once."
        ),
        "take",
        gettext_lazy("Take it off:"),
    ),
    "taken": Told(
        gettext_lazy("Your second factor is off"),
        gettext_lazy(
            "All second factors were taken off your account, and all devices are signed out. Sign in "
            "with your password, and set up a new one."
        ),
        "security",
        gettext_lazy("Set one up:"),
    ),
    "to_approve": Told(
        gettext_lazy("A colleague says that a second factor is lost"),
        gettext_lazy(
            "%(who)s says that their second factor is lost, and asks for a way back. Speak to them "
            "before you approve it: call the number you know, and don't go by a mail."
        ),
        "ways_back",
        gettext_lazy("Look at it:"),
    ),
}


def send(way_back: WayBack, about: str) -> None:
    """Send a letter on the way to its person, or to all who may approve it. Raises as mail does."""
    if about != "to_approve":
        _send_to(way_back.person, way_back, about)
        return
    for approver in approvers_of(way_back):
        _send_to(approver.person, way_back, about)


def _send_to(person: Person, way_back: WayBack, about: str) -> None:
    with translation.override(person.language):
        told = TOLD[about]
        words = {
            "name": person.name,
            "said": str(told.said) % {"who": way_back.person.name},
            "link_says": told.link_says,
            "link": settings.PUBLIC_URL + _path(way_back, told.leads_to),
        }
        subject, mail = str(told.subject), "account/email/way_back.txt"
        mail_to(person, subject, render_to_string(mail, words))


def _path(way_back: WayBack, leads_to: str) -> str:
    if leads_to in ("security", "ways_back"):
        return reverse(f"security:{leads_to}")
    return reverse(f"way_back_{leads_to}", args=[_signed(way_back, leads_to)])


def _signed(way_back: WayBack, leads_to: str) -> str:
    return signing.dumps([way_back.pk, leads_to], salt=SALT)


def _key_of(signed: str, leads_to: str) -> int:
    """Raises Http404 for a link that is none of ours, or made for something else."""
    try:
        key, made_for = signing.loads(signed, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise Http404 from None
    if made_for != leads_to:
        raise Http404
    return int(key)


@require_http_methods(["GET", "POST"])
def asking(request: HttpRequest) -> HttpResponseBase:
    """For somebody between the password and the second step, and for nobody else."""
    stage = LoginStageController.enter(request, AuthenticateStage.key)
    if stage is None:
        return redirect("account_login")
    if request.method != "POST":
        return render(request, "account/way_back.html", {"hours": settled(HOURS_TO_WAIT)})
    try:
        made, is_new = ask(stage.login.user, whence_of(request))
    except NothingLost:
        return redirect("account_login")
    if is_new:
        tell_of_way_back.defer(key=made.pk, about="asked")
        tell_of_way_back.defer(key=made.pk, about="to_approve")
    clear_login(request)
    return render(request, "account/way_back_asked.html", {"hours": settled(HOURS_TO_WAIT)})


@require_http_methods(["GET", "POST"])
def cancelling(request: HttpRequest, signed: str) -> HttpResponseBase:
    """Cancel it, by the link in a letter: a page first, since mail servers follow links as well."""
    key = _key_of(signed, "cancel")
    if request.method != "POST":
        return render(request, "account/way_back_cancel.html", {"is_done": False})
    try:
        cancel(key)
    except NoWayBack:
        return _gone(request)
    return render(request, "account/way_back_cancel.html", {"is_done": True})


@require_http_methods(["GET", "POST"])
def taking(request: HttpRequest, signed: str) -> HttpResponseBase:
    """Take it, by the link in a letter and the password once more."""
    key = _key_of(signed, "take")
    try:
        person = open_way_back(key).person
    except NoWayBack:
        return _gone(request)
    if request.method != "POST":
        return _password_page(request)
    credentials = {"email": person.email, "password": request.POST.get("password", "")}
    try:
        known = get_adapter(request).authenticate(request, **credentials)
    except ValidationError as refusal:
        return _password_page(request, " ".join(refusal.messages), status=429)
    if known is None or known.pk != person.pk:
        return _password_page(request, _("That is not your password."), status=422)
    try:
        take(key)
    except NoWayBack:
        return _gone(request)
    tell_of_way_back.defer(key=key, about="taken")
    return render(request, "account/way_back_taken.html")


def _password_page(request: HttpRequest, problem: str = "", status: int = 200) -> HttpResponse:
    return render(request, "account/way_back_take.html", {"problem": problem}, status=status)


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "account/way_back_gone.html", status=410)


@require_GET
def _ways_back(request: SignedInRequest) -> HttpResponseBase:
    """`security/ways_back.html`: those that wait for this reader's word; `hours`, and who settles them."""
    return _list(request)


def _list(request: SignedInRequest, status: int = 200) -> HttpResponse:
    rows: list[dict[str, Any]] = [
        {"key": one.pk, "person": one.person, "at": one.asked_at,
         "device": device_in_words(one.device), "address": one.address or ""}
        for one in ways_back_for(request.reader)[:100]
    ]  # fmt: skip
    context = {
        "rows": rows,
        "hours": settled(HOURS_TO_WAIT),
        "may_settle": request.reader.role == Role.ADMIN,
    }
    return render(request, "security/ways_back.html", context, status=status)


@require_POST
def _deciding(request: SignedInRequest, key: int) -> HttpResponseBase:
    """Approve it, or refuse it. Raises Http404 for one that is not this reader's to decide."""
    try:
        if request.POST.get("answer") == "approve":
            approve(key, by=request.reader)
            tell_of_way_back.defer(key=key, about="approved")
            messages.success(
                request, _("Approved. They are told, and it opens when its time has passed.")
            )
        else:
            refuse(key, by=request.reader)
            messages.success(request, _("Refused. Their second factor stays as it is."))
    except NoWayBack:
        raise Http404 from None
    return redirect("security:ways_back")


@require_POST
def _waiting(request: SignedInRequest) -> HttpResponseBase:
    """Settle how many hours it waits."""
    typed = request.POST.get("hours", "")
    try:
        hours = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 0
        settle(HOURS_TO_WAIT, hours, by=request.reader)
    except CannotBeSo:
        messages.error(request, _("Write a number of hours from 1 to 168."))
    else:
        messages.success(request, _("The waiting time is saved."))
    return redirect("security:ways_back")


ways_back = only_for(may_approve_any, _ways_back)
deciding = only_for(may_approve_any, _deciding)
waiting = only_for(lambda reader: reader.role == Role.ADMIN, _waiting)
