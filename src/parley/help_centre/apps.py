from __future__ import annotations

from django.apps import AppConfig


class HelpCentreConfig(AppConfig):
    name = "parley.help_centre"
    label = "help_centre"
