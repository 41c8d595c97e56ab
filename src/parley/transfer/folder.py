"""A folder on the machine Parley runs on, below the one the operator has set up for exports."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from django.conf import settings

from parley.transfer.kinds import CHUNK, Found, Place
from parley.transfer.troubles import PlaceTrouble, Step, Trouble


class FolderSession:
    """A folder below the operator's, open."""

    renames = True
    shown = ""

    def __init__(self, place: Place) -> None:
        """Find the folder, made if need be. Raises PlaceTrouble, also for one outside `place.home`."""
        if not settings.EXPORT_FOLDER:
            raise PlaceTrouble(Step.FOLDER, Trouble.NO_FOLDERS_HERE)
        home = Path(settings.EXPORT_FOLDER) / place.home
        with _on_disk(Step.FOLDER):
            home.mkdir(mode=0o750, parents=True, exist_ok=True)
            home = home.resolve(strict=True)
            wanted = (home / place.folder.strip("/")).resolve()
        # After links are followed, so that none leads out.
        if not wanted.is_relative_to(home) or "\0" in place.folder:
            raise PlaceTrouble(Step.FOLDER, Trouble.FOLDER_OUTSIDE)
        with _on_disk(Step.FOLDER):
            wanted.mkdir(mode=0o750, parents=True, exist_ok=True)
        self.folder = wanted

    def write(self, name: str, stream: IO[bytes]) -> None:
        """Write it through to the disk."""
        with _on_disk(Step.PERMISSION):
            path = self._path(name)
            path.unlink(missing_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
            with os.fdopen(os.open(path, flags, 0o640), "wb") as file:
                shutil.copyfileobj(stream, file, CHUNK)
                file.flush()
                os.fsync(file.fileno())

    def size_of(self, name: str) -> int | None:
        """As the disk has it."""
        with _on_disk(Step.SIZE):
            try:
                return self._path(name).lstat().st_size
            except FileNotFoundError:
                return None

    def rename(self, old: str, new: str) -> None:
        """In one go, whether there was one or not; and so that it outlasts a power cut."""
        with _on_disk(Step.RENAME):
            self._path(old).replace(self._path(new))
            folder = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def delete(self, name: str) -> None:
        """As asked."""
        with _on_disk(Step.PERMISSION):
            self._path(name).unlink(missing_ok=True)

    def files(self) -> list[Found]:
        """Plain files, no links."""
        with _on_disk(Step.FOLDER):
            found = [(one.name, one.lstat()) for one in self.folder.iterdir() if _is_plain(one)]
        return [
            Found(name, about.st_size, datetime.fromtimestamp(about.st_mtime, UTC))
            for name, about in found
        ]

    def read(self, name: str, into: IO[bytes], limit: int) -> int:
        """Copy it, unless it is a link."""
        with _on_disk(Step.PERMISSION):
            path = self._path(name)
            if not _is_plain(path):
                raise PlaceTrouble(Step.PERMISSION, Trouble.FILE_MISSING)
            if (size := path.stat().st_size) > limit:
                raise PlaceTrouble(Step.SIZE, Trouble.FILE_TOO_LARGE)
            with path.open("rb") as file:
                shutil.copyfileobj(file, into, CHUNK)
        return size

    def close(self) -> None:
        """There is nothing to leave."""

    def _path(self, name: str) -> Path:
        if "/" in name or "\0" in name or name in {"", ".", ".."}:
            raise PlaceTrouble(Step.FOLDER, Trouble.FOLDER_OUTSIDE)
        return self.folder / name


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


@contextmanager
def _on_disk(step: Step) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise PlaceTrouble(Step.SPACE, Trouble.NO_SPACE) from error
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            raise PlaceTrouble(step, Trouble.NOT_PERMITTED) from error
        if isinstance(error, FileNotFoundError | NotADirectoryError | FileExistsError):
            raise PlaceTrouble(step, Trouble.FOLDER_MISSING) from error
        raise PlaceTrouble(step, Trouble.WRITE_FAILED, error.strerror or "") from error
    except ValueError as error:  # a null byte in a path
        raise PlaceTrouble(step, Trouble.FOLDER_OUTSIDE) from error
