"""The addresses of signing in: of allauth's, those that Parley has pages for."""

from __future__ import annotations

from allauth.account import views as allauth
from django.urls import path, register_converter
from django.urls.converters import StringConverter

from parley.web.account import views


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
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/done/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
