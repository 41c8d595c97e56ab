"""The environment of the pages: the few words that every template may use."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from babel.numbers import format_percent
from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.defaultfilters import filesizeformat
from django.templatetags.static import static as static_address
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext, npgettext, pgettext, to_locale
from jinja2 import StrictUndefined, pass_context
from lucide.jinja import lucide as draw
from markupsafe import Markup

from parley.journal.moment import now
from parley.journal.telling_time import (
    day_and_time,
    day_in_full,
    short_date,
    short_date_and_year,
    span,
)
from parley.ledger.money import BASIS_POINTS, in_words
from parley.parties.models import Membership
from parley.tickets.models import Ticket
from parley.tickets.stating import StateLine, state_line
from parley.web.chat.script import script_address
from parley.web.figures import rating_words, share_words, time_words
from parley.web.folding import FoldedEnvironment
from parley.web.reader import ACTING_AS

WEEK = timedelta(days=7)


def environment(**options: Any) -> FoldedEnvironment:
    """The Jinja2 environment of all pages; an undefined name in a template is an error."""
    env = FoldedEnvironment(
        **{
            **options,
            "undefined": StrictUndefined,
            "trim_blocks": True,
            "lstrip_blocks": True,
            "extensions": ["jinja2.ext.i18n", "jinja2.ext.do"],
        }
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    env.constant = {
        "url": url,
        "static": static,
        "icon": icon,
        "messenger_script": script_address,
    }
    env.globals.update(
        env.constant,
        local_time=local_time,
        local_date=local_date,
        exact_time=exact_time,
        filesize=filesizeformat,
        state_of=state_of,
        money=in_words,
        percent=percent,
        working_time=span,
        settings=settings,
        languages=settings.LANGUAGES,
    )
    env.filters.update(time_words=time_words, share_words=share_words, rating_words=rating_words)
    return env


def about_the_reader(request: HttpRequest) -> dict[str, Any]:
    """What every page knows: the reader, their language, whether this is the demo, and what to say."""
    token = SimpleLazyObject(lambda: get_token(request))
    reader = getattr(request, "reader", None)
    return {
        "reader": reader,
        "language": translation.get_language(),
        "demo": settings.DEMO,
        "toasts": get_messages(request),
        # Django masks the token anew for each form on a page; once a page is as good.
        "csrf_token": token,
        "csrf_input": SimpleLazyObject(lambda: _csrf_input(token, reader)),
    }


def _csrf_input(token: object, reader: Membership | None) -> Markup:
    """What every form carries: the token, and for whom its reader acted when it was shown."""
    hidden = Markup('<input type="hidden" name="{}" value="{}">')
    carried = hidden.format("csrfmiddlewaretoken", token)
    return carried + hidden.format(ACTING_AS, reader.pk) if reader else carried


def url(name: str, *args: Any, **query: Any) -> str:
    """The address of a page by its name, with the query words that have a value."""
    if len(args) == 1 and type(args[0]) is int:
        before, after = _around_number(name)
        address = f"{before}{args[0]}{after}"
    else:
        address = _address(name, args)
    words = [(key, value) for key, value in query.items() if value not in (None, "", [])]
    return f"{address}?{urlencode(words, doseq=True)}" if words else address


@lru_cache(maxsize=1024)
def _address(name: str, args: tuple[Any, ...]) -> str:
    return reverse(name, args=args)


@cache
def _around_number(name: str) -> tuple[str, str]:
    """The address of a numbered page before and after the number: a list has many of them."""
    before, _number, after = reverse(name, args=[1234567890]).partition("1234567890")
    return before, after


@cache
def static(path: str) -> str:
    """The address of a static file."""
    return static_address(path)


@cache
def icon(name: str, size: int = 20, **attributes: str) -> Markup:
    """A lucide icon as inline SVG, hidden from screen readers: the words beside it speak.

    What all icons have in common (no fill, a round stroke) stands in `base.css`: a page has dozens.
    """
    drawn = draw(name, size=size, **{"aria-hidden": "true", **attributes})
    return Markup(_IN_COMMON.sub("", drawn))  # noqa: S704 - the package's own drawing


_IN_COMMON = re.compile(r'\n\s*| (?:fill="none"|stroke[a-z-]*="(?:currentColor|2|round)")| (?=/>)')


def percent(basis_points: int) -> str:
    """A rate of VAT as people read it: 2000 is 20%."""
    return _percent(basis_points, to_locale(translation.get_language() or "en"))


@cache
def _percent(basis_points: int, locale: str) -> str:
    rate = Decimal(basis_points) / BASIS_POINTS
    return format_percent(rate, locale=locale, decimal_quantization=False)


def local_time(moment: datetime | None) -> Markup:
    """A moment as the reader says it: relative within a week, the exact one on hover."""
    if moment is None:
        return Markup("")
    return _time(
        moment, _words(moment), timezone.get_current_timezone(), translation.get_language()
    )


# Pages name the same moments again and again: the latest rows of a list, to everybody who opens it.
@lru_cache(maxsize=8192)
def _time(moment: datetime, words: str, zone: tzinfo, _language: str | None) -> Markup:
    at = moment.astimezone(UTC).isoformat(timespec="seconds")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        at, _exact(moment.astimezone(zone)), words
    )


def exact_time(moment: datetime) -> str:
    """A moment in full, in the reader's zone and language."""
    return _exact(timezone.localtime(moment))


def _exact(local: datetime) -> str:
    return f"{day_in_full(local.date())}, {local:%H:%M}"


def local_date(moment: datetime | date) -> str:
    """A day in the reader's zone and language."""
    if isinstance(moment, datetime):
        moment = timezone.localtime(moment).date()
    return day_in_full(moment)


def _words(moment: datetime) -> str:
    past = now() - moment
    if timedelta(0) <= past < timedelta(minutes=1):
        return gettext("just now")
    if timedelta(0) <= past < timedelta(hours=1):
        return gettext("%(minutes)s min ago") % {"minutes": past.seconds // 60}
    if timedelta(0) <= past < timedelta(hours=12):
        hours = past.seconds // 3600
        return ngettext("%(hours)s hour ago", "%(hours)s hours ago", hours) % {"hours": hours}
    if abs(past) < WEEK:
        return day_and_time(moment)
    this_year = timezone.localtime(moment).year == timezone.localtime(now()).year
    return short_date(moment) if this_year else short_date_and_year(moment)


@pass_context
def state_of(context: Any, ticket: Ticket) -> StateLine:
    """The one sentence of state, in the reader's own terms."""
    return state_line(ticket, context["reader"].party_id)
