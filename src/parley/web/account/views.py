"""Signing in. All but the demo's "sign in as" is allauth's; the pages are ours."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.forms import ResetPasswordForm
from allauth.account.internal.flows.login import Login, perform_login
from allauth.account.views import (
    LoginView,
    PasswordChangeView,
    PasswordResetFromKeyView,
    PasswordResetView,
)
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parley.parties.access import memberships_by_email
from parley.parties.signing_in import password_changed
from parley.web.account.adapter import TOO_MANY
from parley.web.account.whence import passkeys_work
from parley.web.errors import minutes_to_wait
from parley.web.jobs import send_reset_link
from parley.web.reader import SignedInRequest


class SignIn(LoginView):  # type: ignore[misc]
    """allauth's page; in the demo it also offers the people to sign in as.

    Context: allauth's `form` and `redirect_field_*`, and `demo_accounts` (email, name, kind, party,
    role in words), empty outside the demo.
    """

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "demo_accounts": _demo_accounts() if settings.DEMO_PEOPLE else [],
            "passkeys_work": passkeys_work(self.request),
        }

    def form_invalid(self, form: Any) -> HttpResponse:
        """The form again, with what is wrong; 429 when it was tried too often."""
        response: HttpResponse = super().form_invalid(form)
        if form.has_error(NON_FIELD_ERRORS, TOO_MANY):
            response.status_code = 429
            response.headers["Retry-After"] = str(minutes_to_wait(self.request) * 60)
        return response


class ForgottenForm(ResetPasswordForm):  # type: ignore[misc]
    """Known address or not, what happens is the same, and takes as long: a job looks, later."""

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Have the mail sent; gives the address."""
        email: str = self.cleaned_data["email"]
        send_reset_link.defer(email=email)
        return email


class Forgotten(PasswordResetView):  # type: ignore[misc]
    """allauth's page, with the mail sent by a job."""

    form_class = ForgottenForm


class ChangePassword(PasswordChangeView):  # type: ignore[misc]
    """allauth's page; done, it leads back to Security and says so."""

    success_url = reverse_lazy("security:security")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """One who has none, and comes in by single sign-on, chooses one by a link to their mailbox."""
        reader = cast(SignedInRequest, request).reader
        if reader is not None and not reader.person.has_usable_password():
            return redirect("account_reset_password")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        """Change it; all other sessions of the person end."""
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            reader = cast(SignedInRequest, self.request).reader
            self.request.session.cycle_key()
            password_changed(reader.person, "settings", but=self.request.session.session_key)
        messages.success(self.request, _("Your password is changed. Other devices are signed out."))
        return response


class NewPassword(PasswordResetFromKeyView):  # type: ignore[misc]
    """allauth's page behind the link in the mail; done, all sessions of the person end."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it."""
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            password_changed(self.reset_user, "mail")
        return response


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
