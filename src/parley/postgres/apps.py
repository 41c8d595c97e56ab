from __future__ import annotations

from django.apps import AppConfig


class PostgresConfig(AppConfig):
    name = "parley.postgres"
    label = "parley_postgres"
