"""Signing in and out. All but the demo's "sign in as" is allauth's; the pages are ours."""

from __future__ import annotations

from allauth.account.internal.flows.login import Login, perform_login
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_POST

from parley.demo.marketplace import accounts
from parley.parties.access import person_by_email


@require_POST
def sign_in_as(request: HttpRequest) -> HttpResponseBase:
    """The demo's "sign in as": one of the people it names, without a password. In the demo alone."""
    if not settings.DEMO:
        raise Http404
    email = request.POST.get("email", "")
    person = person_by_email(email) if email in {mail for _role, mail, _pw in accounts()} else None
    if person is None:
        raise Http404
    answer = perform_login(request, Login(user=person, redirect_url="/"))
    assert isinstance(answer, HttpResponseBase)
    return answer
