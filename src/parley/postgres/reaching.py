"""Reaching a PostgreSQL server: one attempt, and if it fails one sentence that says why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import sql

from parley.postgres.trouble import PostgresTrouble

OLDEST_VERSION = 15
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gin", "vector")

# What the server or libpq says, and what it means for the person who wrote DATABASE_URL.
_MEANINGS = (
    ("could not translate host name", "the host name {host} is not known"),
    ("failed to resolve host", "the host name {host} is not known"),
    ("password authentication failed", "it refuses the password of the user {user}"),
    ("no password supplied", "it asks for the password of the user {user}"),
    ("does not support SSL", "it does not speak SSL"),
    ("no pg_hba.conf entry", "it does not let the user {user} in from here"),
    ("Connection refused", "nothing answers at {host}:{port}"),
    ("No such file or directory", "there is no server's socket in {host}"),
    ("timeout expired", "{host} does not answer"),
    ("timed out", "{host} does not answer"),
    ("too many clients", "it has no connection left for us"),
    ("starting up", "it is still starting"),
)


def connect(where: Mapping[str, Any], *, seconds: int = 5) -> psycopg.Connection[tuple[Any, ...]]:
    """Connect to the server that `where` describes (an entry of Django's DATABASES).

    Raises `PostgresTrouble` with one sentence if that fails within `seconds`.
    """
    options = {name: value for name, value in where.get("OPTIONS", {}).items() if name != "pool"}
    words = {
        "dbname": where["NAME"],
        "user": where.get("USER"),
        "password": where.get("PASSWORD"),
        "host": where.get("HOST"),
        "port": where.get("PORT"),
    }
    given: dict[str, Any] = {name: value for name, value in words.items() if value}
    given.setdefault("connect_timeout", seconds)
    try:
        return psycopg.connect(**{**given, **options}, autocommit=True)
    except psycopg.OperationalError as error:
        raise PostgresTrouble(_sentence(str(error), words)) from None


def _sentence(said: str, words: Mapping[str, Any]) -> str:
    told = {
        "host": words.get("host") or "localhost",
        "port": words.get("port") or 5432,
        "user": words.get("user") or "(none)",
    }
    if "database" in said and "does not exist" in said:
        return f"The PostgreSQL server has no database called {words['dbname']}."
    if "role" in said and "does not exist" in said:
        return f"The PostgreSQL server has no user called {told['user']}."
    for sign, meaning in _MEANINGS:
        if sign.lower() in said.lower():
            return f"The PostgreSQL server can't be reached: {meaning.format(**told)}."
    last = said.strip().splitlines()[-1].rstrip(".") if said.strip() else "it gives no reason"
    return f"The PostgreSQL server can't be reached: {last}."


def check_version(connection: psycopg.Connection[Any]) -> None:
    """Raise `PostgresTrouble` if the server is older than what Parley is made for."""
    version = connection.info.server_version
    if version < OLDEST_VERSION * 10000:
        raise PostgresTrouble(
            f"The PostgreSQL server is version {version // 10000}; "
            f"Parley needs {OLDEST_VERSION} or newer."
        )


def add_extensions(connection: psycopg.Connection[Any]) -> None:
    """Add the extensions Parley uses, and those it uses only where they are to be had."""
    rows = connection.execute("SELECT name FROM pg_available_extensions").fetchall()
    available = {row[0] for row in rows}
    for name in EXTENSIONS:
        if name in available:
            connection.execute(
                sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name))
            )
