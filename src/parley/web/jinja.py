"""The environment of the pages: the few words that every template may use."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.templatetags.static import static
from django.urls import reverse
from django.utils import dateformat, timezone, translation
from django.utils.translation import gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, StrictUndefined, pass_context
from lucide.jinja import lucide as draw
from markupsafe import Markup

from parley.journal.moment import now
from parley.journal.telling_time import day_and_time, short_date, short_date_and_year
from parley.tickets.models import Ticket
from parley.tickets.stating import StateLine, state_line

WEEK = timedelta(days=7)


def environment(**options: Any) -> Environment:
    """The Jinja2 environment of all pages; an undefined name in a template is an error."""
    env = Environment(  # noqa: S701 - Django's backend passes autoescape=True
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
    env.globals.update(
        url=url,
        static=static,
        icon=icon,
        local_time=local_time,
        local_date=local_date,
        exact_time=exact_time,
        filesize=filesizeformat,
        state_of=state_of,
        settings=settings,
        languages=settings.LANGUAGES,
    )
    return env


def about_the_reader(request: HttpRequest) -> dict[str, Any]:
    """What every page knows: the reader, their language, whether this is the demo, and what to say."""
    return {
        "reader": getattr(request, "reader", None),
        "language": translation.get_language(),
        "demo": settings.DEMO,
        "toasts": get_messages(request),
    }


def url(name: str, *args: Any, **query: Any) -> str:
    """The address of a page by its name, with the query words that have a value."""
    if not query:
        return reverse(name, args=args)
    from django.utils.http import urlencode

    words = [(key, value) for key, value in query.items() if value not in (None, "", [])]
    return reverse(name, args=args) + (f"?{urlencode(words, doseq=True)}" if words else "")


@cache
def icon(name: str, size: int = 20, **attributes: str) -> Markup:
    """A lucide icon as inline SVG, hidden from screen readers: the words beside it speak.

    What all icons have in common (no fill, a round stroke) stands in `base.css`: a page has dozens.
    """
    drawn = draw(name, size=size, **{"aria-hidden": "true", **attributes})
    return Markup(_IN_COMMON.sub("", drawn))  # noqa: S704 - the package's own drawing


_IN_COMMON = re.compile(r'\n\s*| (?:fill="none"|stroke[a-z-]*="(?:currentColor|2|round)")| (?=/>)')


def local_time(moment: datetime | None) -> Markup:
    """A moment as the reader says it: relative within a week, the exact one on hover."""
    if moment is None:
        return Markup("")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        moment.astimezone(UTC).isoformat(timespec="seconds"), exact_time(moment), _words(moment)
    )


def exact_time(moment: datetime) -> str:
    """A moment in full, in the reader's zone and language."""
    return dateformat.format(timezone.localtime(moment), "j E Y, H:i")


def local_date(moment: datetime | date) -> str:
    """A day in the reader's zone and language."""
    if isinstance(moment, datetime):
        moment = timezone.localtime(moment)
    return dateformat.format(moment, "j E Y")


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
