"""Being the only one to do something for as long as it takes, among all processes and machines."""

from __future__ import annotations

from typing import Any

import psycopg
from django.db import connection

_TRY = "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))"
_LET_GO = "SELECT pg_advisory_unlock(hashtextextended(%s, 0))"
_SECONDS_TO_ANSWER = 5


class Holdings:
    """What this process alone does now.

    The locks belong to one session of the database, and end with it: who is killed holds nothing a
    moment later. Behind a pooler that shares sessions between transactions they would hold nothing;
    DATABASE_URL has to lead to the server, or to a pooler's session mode, as for live updates.
    """

    def __init__(self) -> None:
        self._session: psycopg.Connection[Any] | None = None
        self._held: set[str] = set()

    def hold(self, about: str) -> bool:
        """Whether it is ours to do now. Raises psycopg.Error where the database is away."""
        if about in self._held:
            return True
        if self._session is None:
            self._session = psycopg.connect(autocommit=True, **_where())
        row = self._session.execute(_TRY, [about]).fetchone()
        if row is None or not row[0]:
            return False
        self._held.add(about)
        return True

    def let_go(self, about: str) -> None:
        """Leave it to others."""
        if about in self._held and self._session is not None:
            self._held.discard(about)
            self._session.execute(_LET_GO, [about])

    def still_hold(self) -> bool:
        """Whether all that was held is held still; if not, nothing of it is any more."""
        if self._session is None:
            return not self._held
        try:
            self._session.execute("SELECT 1")
        except psycopg.Error:
            self.close()
            return False
        return True

    def close(self) -> None:
        """Let go of everything."""
        if self._session is not None:
            self._session.close()
        self._session, self._held = None, set()


def _where() -> dict[str, Any]:
    """Django's own words for reaching the database, as far as this connection needs them."""
    params = connection.get_connection_params()
    for word in ("cursor_factory", "context", "prepare_threshold"):
        params.pop(word, None)
    given = {"connect_timeout": _SECONDS_TO_ANSWER}
    return {**given, **params, "application_name": "parley alone"}
