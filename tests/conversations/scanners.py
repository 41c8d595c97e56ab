"""Scanners for tests: a real clamd with signatures of the test's own, and one that does as it is told."""

from __future__ import annotations

import contextlib
import shutil
import socket
import socketserver
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from parley.conversations.clamd import Address, ScannerDown, address_in, version_of

CLAMD = shutil.which("clamd") or "/usr/sbin/clamd"
MARK = b"PARLEY-TEST-VIRUS-4f1c2a"
"""What the test's own signature recognises. It harms nobody, and no other scanner knows it."""
FOUND = "Parley.Test.Virus.UNOFFICIAL"
LARGEST = 2_000_000
"""Bytes that the test's clamd takes of one file."""
START_SECONDS = 60.0


def has_clamd() -> bool:
    """Whether this machine has one to start."""
    return Path(CLAMD).exists()


@contextlib.contextmanager
def real_clamd() -> Iterator[str]:
    """A clamd of this test's own, with one signature and no network; gives its address."""
    folder = Path(tempfile.mkdtemp(prefix="clamd-", dir="/tmp"))
    try:
        with _running(_configured(folder)) as address:
            yield address
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _configured(folder: Path) -> Path:
    (folder / "db").mkdir()
    signature = f"Parley.Test.Virus:0:*:{MARK.hex()}\n"
    (folder / "db" / "parley.ndb").write_text(signature)
    (folder / "clamd.conf").write_text(
        f"LocalSocket {folder}/clamd.ctl\nDatabaseDirectory {folder}/db\nForeground yes\n"
        f"LogFile {folder}/clamd.log\nStreamMaxLength {LARGEST}\nTemporaryDirectory {folder}\n"
        "MaxThreads 4\n"
    )
    folder.chmod(0o755)
    return folder


@contextlib.contextmanager
def _running(folder: Path) -> Iterator[str]:
    address = f"unix:{folder}/clamd.ctl"
    daemon = subprocess.Popen(
        [CLAMD, "--config-file", str(folder / "clamd.conf")],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _until_it_answers(daemon, address_in(address), folder)
        yield address
    finally:
        daemon.terminate()
        daemon.wait(timeout=30)


def _until_it_answers(daemon: subprocess.Popen[bytes], where: Address, folder: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(ScannerDown):
            version_of(where)
            return
        if daemon.poll() is not None:
            break
        time.sleep(0.1)
    log = folder / "clamd.log"
    raise RuntimeError(f"clamd did not start: {log.read_text() if log.exists() else ''}")


class Told(socketserver.ThreadingTCPServer):
    """A scanner on a port of this machine that answers as it is told, and keeps what it was sent.

    `answer` is what it says (without its NUL); `after`: it stops listening and answers once so many
    bytes have come; `hangs_up`: it goes away without a word.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, answer: str = "stream: OK") -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.answer, self.after, self.hangs_up = answer, 1 << 62, False
        self.commands: list[bytes] = []
        self.files: list[bytes] = []

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class _Answers(socketserver.StreamRequestHandler):
    server: Told

    def handle(self) -> None:
        command = _to_nul(self.rfile)
        self.server.commands.append(command)
        if self.server.hangs_up:
            return
        if command == b"zINSTREAM":
            self._take()
        self.wfile.write(self.server.answer.encode() + b"\x00")

    def _take(self) -> None:
        got = b""
        while size := int.from_bytes(self.rfile.read(4), "big"):
            got += self.rfile.read(size)
            if len(got) >= self.server.after:
                break
        self.server.files.append(got)


def _to_nul(file: Any) -> bytes:
    got = b""
    while (byte := file.read(1)) not in (b"\x00", b""):
        got += byte
    return got


@contextlib.contextmanager
def told_scanner(answer: str = "stream: OK") -> Iterator[Told]:
    """A `Told` that listens."""
    with Told(answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


def nobody_listens() -> str:
    """An address at which nobody answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{taken.getsockname()[1]}"
