"""Second factors: setting them up, taking them off, and showing them. The ceremonies are allauth's.

A factor that is added or removed ends all other sessions of the person, gives this one a new key, is
kept in the journal, and is told to the person by letter (`adapter.send_notification_mail`).
"""

from __future__ import annotations

from typing import Any, cast

from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateByCodeView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import (
    DownloadRecoveryCodesView,
    GenerateRecoveryCodesView,
    ViewRecoveryCodesView,
)
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    EditWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _

from parley.parties.second_factors import codes_made, factor_added, factor_removed, factors_of
from parley.web.account.adapter import TOO_MANY
from parley.web.account.whence import passkeys_work
from parley.web.errors import minutes_to_wait
from parley.web.reader import SignedInRequest

SECURITY = reverse_lazy("security:security")


def _renew(request: HttpRequest) -> str | None:
    """Give the session a new key, and say which."""
    request.session.cycle_key()
    return request.session.session_key


def _signed_in(request: HttpRequest) -> SignedInRequest:
    return cast(SignedInRequest, request)


class _Adding:
    """After a factor was added: the codes are shown to those who have got some by it."""

    request: HttpRequest
    did_generate_recovery_codes: bool
    factor: str

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it, end what is open elsewhere."""
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
            reader = _signed_in(self.request).reader
            factor_added(self.factor, by=reader, session=_renew(self.request))
        return response

    def get_success_url(self) -> str:
        """The recovery codes, if there are new ones."""
        if self.did_generate_recovery_codes:
            return reverse("mfa_view_recovery_codes")
        return reverse("security:security")


class AddApp(_Adding, ActivateTOTPView):  # type: ignore[misc]
    """An authenticator app: a picture to scan, and the first code to show that it worked."""

    factor = Authenticator.Type.TOTP
    template_name = "mfa/totp/activate_form.html"


class AddPasskey(_Adding, AddWebAuthnView):  # type: ignore[misc]
    """A passkey, which can be signed in with on its own: it verifies its owner, and is found by itself."""

    factor = Authenticator.Type.WEBAUTHN

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """`options` for the browser, and `works`: whether this address can have passkeys."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        options = auth.begin_registration(_signed_in(self.request).reader.person, True)
        return context | {"options": options, "works": passkeys_work(self.request)}


class RemoveApp(DeactivateTOTPView):  # type: ignore[misc]
    """Without the app from now on."""

    success_url = SECURITY

    def form_valid(self, form: Any) -> HttpResponse:
        """Remove it, end what is open elsewhere."""
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            reader = _signed_in(self.request).reader
            factor_removed(Authenticator.Type.TOTP, by=reader, session=_renew(self.request))
        messages.success(self.request, _("The authenticator app is removed."))
        return response


class RemovePasskey(RemoveWebAuthnView):  # type: ignore[misc]
    """Without this passkey from now on."""

    success_url = SECURITY

    def form_valid(self, form: Any) -> HttpResponse:
        """Remove it, end what is open elsewhere."""
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            reader = _signed_in(self.request).reader
            factor_removed(Authenticator.Type.WEBAUTHN, by=reader, session=_renew(self.request))
        messages.success(self.request, _("The passkey is removed."))
        return response


class RenamePasskey(EditWebAuthnView):  # type: ignore[misc]
    """Another name for a passkey."""

    success_url = SECURITY


class MakeCodes(GenerateRecoveryCodesView):  # type: ignore[misc]
    """New recovery codes in place of the old."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Make them."""
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            codes_made(by=_signed_in(self.request).reader)
        return response


class ShowCodes(ViewRecoveryCodesView):  # type: ignore[misc]
    """The recovery codes that are left."""


class DownloadCodes(DownloadRecoveryCodesView):  # type: ignore[misc]
    """The same as a file."""


class SecondStep(AuthenticateView):  # type: ignore[misc]
    """The second step of signing in: a code, or a passkey."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """`ways`: the kinds of factor the person has; `options` for the browser where it has passkeys."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        ways = set(factors_of(self.stage.login.user).values_list("type", flat=True))
        return context | {
            "ways": ways,
            "options": context.get("js_data", {}).get("request_options"),
            "works": passkeys_work(self.request),
        }

    def form_invalid(self, form: Any) -> HttpResponse:
        """The page again; 429 when it was tried too often."""
        response: HttpResponse = super().form_invalid(form)
        if form.has_error("code", TOO_MANY) or form.has_error("credential", TOO_MANY):
            response.status_code = 429
            response.headers["Retry-After"] = str(minutes_to_wait(self.request) * 60)
        return response


class ByPasskey(LoginWebAuthnView):  # type: ignore[misc]
    """Signing in with a passkey and nothing else: asked for by script, then sent as a form."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """In words, on a page that leads back."""
        return render(self.request, "account/no_passkey.html", status=422)


class Again(ReauthenticateView):  # type: ignore[misc]
    """The password once more, before something that matters."""

    template_name = "account/reauthenticate.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """Go on. A password that was hashed in an older way has been hashed anew by being typed."""
        person = _signed_in(self.request).reader.person
        person.refresh_from_db(fields=["password"])
        self.request.session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        response: HttpResponse = super().form_valid(form)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        """The page again; 429 when it was tried too often."""
        response: HttpResponse = super().form_invalid(form)
        if form.has_error("password", TOO_MANY) or form.has_error(NON_FIELD_ERRORS, TOO_MANY):
            response.status_code = 429
        return response


class AgainByCode(ReauthenticateByCodeView):  # type: ignore[misc]
    """A code once more."""


class AgainByPasskey(ReauthenticateWebAuthnView):  # type: ignore[misc]
    """A passkey once more."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """`options` for the browser."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"options": context["js_data"]["request_options"]}

    def form_invalid(self, form: Any) -> HttpResponseBase:
        """Back to try once more."""
        return HttpResponseRedirect(self.request.get_full_path())
