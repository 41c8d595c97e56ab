from __future__ import annotations

from django.apps import AppConfig


class GuardConfig(AppConfig):
    name = "parley.guard"
    label = "guard"
