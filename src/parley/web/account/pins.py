"""One's own support PIN, on Settings → Security and wherever else it is offered."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST

from parley.parties.pinning import Pin, pin_to_show, replace_pin
from parley.web.account import security
from parley.web.reader import SignedInRequest, signed_in


@require_POST
@signed_in
def shown(request: SignedInRequest) -> HttpResponseBase:
    """Show the PIN, a new one if there is none that holds: for htmx `security/_pin_body.html`."""
    return _with(request, pin_to_show(by=request.reader))


@require_POST
@signed_in
def replacement(request: SignedInRequest) -> HttpResponseBase:
    """Another PIN in its place, shown at once."""
    return _with(request, replace_pin(by=request.reader))


def _with(request: SignedInRequest, pin: Pin) -> HttpResponseBase:
    if request.htmx:
        context = {"pin": pin, "pin_ends_at": pin.ends_at}
        return render(request, "security/_pin_body.html", context)
    return security.show(request, pin=pin, pin_ends_at=pin.ends_at)
