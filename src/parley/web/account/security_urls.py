"""The addresses below Settings → Security."""

from __future__ import annotations

from django.urls import path

from parley.web.account import pins, security

app_name = "security"

urlpatterns = [
    path("", security.security, name="security"),
    path("pin/", pins.shown, name="pin"),
    path("pin/replacement/", pins.replacement, name="pin_replacement"),
]
