"""The addresses below Settings → Security."""

from __future__ import annotations

from django.urls import path

from parley.web.account import security

app_name = "security"

urlpatterns = [
    path("", security.security, name="security"),
]
