"""What Django's DATABASES and a connection of our own are told about the database."""

from __future__ import annotations

from typing import Any

from parley.site.environment.everything import Environment
from parley.site.environment.values import connection_words


def database_settings(environment: Environment) -> dict[str, Any]:
    """One entry for Django's DATABASES, pooled except in tests."""
    database: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,  # a server that was restarted costs nobody an error page
        "OPTIONS": {},
        **_where(environment),
    }
    # For the questions that are asked all the time (`postgres.questions`), and for them alone.
    database["OPTIONS"]["prepare_threshold"] = 5
    if environment.mode != "test":
        database["OPTIONS"]["pool"] = {
            "min_size": min(environment.pool_min, environment.pool_max),
            "max_size": environment.pool_max,
            "timeout": environment.pool_timeout,
        }
    return database


def _where(environment: Environment) -> dict[str, Any]:
    """Which server and database: the embedded one's socket folder, or what DATABASE_URL says."""
    if environment.database_url is None:
        from parley.postgres import places

        return {
            "NAME": places.DATABASE,
            "USER": places.USER,
            "HOST": str(places.socket_folder(environment.data)),
        }
    words = connection_words(environment.database_url)
    return {
        "NAME": words.pop("dbname"),
        "USER": words.pop("user", ""),
        "PASSWORD": words.pop("password", ""),
        "HOST": words.pop("host", ""),
        "PORT": str(words.pop("port", "")),
        "OPTIONS": words,
    }
