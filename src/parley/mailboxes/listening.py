"""Listening for mail: LMTP (RFC 2033) from a mail server next door, or SMTP (RFC 5321).

A mail is acknowledged once it is kept, and not before; while it can't be kept the server that brings it
is told to come back later, and does, for days. Only mail to a mailbox of ours is taken, so nothing is
passed on to anybody. Nobody signs in here: let no more than your own servers reach an LMTP address.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session, syntax
from django.conf import settings
from django.db import connection

from parley.mailboxes.models import Way
from parley.mailboxes.recipients import found_at
from parley.mailboxes.storing import MailTooLarge, store

MOST_CONNECTIONS = 30
MOST_RECIPIENTS = 100
BYTES_AT_ONCE = 256 * 2**20
"""What all mails under way may hold in memory together; who comes then is asked to come again."""
SECONDS_TO_SPEAK = 300.0
"""RFC 5321, 4.5.3.2.7."""
_LINE = 64 * 1024

SECONDS_WITHOUT_MAIL = 600.0
"""How long a client may talk, or say nothing, and bring no mail."""
MOST_FROM_ONE = 10
"""Connections of one address to an SMTP door: the other ones are for others."""
MOST_UNKNOWN = 20
"""Recipients that a client of an SMTP door may guess at."""
UNKNOWN = "550 5.1.1 There is no such mailbox here"
PAUSED = "450 4.2.1 The mailbox is paused; please try again later"
GUESSED = "421 4.7.0 Too many unknown recipients"
CROWDED = "421 4.3.2 Too many connections; please try again later"
TOO_MANY = "452 4.5.3 Too many recipients"
TOO_LARGE = "552 5.3.4 The mail is too large"
LATER = "451 4.3.0 It can't be kept at the moment; please try again later"
BUSY = "452 4.3.1 Too much mail at the moment; please try again later"
TAKEN = "250 2.0.0 Taken in"

log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass
class Room:
    """What is under way at all addresses together."""

    connections: int = 0
    bytes: int = 0
    under_way: set[Any] = field(default_factory=set)
    of_address: Counter[str] = field(default_factory=Counter)


class Handler:
    """What becomes of what a client says; `way` is how the mail came."""

    def __init__(self, way: Way) -> None:
        self.way = way

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient that has a mailbox here, and nobody else's."""
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return TOO_MANY
        try:
            mailbox = await _in_thread(lambda: found_at(address))
        except Exception:
            log.exception("Whether there is a mailbox can't be looked up")
            return LATER
        if mailbox is None:
            return self._unknown(session)
        if not mailbox.active:
            return PAUSED  # what is brought now is brought again, and not lost
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    def _unknown(self, session: Session) -> str:
        guesses = getattr(session, "guesses", 0) + 1
        session.guesses = guesses  # type: ignore[attr-defined]
        # A mail server next door passes on what others have guessed at.
        return GUESSED if self.way == Way.SMTP and guesses > MOST_UNKNOWN else UNKNOWN

    async def handle_DATA(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep the mail, then say so; an LMTP client is told once for each recipient."""
        content = envelope.original_content or b""
        to = tuple(envelope.rcpt_tos)
        try:
            await _in_thread(lambda: self._keep(content, envelope.mail_from or "<>", to))
            said = TAKEN
        except MailTooLarge:
            said = TOO_LARGE
        except Exception:
            log.exception("A mail can't be kept")
            said = LATER
        return "\r\n".join([said] * (len(to) if self.way == Way.LMTP else 1))

    async def handle_exception(self, error: Exception) -> str:
        """Whatever else goes wrong is ours, and is told without its details."""
        log.error("Listening for mail: %r", error)
        return LATER

    def _keep(self, content: bytes, sender: str, to: Sequence[str]) -> None:
        store(content, way=self.way, mailbox=found_at(to[0]), envelope_from=sender, envelope_to=to)


async def _in_thread(does: Callable[[], T]) -> T:
    def done() -> T:
        try:
            return does()
        finally:
            connection.close()

    return await asyncio.to_thread(done)


class _Bounded(SMTP):
    """Says no to the thirty-first and ends what brings no mail; holds a mail once and not line by line."""

    line_length_limit = _LINE

    def __init__(self, handler: Handler, room: Room, **options: Any) -> None:
        super().__init__(handler, **options)
        self.room = room
        self._address: str | None = None
        self._reserved = 0
        self._end: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.room.under_way.add(transport)
        self.room.connections += 1
        self._address = str((transport.get_extra_info("peername") or ("",))[0])
        self.room.of_address[self._address] += 1
        super().connection_made(transport)
        self._expect_mail()

    def connection_lost(self, error: Exception | None) -> None:
        if self._address is not None:
            self.room.connections -= 1
            self.room.of_address -= Counter(
                [self._address]
            )  # and none are kept of whom none are left
            self.room.under_way.discard(self.transport)
            self._address = None
        self._expect_nothing()
        self._free()
        super().connection_lost(error)

    async def _handle_client(self) -> None:
        if self._is_one_too_many():
            await self.push(CROWDED)
            return
        await super()._handle_client()

    def _is_one_too_many(self) -> bool:
        from_here = self.room.of_address[self._address or ""]
        crowded = from_here > MOST_FROM_ONE and not isinstance(self, LMTP)
        return crowded or self.room.connections > MOST_CONNECTIONS

    async def push(self, status: Any) -> None:
        """Say something; after 421 there is nothing more to say (RFC 5321, 3.8)."""
        await super().push(status)
        if status[:3] in ("421", b"421"):
            self._writer.close()

    def _expect_mail(self) -> None:
        self._expect_nothing()
        assert self.transport is not None
        self._end = self.loop.call_later(SECONDS_WITHOUT_MAIL, self.transport.close)

    def _expect_nothing(self) -> None:
        if self._end is not None:
            self._end.cancel()
            self._end = None

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - the library's name
        """Read a mail to its end, whatever is wrong with it, then say what became of it."""
        if await self.check_helo_needed():
            return
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
            return
        if self.envelope is None or not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 Error: need RCPT command")
            return
        if self.room.bytes > BYTES_AT_ONCE:
            await self.push(BUSY)
            return
        self._expect_nothing()
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        try:
            refusal, content = await self._read_mail()
            if refusal:
                recipients = len(self.envelope.rcpt_tos)
                times = recipients if isinstance(self, LMTP) else 1
                await self.push("\r\n".join([refusal] * times))
                return
            self.envelope.original_content = content
            await self.push(await self._call_handler_hook("DATA"))
        finally:
            self._free()
            self.envelope = self._create_envelope()
            if self.transport is not None:
                self._expect_mail()

    async def _read_mail(self) -> tuple[str, bytes]:
        """The mail without its dots (RFC 5321, 4.5.2), or a refusal; only CR LF ends a line."""
        content, refusal, begins = bytearray(), "", True
        limit = self.data_size_limit or 0
        while True:
            try:
                line = await self._reader.readuntil(b"\r\n")
                whole = True
            except asyncio.LimitOverrunError as long_one:
                line, whole = await self._reader.read(long_one.consumed), False
            if begins and line == b".\r\n":
                return refusal, bytes(content)
            self._reserve(len(line))
            content += line[1:] if begins and line.startswith(b".") else line
            begins = whole
            if not refusal and len(content) > limit:
                refusal = TOO_LARGE
            elif not refusal and self.room.bytes > BYTES_AT_ONCE + limit:
                refusal = BUSY
            if refusal:
                content.clear()
                self._free()

    def _reserve(self, size: int) -> None:
        if self._reserved // 2**20 != (self._reserved + size) // 2**20:
            self._reset_timeout()  # it is slow, and not silent
        self._reserved += size
        self.room.bytes += size

    def _free(self) -> None:
        self.room.bytes -= self._reserved
        self._reserved = 0


class _BoundedLmtp(_Bounded, LMTP):
    pass


async def listen(address: str, room: Room) -> asyncio.Server:
    """Listen at `lmtp://host:port` or `smtp://host:port`. Raises OSError where that can't be had."""
    parts = urlsplit(address)
    assert parts.port is not None
    way = Way.LMTP if parts.scheme == "lmtp" else Way.SMTP
    kind = _BoundedLmtp if way == Way.LMTP else _Bounded
    loop = asyncio.get_running_loop()

    def made() -> SMTP:
        return kind(
            Handler(way),
            room,
            data_size_limit=settings.MAIL_LIMIT,
            enable_SMTPUTF8=True,
            hostname=urlsplit(settings.PUBLIC_URL).hostname or "localhost",
            ident="Parley",
            timeout=SECONDS_TO_SPEAK,
            loop=loop,
        )

    return await loop.create_server(made, parts.hostname, parts.port)


async def stop_listening(servers: Sequence[asyncio.Server], room: Room) -> None:
    """Take no more connections, and end those under way: what was not acknowledged is brought again."""
    for server in servers:
        server.close()
    for transport in list(room.under_way):
        transport.close()
    await asyncio.sleep(0)
