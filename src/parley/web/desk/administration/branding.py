"""Administration → Name, colour and contact: how the place is called, looks and is reached."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from parley.parties.branding import HUE, HUES
from parley.parties.contact import MAX_NOTICE, SAFETY_NOTICE, SUPPORT_ADDRESS, support_address
from parley.parties.founding import LONGEST_NAME, PartyRefused, rename_party
from parley.parties.settling import CannotBeSo, Settled, settle, settled
from parley.web.desk.administration.doors import admins_only
from parley.web.reader import SignedInRequest

_HUE_WORDS: dict[int, str | Promise] = {
    273: gettext_lazy("Indigo"),
    250: gettext_lazy("Blue"),
    195: gettext_lazy("Teal"),
    150: gettext_lazy("Green"),
    110: gettext_lazy("Olive"),
    55: gettext_lazy("Amber"),
    25: gettext_lazy("Red"),
    350: gettext_lazy("Pink"),
    310: gettext_lazy("Violet"),
}


@require_http_methods(["GET", "POST"])
@admins_only
def branding(request: SignedInRequest) -> HttpResponseBase:
    """`administration/branding.html`; posted, what differs is settled, all of it or nothing.

    Context: `typed` (name, hue, support_address, notices by language), `problems`, `hues` (pairs),
    `usual_address` (where one writes to if none is settled), `longest`, `longest_notice`.
    """
    if request.method == "GET":
        return _page(request, _settled(request))
    typed = _typed(request)
    problems = _keep(request, typed)
    if problems:
        return _page(request, typed, problems)
    messages.success(request, _("Saved. A new colour is seen everywhere within a minute."))
    return redirect("administration:branding")


def _settled(request: SignedInRequest) -> dict[str, Any]:
    notice = settled(SAFETY_NOTICE)
    return {
        "name": request.reader.party.name,
        "hue": str(settled(HUE)),
        "support_address": settled(SUPPORT_ADDRESS),
        "notices": {code: notice.get(code, "") for code, _name in settings.LANGUAGES},
    }


def _typed(request: SignedInRequest) -> dict[str, Any]:
    def text(name: str) -> str:
        return request.POST.get(name, "").replace("\x00", "").replace("\r\n", "\n").strip()

    return {
        "name": text("name"),
        "hue": text("hue"),
        "support_address": text("support_address"),
        "notices": {code: text(f"notice_{code}") for code, _name in settings.LANGUAGES},
    }


def _keep(request: SignedInRequest, typed: dict[str, Any]) -> dict[str, str]:
    """Settle all of it; what is wrong, field by field, and then nothing is settled."""
    problems: dict[str, str] = {}
    with transaction.atomic():
        try:
            rename_party(request.reader.party_id, typed["name"], by=request.reader)
        except PartyRefused as refusal:
            problems |= refusal.problems
        notice = {code: words for code, words in typed["notices"].items() if words}
        hue = int(typed["hue"]) if typed["hue"].isdecimal() and len(typed["hue"]) < 4 else -1
        wanted: tuple[tuple[str, Settled[Any], Any, str], ...] = (
            ("hue", HUE, hue, _("Pick a colour.")),
            (
                "support_address",
                SUPPORT_ADDRESS,
                typed["support_address"],
                _("Write an e-mail address, such as name@example.com."),
            ),
            (
                "notice",
                SAFETY_NOTICE,
                notice,
                _("Write at most %(most)s characters.") % {"most": MAX_NOTICE},
            ),
        )
        for name, thing, value, why_not in wanted:
            try:
                settle(thing, value, by=request.reader)
            except CannotBeSo:
                problems[name] = why_not
        if problems:
            transaction.set_rollback(True)
    return problems


def _page(
    request: SignedInRequest, typed: dict[str, Any], problems: dict[str, str] | None = None
) -> HttpResponse:
    context = {
        "typed": typed,
        "problems": problems or {},
        "hues": [(str(hue), _HUE_WORDS[hue]) for hue in HUES],
        "usual_address": support_address(),
        "longest": LONGEST_NAME,
        "longest_notice": MAX_NOTICE,
    }
    return render(request, "administration/branding.html", context, status=422 if problems else 200)
