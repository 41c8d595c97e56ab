"""Taking a request's body in: whole before a page sees it, and never whole in memory."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any

from parley.web.front.wire import Receive, Scope
from parley.web.uploads import CutShort

IN_MEMORY = 256 * 1024
STALLED_AFTER = 30.0
"""Seconds without a byte after which a sender is taken for gone."""


class TooLarge(Exception):
    """A body of untold length that is larger than anything a page takes."""


class NotANumber(Exception):
    """A Content-Length that is none."""


@dataclass
class Body:
    """A request's body: a file to read in a thread, and its length in bytes."""

    file: IO[bytes] | Arriving
    length: int


async def take_in(scope: Scope, receive: Receive, whole_up_to: int) -> Body | None:
    """The body of a request, or None when it has none.

    Up to `whole_up_to` bytes it is taken in before any page hears of the request: small ones in
    memory, others in a file that has no name and so can't be left behind. A larger one that says so
    is for reading as it arrives. Raises CutShort when the sender went away half way, and TooLarge.
    """
    length, is_chunked = _announced(scope)
    if not length and not is_chunked:
        return None
    if length > whole_up_to:
        return Body(Arriving(receive, asyncio.get_running_loop(), length), length)
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed by whoever answers
    try:
        received = await _fill(file, receive, whole_up_to)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return Body(file, received)


def _announced(scope: Scope) -> tuple[int, bool]:
    """The length the request tells, 0 if it tells none, and whether it comes in chunks instead."""
    length, is_chunked = 0, False
    for name, value in scope["headers"]:
        if name == b"content-length":
            if not value.isdigit():
                raise NotANumber
            length = int(value)
        elif name == b"transfer-encoding":
            is_chunked = True
    return length, is_chunked


async def _fill(file: Any, receive: Receive, most: int) -> int:
    received = 0
    while True:
        data, more = await _next_of(receive)
        received += len(data)
        if received > most:
            raise TooLarge
        file.write(data)
        if not more:
            return received


async def _next_of(receive: Receive) -> tuple[bytes, bool]:
    """The next piece, and whether there are more. Raises CutShort when there will be none."""
    try:
        async with asyncio.timeout(STALLED_AFTER):
            message = await receive()
    except TimeoutError:
        raise CutShort from None
    if message["type"] != "http.request":
        raise CutShort
    return message.get("body", b""), message.get("more_body", False)


class Arriving:
    """A body that a thread reads while the loop receives it.

    Nothing is asked of the network before it is read, so a large body is only ever as far along as
    its reader: whoever stops at a limit has received no more than that.
    """

    def __init__(self, receive: Receive, loop: asyncio.AbstractEventLoop, length: int) -> None:
        self._was_cut_short = False
        self._receive, self._loop, self._left = receive, loop, length
        self._buffer = bytearray()
        self._more = True

    def read(self, size: int = -1) -> bytes:
        """As of a file; b"" at the end. Raises CutShort when the sender went away."""
        while self._more and (size < 0 or len(self._buffer) < size):
            self._get_more()
        return self._take(len(self._buffer) if size < 0 else size)

    def readline(self, size: int = -1) -> bytes:
        """As of a file."""
        while self._more and b"\n" not in self._buffer and not 0 <= size <= len(self._buffer):
            self._get_more()
        end = self._buffer.find(b"\n") + 1 or len(self._buffer)
        return self._take(end if size < 0 else min(end, size))

    def close(self) -> None:
        """Forget what was received and not read."""
        self._buffer.clear()

    async def drain(self, seconds: float, most: int) -> None:
        """Receive the rest for nothing, within limits: a browser first sends, then reads.

        Raises CutShort if the sender had gone, whatever the page made of it.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._more and most > 0:
                    data, self._more = await _next_of(self._receive)
                    most -= len(data)
        if self._was_cut_short:
            raise CutShort

    def _get_more(self) -> None:
        piece = asyncio.run_coroutine_threadsafe(_next_of(self._receive), self._loop)
        try:
            data, self._more = piece.result()
        except CutShort:
            self._more, self._was_cut_short = False, True
            raise
        self._left -= len(data)
        self._buffer += data
        if not self._more and self._left > 0:
            self._was_cut_short = True
            raise CutShort

    def _take(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken
