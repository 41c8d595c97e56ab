"""Connections to mail servers that stay open for a while, for the next mail to go over.

Shaking hands and signing in take a server longer than taking a mail. One that has been idle for half a
minute is closed: whoever runs the server would do it soon, and not as politely.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from smtplib import SMTPException

from django.core.mail.backends.smtp import EmailBackend

IDLE_FOR = 30.0
"""Seconds that an idle connection is kept."""
MOST_MAILS = 100
"""Mails over one connection: many servers take no more."""
MOST_IDLE = 8
"""Idle connections that a process keeps."""


@dataclass
class Line:
    """A connection, to whom it leads, and how many mails have gone over it."""

    key: Hashable
    backend: EmailBackend
    mails: int = 0
    idle_since: float = field(default=0.0)

    def is_alive(self) -> bool:
        """Whether the server is still there: asked, since it may have hung up meanwhile."""
        smtp = self.backend.connection
        if smtp is None or smtp.sock is None:
            return False
        try:
            return bool(smtp.noop()[0] == 250)
        except (OSError, SMTPException):
            return False

    def hang_up(self) -> None:
        """Close it, however it stands."""
        with contextlib.suppress(OSError, SMTPException):
            self.backend.close()


_idle: list[Line] = []
_guard = threading.Lock()


def take(key: Hashable, make: Callable[[], EmailBackend]) -> Line:
    """An idle connection to `key` that still answers, or a new one that is not open yet."""
    hang_up_idle(longer_than=IDLE_FOR)
    while (line := _next(key)) is not None:
        if line.is_alive():
            return line
        line.hang_up()
    return Line(key, make())


def give_back(line: Line) -> None:
    """Keep a connection on which all went well for the next mail."""
    smtp = line.backend.connection
    if smtp is None or smtp.sock is None or line.mails >= MOST_MAILS or len(_idle) >= MOST_IDLE:
        line.hang_up()
        return
    line.idle_since = time.monotonic()
    with _guard:
        _idle.append(line)
    timer = threading.Timer(IDLE_FOR + 0.1, hang_up_idle, kwargs={"longer_than": IDLE_FOR})
    timer.daemon = True
    timer.start()


def hang_up_idle(longer_than: float = 0.0) -> None:
    """Close those that have been idle for so many seconds."""
    oldest = time.monotonic() - longer_than
    with _guard:
        gone = [line for line in _idle if line.idle_since <= oldest]
        _idle[:] = [line for line in _idle if line.idle_since > oldest]
    for line in gone:
        line.hang_up()


def _next(key: Hashable) -> Line | None:
    with _guard:
        for at, line in enumerate(_idle):
            if line.key == key:
                return _idle.pop(at)
    return None
