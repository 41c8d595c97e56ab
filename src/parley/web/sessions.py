"""Sessions, read by a question that stands prepared: every page asks it first.

Each knows whose it is, where it began and when it was last seen (`parties.models.Session`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.utils import timezone

from parley.parties.models import Session
from parley.postgres.questions import Given, Question

SIGN_IN = "sign_in"
"""The session's key for how it began: `at` (ISO 8601), `address`, `device`, `way`."""
SEEN_IS_NOTED_EVERY = timedelta(minutes=5)
LIFE_IS_RENEWED_EVERY = timedelta(days=1)


class SessionStore(DatabaseSessions):
    """Django's sessions in the database, in a table of ours."""

    row: Session | None = None
    """What was read, without its data."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Whose rows they are."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row to be saved: what it says of itself stands in its data as well."""
        row = super().create_model_instance(data)
        assert isinstance(row, Session)
        began = data.get(SIGN_IN, {})
        person = data.get(SESSION_KEY)
        row.person_id = int(person) if person is not None else None
        row.address = began.get("address") or None
        row.device = began.get("device", "")
        row.way = began.get("way", "")
        row.seen_at = row.began_at = timezone.now()
        if "at" in began:
            row.began_at = datetime.fromisoformat(began["at"])
        return row

    def note_seen(self) -> None:
        """Keep that its person is here: to some minutes, so that hardly a page writes anything.

        Once a day its life begins anew, and the browser's cookie with it.
        """
        row, moment = self.row, timezone.now()
        if row is None or moment - row.seen_at < SEEN_IS_NOTED_EVERY:
            return
        life = timedelta(seconds=settings.SESSION_COOKIE_AGE)
        if row.expire_date - moment < life - LIFE_IS_RENEWED_EVERY:
            self.modified = True
            return
        Session.objects.filter(pk=row.pk).update(seen_at=moment)

    def _get_session_from_db(self) -> Session | None:
        found = _session().ask_one(key=self.session_key, now=timezone.now())
        self.row = found
        if found is None:
            self._session_key = None
        return found


@cache
def _session() -> Question[Session]:
    return Question(Session.objects.filter(session_key=Given("key"), expire_date__gt=Given("now")))
