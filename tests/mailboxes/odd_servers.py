"""An IMAP server of a few lines that does what real ones do on bad days, and real ones here never do.

It speaks as much of RFC 9051 as the reader asks for; what is odd about it is told when it is made.
"""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Odd = Callable[[str, str], str | None]
"""Given a command (`UID FETCH`) and what stands behind it; says how it ends, or None: as usual.

`""` breaks the connection off.
"""
_CHOSEN = re.compile(r"(?:UID )?(\d+)(?::(\d+|\*))?(?:,|$| )")


def _as_usual(_command: str, _rest: str) -> str | None:
    return None


@dataclass
class OddServer:
    """Mails by UID, and how it differs from others. `heard` is what was said to it."""

    mails: dict[int, bytes] = field(default_factory=dict)
    odd: Odd = _as_usual
    greeting: str = "* OK ready"
    before: str = "IMAP4rev1 AUTH=PLAIN"
    after: str = "IMAP4rev1 IDLE"
    uidvalidity: int = 7
    uidnext: int = 0
    times: dict[int, str] = field(default_factory=dict)
    sizes: dict[int, int] = field(default_factory=dict)
    unsolicited: str = ""
    heard: list[str] = field(default_factory=list)
    signed_in: bool = False
    connections: int = 0
    port: int = 0
    user: str = "support"
    password: str = "open-sesame-17"

    def commands(self, name: str) -> list[str]:
        """What was asked of it by this name."""
        return [line for line in self.heard if line.startswith(name)]

    def answer(self, command: str, rest: str) -> Iterator[bytes]:
        """What is said before a command ends."""
        if command == "CAPABILITY":
            known = self.signed_in or "PREAUTH" in self.greeting
            yield f"* CAPABILITY {self.after if known else self.before}\r\n".encode()
        elif command == "EXAMINE":
            following = self.uidnext or max(self.mails, default=0) + 1
            yield f"* {len(self.mails)} EXISTS\r\n* OK [UIDNEXT {following}] next\r\n".encode()
            yield f"* OK [UIDVALIDITY {self.uidvalidity}] valid\r\n".encode()
        elif command == "UID SEARCH":
            found = " ".join(map(str, self._found(rest)))
            yield f"* SEARCH {found}\r\n".encode()
        elif command == "UID FETCH":
            yield from self._fetched(rest)

    def _found(self, rest: str) -> list[int]:
        uids = sorted(self.mails)
        for part in rest.split(" SINCE ", maxsplit=1)[0].split(","):
            chosen = _CHOSEN.match(part)
            assert chosen, rest
            first, last = int(chosen[1]), chosen[2] or chosen[1]
            if "UID" not in rest:
                return uids[first - 1 : None if last == "*" else int(last)]
            if last == "*":
                return [uid for uid in uids if uid >= first] or uids[-1:]
            return [uid for uid in uids if first <= uid <= int(last)]
        return []

    def _fetched(self, rest: str) -> Iterator[bytes]:
        numbers, _, items = rest.partition(" ")
        wanted: set[int] = set()
        for part in numbers.split(","):
            first, _, last = part.partition(":")
            wanted.update(range(int(first), int(last or first) + 1))
        yield self.unsolicited.encode()
        for place, uid in enumerate(sorted(self.mails), 1):
            if uid not in wanted:
                continue
            raw = self.mails[uid]
            start = f"* {place} FETCH (UID {uid} ".encode()
            if "RFC822.SIZE" in items:
                at = self.times.get(uid, "16-Nov-2026 10:00:00 +0000")
                size = self.sizes.get(uid, len(raw))
                yield start + f'RFC822.SIZE {size} INTERNALDATE "{at}")\r\n'.encode()
            elif raw == b"":
                yield start + b"BODY[] NIL)\r\n"
            else:
                name = b"BODY[HEADER]" if "HEADER" in items else b"BODY[]"
                yield start + name + f" {{{len(raw)}}}\r\n".encode() + raw + b")\r\n"

    def talk(self, wire: socket.socket) -> None:
        """Serve one connection to its end."""
        with contextlib.suppress(OSError, ValueError), wire, wire.makefile("rb") as lines:
            self.signed_in = False
            wire.sendall(self.greeting.encode() + b"\r\n")
            while line := lines.readline():
                tag, _, said = line.decode("utf-8", "replace").strip().partition(" ")
                command, _, rest = said.partition(" ")
                if command.upper() == "UID":
                    second, _, rest = rest.partition(" ")
                    command = f"UID {second}"
                command = command.upper()
                self.heard.append(f"{command} {rest}".strip())
                end = self.odd(command, rest)
                if end == "":
                    return
                if end is None and command in {"IDLE", "AUTHENTICATE"}:
                    wire.sendall(b"+ go on\r\n")
                    self.heard.append(lines.readline().decode().strip())
                if end is None:
                    wire.sendall(b"".join(self.answer(command, rest)))
                told = end or "OK done"
                if end is None and command in {"LOGIN", "AUTHENTICATE"}:
                    told, self.signed_in = "OK in", True
                wire.sendall(f"{tag} {told}\r\n".encode())


@contextmanager
def odd_server(**about: object) -> Iterator[OddServer]:
    """One that listens on loopback."""
    server = OddServer(**about)  # type: ignore[arg-type]
    door = socket.create_server(("127.0.0.1", 0))
    server.port = int(door.getsockname()[1])
    ends: list[socket.socket] = []

    def run() -> None:
        with contextlib.suppress(OSError):
            while True:
                wire = door.accept()[0]
                wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                server.connections += 1
                ends.append(wire)
                threading.Thread(target=server.talk, args=(wire,), daemon=True).start()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        with contextlib.suppress(OSError):
            door.shutdown(socket.SHUT_RDWR)
        door.close()
        for wire in ends:
            with contextlib.suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)
        thread.join(5)
