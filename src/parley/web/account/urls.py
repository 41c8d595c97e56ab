"""The addresses of signing in: of allauth's, those that Parley has pages for."""

from __future__ import annotations

from allauth.account import views as allauth
from django.urls import path, register_converter
from django.urls.converters import StringConverter

from parley.web.account import factors, single_sign_on, views, way_back
from parley.web.reader import signed_in


class Base36(StringConverter):
    """A number as allauth writes it into links: it ends at the first hyphen, and the key has more."""

    regex = "[0-9A-Za-z]+"


register_converter(Base36, "base36")

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="account_login"),
    path("sign-in/as/", views.sign_in_as, name="sign_in_as"),
    path("sign-out/", allauth.logout, name="account_logout"),
    path("password/", views.ChangePassword.as_view(), name="account_change_password"),
    path("password/reset/", views.Forgotten.as_view(), name="account_reset_password"),
    path("password/reset/sent/", allauth.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/<base36:uidb36>-<str:key>/",
        views.NewPassword.as_view(),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/done/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("sso/", single_sign_on.begin, name="single_sign_on"),
    path("sso/<slug:provider_id>/back/", single_sign_on.back, name="openid_connect_callback"),
    # The second step, and showing once more who one is.
    path("second-step/", factors.SecondStep.as_view(), name="mfa_authenticate"),
    path("passkeys/sign-in/", factors.ByPasskey.as_view(), name="mfa_login_webauthn"),
    path("again/", signed_in(factors.Again.as_view()), name="account_reauthenticate"),
    path("again/code/", signed_in(factors.AgainByCode.as_view()), name="mfa_reauthenticate"),
    path(
        "again/passkey/",
        signed_in(factors.AgainByPasskey.as_view()),
        name="mfa_reauthenticate_webauthn",
    ),
    path("way-back/", way_back.asking, name="way_back"),
    path("way-back/<str:signed>/", way_back.taking, name="way_back_take"),
    path("way-back/<str:signed>/cancellation/", way_back.cancelling, name="way_back_cancel"),
    # What is set up.
    path("app/", signed_in(factors.AddApp.as_view()), name="mfa_activate_totp"),
    path("app/removal/", signed_in(factors.RemoveApp.as_view()), name="mfa_deactivate_totp"),
    path("passkeys/", signed_in(factors.AddPasskey.as_view()), name="mfa_add_webauthn"),
    path(
        "passkeys/<int:pk>/", signed_in(factors.RenamePasskey.as_view()), name="mfa_edit_webauthn"
    ),
    path(
        "passkeys/<int:pk>/removal/",
        signed_in(factors.RemovePasskey.as_view()),
        name="mfa_remove_webauthn",
    ),
    path("recovery-codes/", signed_in(factors.ShowCodes.as_view()), name="mfa_view_recovery_codes"),
    path(
        "recovery-codes/new/",
        signed_in(factors.MakeCodes.as_view()),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "recovery-codes/file/",
        signed_in(factors.DownloadCodes.as_view()),
        name="mfa_download_recovery_codes",
    ),
]
