"""Answers: made by a page in its thread, sent by the loop."""

from __future__ import annotations

import asyncio
import io
import logging
import os
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from parley.web.front import request_id
from parley.web.front.compressing import compressed
from parley.web.front.wire import Headers, Receive, Send, part, start

Environ = dict[str, Any]
Pages = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
CarryOn = Callable[[Receive, Send], Awaitable[None]]
"""What sends the rest of an answer once its headers are out."""

BLOCK = 256 * 1024
log = logging.getLogger("parley.web")


class File:
    """WSGI's file wrapper: tells a file from other bodies, so that no thread waits to send it."""

    def __init__(self, file: Any, _block: int = BLOCK) -> None:
        self.file, self.close = file, file.close

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self.file.read(BLOCK), b"")

    def detached(self) -> Detached | None:
        """The same file, to send once the page is done; None if it isn't on this machine."""
        try:
            place, descriptor = self.file.tell(), os.dup(self.file.fileno())
        except (AttributeError, OSError, io.UnsupportedOperation):
            return None
        os.lseek(descriptor, place, os.SEEK_SET)
        return Detached(descriptor)


class Detached:
    """An open file that is sent from the loop."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    async def __call__(self, _receive: Receive, send: Send) -> None:
        """Send it, as fast as the network takes it."""
        loop = asyncio.get_running_loop()
        try:
            while data := await loop.run_in_executor(None, os.read, self.descriptor, BLOCK):
                await part(send, data)
        finally:
            os.close(self.descriptor)
        await part(send, b"", more=False)


@dataclass(frozen=True)
class Answer:
    """What a page answered: bytes, or what carries on in the loop; None was sent by the thread."""

    status: int
    headers: Headers
    body: bytes | CarryOn | None

    async def go(self, receive: Receive, send: Send) -> None:
        """Send it."""
        if self.body is None:
            return
        await start(send, self.status, self.headers)
        if isinstance(self.body, bytes):
            await part(send, self.body, more=False)
        else:
            await self.body(receive, send)


class Line:
    """The way to the browser, from a page's thread too: for answers made while they are sent."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self.receive, self.send = receive, send
        self.has_started = False
        self._is_cut = False
        self._loop = asyncio.get_running_loop()

    def stream(self, status: int, headers: Headers, parts: Iterable[bytes]) -> None:
        """Send the parts as they are made; no more are made once the browser has gone."""
        watch = asyncio.run_coroutine_threadsafe(self._watch(), self._loop)
        try:
            self.has_started = True
            self._wait_for(start(self.send, status, headers))
            for data in parts:
                if self._is_cut:
                    return
                self._wait_for(part(self.send, data))
            self._wait_for(part(self.send, b"", more=False))
        finally:
            watch.cancel()

    def _wait_for(self, sending: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(sending, self._loop).result()

    async def _watch(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            continue
        self._is_cut = True


def ask(pages: Pages, environ: Environ, line: Line) -> Answer:
    """Let the pages answer, in this thread. What they fail to catch themselves is an answer too."""
    request_id.current.set(environ[request_id.IN_ENVIRON])
    try:
        return _ask(pages, environ, line)
    except Exception:
        log.exception("%s %s failed", environ["REQUEST_METHOD"], environ["PATH_INFO"])
        if line.has_started:
            raise
        return Answer(500, [("Content-Type", "text/plain")], b"Something went wrong.\n")


def _ask(pages: Pages, environ: Environ, line: Line) -> Answer:
    started: list[tuple[str, Headers]] = []

    def start_response(status: str, headers: Headers, _error: Any = None) -> None:
        started[:] = [(status, headers)]

    result = pages(environ, start_response)
    try:
        status, headers = started[0]
        return _answer(int(status[:3]), headers, result, environ, line)
    finally:
        getattr(result, "close", _nothing)()


def _nothing() -> None:
    """What is closed of a body that has nothing to close."""


def _answer(status: int, headers: Headers, result: Any, environ: Environ, line: Line) -> Answer:
    if carry_on := getattr(result, "carry_on", None):
        kept = [header for header in headers if header[0].lower() != "content-length"]
        return Answer(status, kept, carry_on)
    if isinstance(result, File) and (detached := result.detached()):
        return Answer(status, headers, detached)
    if isinstance(result, list) or getattr(result, "streaming", True) is False:
        accepts = environ.get("HTTP_ACCEPT_ENCODING", "")
        return Answer(status, *compressed(headers, b"".join(result), accepts))
    line.stream(status, headers, result)
    return Answer(status, headers, None)
