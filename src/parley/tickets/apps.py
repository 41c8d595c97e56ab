from __future__ import annotations

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "parley.tickets"
    label = "tickets"
