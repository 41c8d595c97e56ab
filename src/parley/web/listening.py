"""Hearing what the database tells: one connection per process, found again whenever it is lost."""

from __future__ import annotations

import asyncio
import logging
import random
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

from parley.journal.recording import CHANNEL
from parley.web.hub import Hub

SECONDS_BETWEEN_LOOKS = 15.0
SECONDS_TO_ANSWER = 5.0
SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 5.0

log = logging.getLogger("parley.live")


async def listen(hub: Hub) -> None:
    """Pass on to the `hub` what is told on the journal's channel, until cancelled.

    LISTEN needs a session of its own, so behind a pooler that shares sessions between transactions
    nothing would be heard; DATABASE_URL has to lead to the server, or to a pooler's session mode.
    """
    pause = SHORTEST_PAUSE
    while True:
        try:
            async with await _connected() as heard:
                hub.begin()
                pause = SHORTEST_PAUSE
                await _pass_on(heard, hub)
        except (psycopg.Error, OSError, TimeoutError) as error:
            hub.lose()
            log.warning("Live updates wait for the database: %s", str(error).strip() or "no answer")
        await asyncio.sleep(pause * random.uniform(0.7, 1.3))  # noqa: S311
        pause = min(pause * 2, LONGEST_PAUSE)


async def _connected() -> psycopg.AsyncConnection[Any]:
    async with asyncio.timeout(SECONDS_TO_ANSWER):
        made = await psycopg.AsyncConnection.connect(autocommit=True, **_where())
    try:
        await made.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
    except BaseException:
        await made.close()
        raise
    return made


async def _pass_on(heard: psycopg.AsyncConnection[Any], hub: Hub) -> None:
    while True:
        async for notification in heard.notifies(timeout=SECONDS_BETWEEN_LOOKS):
            hub.hear(notification.payload)
        # Nothing heard may mean nobody there: a server that went without a word is found out here.
        async with asyncio.timeout(SECONDS_TO_ANSWER):
            await heard.execute("SELECT 1")


def _where() -> dict[str, Any]:
    """Django's own words for reaching the database, as far as this connection needs them."""
    params = connection.get_connection_params()
    for word in ("cursor_factory", "context", "prepare_threshold"):
        params.pop(word, None)
    return {**params, "application_name": "parley live"}
