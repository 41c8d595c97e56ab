"""Sessions, read by a question that stands prepared: every page asks it first."""

from __future__ import annotations

from functools import cache

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.utils import timezone

from parley.postgres.questions import Given, Question


class SessionStore(DatabaseSessions):
    """Django's sessions in the database."""

    def _get_session_from_db(self) -> Session | None:
        found = _session().ask_one(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
        return found


@cache
def _session() -> Question[Session]:
    return Question(Session.objects.filter(session_key=Given("key"), expire_date__gt=Given("now")))
