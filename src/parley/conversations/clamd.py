"""Speaking with ClamAV's daemon over its socket: clamd(8), the commands INSTREAM, PING and VERSION.

Each command begins with `z` and ends with a NUL, and so does the answer. INSTREAM is followed by
pieces, each behind its length in four bytes (network order), and a length of nought at the end.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from urllib.parse import urlsplit

PIECE = 64 * 1024
CONNECT_SECONDS = 5.0
SCAN_SECONDS = 120.0
"""The most that one file takes from its first byte to the answer."""
LONGEST_ANSWER = 4096


class ScannerDown(OSError):
    """The scanner can't be reached, or went away before it had answered."""


class ScannerRefused(Exception):
    """The scanner will not say anything of the file; `words` are its own (over its size limit)."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class NoAddress(ValueError):
    """What should be a scanner's address is none."""


@dataclass(frozen=True)
class Address:
    """Where a scanner listens: the path of a Unix socket, or a host and a port."""

    path: str = ""
    host: str = ""
    port: int = 0

    def connect(self) -> socket.socket:
        """A connection to it. Raises ScannerDown."""
        try:
            if not self.path:
                return socket.create_connection((self.host, self.port), CONNECT_SECONDS)
            made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                made.settimeout(CONNECT_SECONDS)
                made.connect(self.path)
            except BaseException:
                made.close()
                raise
        except OSError as trouble:
            raise ScannerDown(str(trouble)) from trouble
        return made


def address_in(text: str) -> Address:
    """The address in `unix:/run/clamav/clamd.ctl` or `host:port` (`[::1]:3310`). Raises NoAddress."""
    if text.startswith("unix:"):
        path = text.removeprefix("unix:")
        if not path.startswith("/"):
            raise NoAddress(text)
        return Address(path=path)
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname, parts.port
    except ValueError:
        raise NoAddress(text) from None
    if not host or not port or parts.path or parts.query or parts.username:
        raise NoAddress(text)
    return Address(host=host, port=port)


def signature_in(file: IO[bytes], scanner: Address) -> str:
    """The name of what the scanner recognises in `file`, read from where it stands; empty if nothing.

    Raises ScannerDown or ScannerRefused.
    """
    with _lost_is_down(), scanner.connect() as line:
        until = time.monotonic() + SCAN_SECONDS
        try:
            line.sendall(b"zINSTREAM\x00")
            for piece in iter(lambda: file.read(PIECE), b""):
                _within(line, until)
                line.sendall(struct.pack("!L", len(piece)) + piece)
            line.sendall(struct.pack("!L", 0))
        except (BrokenPipeError, ConnectionResetError):
            # It stops listening at its size limit; what it says of that may still be read.
            pass
        answer = _answer(line, until)
    return _understood(answer)


def version_of(scanner: Address) -> str:
    """What the scanner says that it is: `ClamAV 1.4.3/27500/…`. Raises ScannerDown."""
    with _lost_is_down(), scanner.connect() as line:
        line.sendall(b"zVERSION\x00")
        return _answer(line, time.monotonic() + CONNECT_SECONDS)


def _understood(answer: str) -> str:
    """`stream: OK`, `stream: NAME FOUND`, or `… ERROR`."""
    if answer == "stream: OK":
        return ""
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    if answer.endswith(" ERROR"):
        raise ScannerRefused(answer.removeprefix("stream: ").removesuffix(" ERROR").rstrip(". "))
    raise ScannerDown(f"it answered {answer[:100]!r}")


def _answer(line: socket.socket, until: float) -> str:
    got = b""
    while not got.endswith(b"\x00") and len(got) < LONGEST_ANSWER:
        _within(line, until)
        piece = line.recv(LONGEST_ANSWER)
        if not piece:
            break
        got += piece
    if not got.endswith(b"\x00"):
        raise ScannerDown("it went away before it had answered")
    return got[:-1].decode(errors="replace").strip()


def _within(line: socket.socket, until: float) -> None:
    left = until - time.monotonic()
    if left <= 0:
        raise ScannerDown("it took too long")
    line.settimeout(left)


@contextlib.contextmanager
def _lost_is_down() -> Iterator[None]:
    try:
        yield
    except ScannerDown:
        raise
    except OSError as trouble:
        raise ScannerDown(str(trouble)) from trouble
