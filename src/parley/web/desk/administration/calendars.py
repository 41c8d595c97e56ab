"""Calendars: the list, and one of each with the days off it has ahead (T10, S5)."""

from __future__ import annotations

from babel import Locale
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parley.conversations.typed import typed
from parley.journal.moment import now
from parley.journal.telling_time import WEEKDAY_NAMES
from parley.sla.days_off import countries
from parley.sla.keeping_calendars import (
    CalendarRefused,
    CalendarTyped,
    StillUsed,
    add_calendar,
    all_calendars,
    as_typed,
    change_calendar,
    days_off,
    remove_calendar,
    zones,
)
from parley.sla.models import Calendar
from parley.sla.weekly_hours import WEEKDAYS
from parley.web.desk.administration.doors import keepers_only
from parley.web.reader import SignedInRequest

OFFICE = dict.fromkeys(WEEKDAYS[:5], "9:00–17:30")


@require_http_methods(["GET", "POST"])
@keepers_only
def calendars(request: SignedInRequest) -> HttpResponseBase:
    """The list: `administration/calendars.html`; posted, it has one more. Context: `calendars`."""
    if request.method == "POST":
        typed = _typed(request)
        try:
            add_calendar(typed, by=request.reader)
        except CalendarRefused as refusal:
            return _page(request, None, typed, refusal.problems)
        messages.success(request, _("Added. Let a policy go by it."))
        return redirect("administration:calendars")
    context = {"calendars": [(one, as_typed(one)) for one in all_calendars()], "days": _days()}
    return render(request, "administration/calendars.html", context)


@require_GET
@keepers_only
def new_calendar(request: SignedInRequest) -> HttpResponseBase:
    """A form for a new calendar: `administration/calendar.html`."""
    zone = request.reader.person.time_zone
    return _page(request, None, CalendarTyped(name="", time_zone=zone, hours=OFFICE))


@require_http_methods(["GET", "POST"])
@keepers_only
def calendar(request: SignedInRequest, calendar: int) -> HttpResponseBase:
    """One calendar: `administration/calendar.html`; posted, it is changed.

    Context: `calendar`, `typed` (a CalendarTyped), `problems`, `days` (pairs of a weekday and its
    name), `modes`, `zones`, `countries` (pairs), `parts` (of the country: pairs), `days_off`.
    """
    found = all_calendars().filter(pk=calendar).first()
    if found is None:
        raise Http404
    if request.method == "GET":
        return _page(request, found, as_typed(found))
    typed = _typed(request)
    try:
        change_calendar(calendar, typed, by=request.reader)
    except CalendarRefused as refusal:
        return _page(request, found, typed, refusal.problems)
    messages.success(request, _("Saved. Clocks that run keep their times."))
    return redirect("administration:calendars")


@require_POST
@keepers_only
def calendar_removal(request: SignedInRequest, calendar: int) -> HttpResponseBase:
    """Remove a calendar that no policy goes by."""
    try:
        remove_calendar(calendar, by=request.reader)
    except Calendar.DoesNotExist:
        raise Http404 from None
    except StillUsed:
        messages.error(request, _("Policies go by this calendar. Give them another one first."))
        return redirect("administration:calendar", calendar)
    messages.success(request, _("Removed."))
    return redirect("administration:calendars")


@require_GET
@keepers_only
def country_parts(request: SignedInRequest) -> HttpResponseBase:
    """The parts of the `country` that have holidays of their own: `administration/_parts.html`."""
    asked = request.GET.get("country", "")
    context = {"parts": _parts(asked), "chosen": "", "problem": ""}
    return render(request, "administration/_parts.html", context)


def _parts(country: str) -> list[tuple[str, str]]:
    known = countries().get(country, {})
    return sorted(known.items(), key=lambda one: one[1])


def _countries() -> list[tuple[str, str]]:
    names = Locale.parse(to_locale(get_language() or "en")).territories
    return sorted(((code, names.get(code, code)) for code in countries()), key=lambda one: one[1])


def _days() -> list[tuple[str, str]]:
    return [(day, str(name)) for day, name in zip(WEEKDAYS, WEEKDAY_NAMES, strict=True)]


def _typed(request: SignedInRequest) -> CalendarTyped:
    sent = {name: typed(request.POST.get(name, ""))[:10_000] for name in request.POST}
    return CalendarTyped(
        name=sent.get("name", ""),
        mode=sent.get("mode", ""),
        time_zone=sent.get("time_zone", ""),
        hours={day: sent.get(day, "") for day in WEEKDAYS},
        country=sent.get("country", ""),
        subdivision=sent.get("subdivision", ""),
        own_days=sent.get("own_days", ""),
    )


def _page(
    request: SignedInRequest,
    calendar: Calendar | None,
    typed: CalendarTyped,
    problems: dict[str, str] | None = None,
) -> HttpResponse:
    context = {
        "calendar": calendar,
        "typed": typed,
        "problems": problems or {},
        "days": _days(),
        "modes": Calendar.Mode.choices,
        "zones": zones(),
        "countries": _countries(),
        "parts": _parts(typed.country),
        "days_off": days_off(calendar, now()) if calendar else [],
    }
    status = 422 if problems else 200
    return render(request, "administration/calendar.html", context, status=status)
