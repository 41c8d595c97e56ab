"""Two answers for whoever watches over the process: that it lives, and that it can work."""

from __future__ import annotations

import asyncio
import time

import psycopg
from django.conf import settings

from parley.postgres import reaching
from parley.postgres.trouble import PostgresTrouble
from parley.site import preparing
from parley.web.front.wire import Receive, Scope, Send, say

SECONDS_TO_ANSWER = 2
ASKED_AGAIN_AFTER = 1.0


async def alive(_scope: Scope, _receive: Receive, send: Send) -> None:
    """`/healthz`: the process answers; that the database doesn't is no reason to restart it."""
    await say(send, 200, "ok")


class Ready:
    """`/readyz`: the database answers, and has had all migrations.

    Anybody may ask. However often they do, the database is asked once a second, and for migrations
    only until it has had them all.
    """

    def __init__(self) -> None:
        self._trouble = ""
        self._until = 0.0
        self._is_migrated = False
        self._one_at_a_time = asyncio.Lock()

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer 200, or 503 with the reason."""
        async with self._one_at_a_time:
            if time.monotonic() >= self._until:
                self._trouble = await asyncio.to_thread(self._look)
                self._until = time.monotonic() + ASKED_AGAIN_AFTER
        await say(send, 503 if self._trouble else 200, self._trouble or "ready")

    def _look(self) -> str:
        try:
            with reaching.connect(settings.DATABASES["default"], seconds=SECONDS_TO_ANSWER):
                pass
            if not self._is_migrated and preparing.waiting():
                return "The database has not had all migrations yet."
        except (PostgresTrouble, psycopg.Error):
            return "The database does not answer."
        self._is_migrated = True
        return ""
