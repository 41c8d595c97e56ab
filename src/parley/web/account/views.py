"""Signing in. All but the demo's "sign in as" is allauth's; the pages are ours."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import Login, perform_login
from allauth.account.views import LoginView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_POST

from parley.parties.access import memberships_by_email


class SignIn(LoginView):  # type: ignore[misc]
    """allauth's page; in the demo it also offers the people to sign in as.

    Context: allauth's `form` and `redirect_field_*`, and `demo_accounts` (email, name, kind, party,
    role in words), empty outside the demo.
    """

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"demo_accounts": _demo_accounts() if settings.DEMO_PEOPLE else []}


@require_POST
def sign_in_as(request: HttpRequest) -> HttpResponseBase:
    """The demo's "sign in as": one of the people it names, without a password. In the demo alone."""
    email = request.POST.get("email", "")
    if email not in settings.DEMO_PEOPLE:
        raise Http404
    membership = memberships_by_email([email]).first()
    if membership is None:
        raise Http404
    answer = perform_login(request, Login(user=membership.person, redirect_url="/"))
    assert isinstance(answer, HttpResponseBase)
    return answer


def _demo_accounts() -> list[dict[str, str]]:
    emails: list[str] = settings.DEMO_PEOPLE
    found = memberships_by_email(emails).order_by("pk")
    ordered = sorted(found, key=lambda membership: emails.index(membership.person.email))
    return [
        {
            "email": membership.person.email,
            "name": membership.person.name,
            "kind": membership.party.kind,
            "party": membership.party.name,
            "role": membership.get_role_display(),
        }
        for membership in ordered
    ]
