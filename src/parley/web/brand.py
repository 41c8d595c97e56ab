"""The one sheet that is made, and no file: the colour that the operator has picked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from parley.parties.branding import USUAL_HUE, hue

SECONDS_KEPT = 60
"""How long a browser asks no more: a change is seen everywhere within a minute."""


@require_safe
@cache_control(public=True, max_age=SECONDS_KEPT)
def brand_css(request: HttpRequest) -> HttpResponse:
    """A few bytes on top of `tokens.css`; empty while nothing was picked."""
    picked = hue()
    rule = "" if picked == USUAL_HUE else f"@layer tokens {{ :root {{ --hue: {picked}; }} }}\n"
    return HttpResponse(rule, content_type="text/css; charset=utf-8")
