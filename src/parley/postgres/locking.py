"""Locks between processes, as files; the system lets go of them when their holder dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Taken(Exception):
    """Somebody else holds the lock; `holder` is what that process wrote about itself."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


class FileLock:
    """One open lock file. Closing it, or the end of the process, gives up the lock."""

    def __init__(self, path: Path) -> None:
        """Open the file at `path`, made if need be; raises OSError where that is impossible."""
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def share(self) -> None:
        """Hold it together with others; waits for one who holds it alone."""
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def own(self) -> None:
        """Hold it alone; waits for all others."""
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def try_to_own(self) -> bool:
        """Hold it alone if nobody else holds it now; says whether that worked."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def write(self, text: str) -> None:
        """Leave a word about the holder in the file."""
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, text.encode(), 0)

    def read(self) -> str:
        """What the holder left."""
        return os.pread(self._file, 200, 0).decode(errors="replace").strip()

    def close(self) -> None:
        """Give up the lock."""
        os.close(self._file)


@contextmanager
def owned(path: Path) -> Iterator[None]:
    """Hold the lock at `path` alone for the block, waiting for it."""
    lock = FileLock(path)
    try:
        lock.own()
        yield
    finally:
        lock.close()


@contextmanager
def owned_at_once(path: Path, about: str = "") -> Iterator[None]:
    """Hold the lock at `path` alone for the block, leaving one's process number and `about` in it.

    Raises `Taken` if somebody else has it.
    """
    lock = FileLock(path)
    try:
        if not lock.try_to_own():
            raise Taken(lock.read())
        lock.write(f"{os.getpid()} {about}".strip())
        yield
    finally:
        lock.close()
