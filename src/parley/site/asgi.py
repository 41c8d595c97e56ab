"""The site as one ASGI application: pages in threads, streams in the loop, a word on health."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import resource
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import FrameType

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.site.settings")

from django.conf import settings
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper

from parley.postgres import places
from parley.site import health
from parley.site.environment import environment
from parley.site.wsgi import application as pages
from parley.web.front import request_id
from parley.web.front.static_files import StaticFiles
from parley.web.front.threads import PagesInThreads
from parley.web.front.wire import Application, Receive, Scope, Send
from parley.web.hub import Hub, hub
from parley.web.listening import listen
from parley.web.still_allowed import watch_over

AROUND_A_FILE = 64 * 1024
"""Bytes that a form may have around its one file."""

MOST_OPEN_FILES = 65_536
"""A stream is an open file, and some systems allow 1024."""


def _put_together() -> Application:
    with_files = StaticFiles(
        pages,
        address=settings.STATIC_URL,
        packed=places.run_folder(environment().data) / "packed",
    )
    return PagesInThreads(
        with_files,
        threads=environment().web_threads,
        whole_up_to=settings.FILE_LIMIT + AROUND_A_FILE,
        drain=2 * settings.MESSAGE_LIMIT,
    )


def _metrics() -> Application:
    # What it counts has models, which are there only once `wsgi` has set Django up.
    from parley.site.metrics import Metrics

    return Metrics(environment().metrics_token, otherwise=_pages)


log = logging.getLogger("parley.live")
_pages = _put_together()
_others: dict[str, Application] = {
    "/healthz": health.alive,
    "/readyz": health.Ready(),
    "/metrics": _metrics(),
}
request_id.mark_log_lines()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request, or live as long as the process does."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    else:
        await _others.get(scope["path"], _pages)(scope, receive, send)


async def _live(receive: Receive, send: Send) -> None:
    _allow_open_files()
    _before_stopping(hub.end_all)
    tasks = [asyncio.create_task(_always(do)) for do in (listen, watch_over)]
    # What is loaded by now stays. Looking through all of it again and again, the collector of garbage
    # would stop every page for a tenth of a second.
    gc.freeze()
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    _close_database()
    await send({"type": "lifespan.shutdown.complete"})


async def _always(do: Callable[[Hub], Awaitable[None]]) -> None:
    """Do it for as long as the process lives: without it, pages would go stale with no word said."""
    while True:
        try:
            await do(hub)
        except Exception:  # a mistake of ours must not end it for good
            log.exception("%s failed, and begins anew", do.__name__)
            await asyncio.sleep(1)


def _close_database() -> None:
    database = connections["default"]
    assert isinstance(database, DatabaseWrapper)
    database.close_pool()


def _allow_open_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_OPEN_FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _before_stopping(do: Callable[[], None]) -> None:
    """Do it when the process is told to stop.

    The server waits for all streams to end, and only then says to the application that it stops.
    """
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        _also(number, lambda: loop.call_soon_threadsafe(do))


def _also(number: signal.Signals, do: Callable[[], object]) -> None:
    before = signal.getsignal(number)

    def both(received: int, frame: FrameType | None) -> None:
        do()
        if callable(before):
            before(received, frame)

    signal.signal(number, both)
