"""The addresses of signing in: of allauth's, those that Parley has pages for."""

from __future__ import annotations

from allauth.account import views as allauth
from django.urls import path

from parley.web.account import views

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="account_login"),
    path("sign-in/as/", views.sign_in_as, name="sign_in_as"),
    path("sign-out/", allauth.logout, name="account_logout"),
    path("password/", views.ChangePassword.as_view(), name="account_change_password"),
    path("password/reset/", views.Forgotten.as_view(), name="account_reset_password"),
    path("password/reset/sent/", allauth.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/<str:uidb36>-<str:key>/",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/done/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
