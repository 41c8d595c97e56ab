"""Settings → Security: by what one is known here, and where one is signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from parley.web.account.answering import answers_section
from parley.web.account.pin_section import pin_section
from parley.web.account.sections import factors_section, sessions_section
from parley.web.reader import SignedInRequest, signed_in

SECTIONS: tuple[Callable[[SignedInRequest], dict[str, Any]], ...] = (
    pin_section,
    factors_section,
    sessions_section,
    answers_section,
)
"""What stands on the page, each in a fragment of its own: a function gives its fragment's context.

Each takes the request, with its reader, and asks the database twice at the most.
"""


@require_GET
@signed_in
def security(request: SignedInRequest) -> HttpResponseBase:
    """`security/security.html`: the person's password, and what each of `SECTIONS` has to show."""
    return show(request)


def show(request: SignedInRequest, status: int = 200, **more: object) -> HttpResponse:
    """The page, with `more` in its context: what was just made, or what is wrong with a form."""
    context: dict[str, Any] = {"person": request.reader.person}
    for section in SECTIONS:
        context |= section(request)
    return render(request, "security/security.html", context | more, status=status)
