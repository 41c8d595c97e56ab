"""Single sign-on: an OpenID Connect provider says who somebody is (OpenID Connect Core 1.0).

It says so by an e-mail address that it has verified, and by nothing else: nothing of its accounts is
kept here, no account is tied to one, and nobody is made by it who was not invited. The ceremony
(authorization code with PKCE and a state of this session) is allauth's.
"""

from __future__ import annotations

from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.openid_connect import views as allauth
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from parley.parties.accepting import AccountClosed, accept_by_proved_mailbox
from parley.parties.access import memberships_of_email
from parley.parties.inviting import InvitationGone
from parley.parties.models import Person

PROVIDER = "main"
"""What the one provider is called in addresses."""


@never_cache
@require_POST
def begin(request: HttpRequest) -> HttpResponseBase:
    """Send the browser to the provider.

    By a page, and not by a redirect: browsers hold a form to the addresses that the CSP names, through
    all redirects of a provider whose addresses nobody knows beforehand.
    """
    _ensure_configured()
    try:
        answer = allauth.login(request, PROVIDER)
    except (RequestException, KeyError):
        return _trouble(request)
    if answer.status_code != 302:
        return answer  # type: ignore[no-any-return]
    return render(
        request,
        "account/sso_going.html",
        {"address": answer.headers["Location"], "name": settings.SINGLE_SIGN_ON_NAME},
    )


@never_cache
@require_GET
def back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """The browser is back from the provider."""
    _ensure_configured()
    try:
        answer: HttpResponseBase = allauth.callback(request, provider_id)
    except KeyError:  # an answer without what the protocol says must be in it
        return _trouble(request)
    return answer


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Who somebody is that the provider sends back."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the person by an address that the provider has verified. Raises ImmediateHttpResponse."""
        if request.user.is_authenticated or sociallogin.state.get("process") != "login":
            _refuse(request)
        person = _person_of(sociallogin)
        if person is None:
            _refuse(request)
        sociallogin.user = person

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Nobody is made by it."""
        return False

    def on_authentication_error(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Cancelled there, or gone wrong. Raises ImmediateHttpResponse: in words, with the way back."""
        is_away = isinstance(kwargs.get("exception"), RequestException)
        raise ImmediateHttpResponse(_trouble(request, 502 if is_away else 400))


def _person_of(sociallogin: SocialLogin) -> Person | None:
    """Who has the verified address; an invited one is made now, and has no password."""
    data = sociallogin.account.extra_data
    claims = data.get("userinfo") or data.get("id_token") or {}
    email = str(claims.get("email") or "").strip().lower()
    # A provider that says "false" in letters must not be taken at its word for truth.
    if not email or claims.get("email_verified") is not True:
        return None
    known = memberships_of_email(email).first()
    if known is not None:
        return known.person
    try:
        return accept_by_proved_mailbox(email, str(claims.get("name") or "")).person
    except (InvitationGone, AccountClosed):
        return None


def _refuse(request: HttpRequest) -> NoReturn:
    page = render(request, "account/sso_refused.html", _about(), status=403)
    raise ImmediateHttpResponse(page)


def _trouble(request: HttpRequest, status: int = 502) -> HttpResponse:
    return render(request, "account/sso_trouble.html", _about(), status=status)


def _about() -> dict[str, str]:
    return {"name": settings.SINGLE_SIGN_ON_NAME}


def _ensure_configured() -> None:
    if not settings.SINGLE_SIGN_ON_NAME:
        raise Http404
