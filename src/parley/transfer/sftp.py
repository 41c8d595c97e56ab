"""SFTP (draft-ietf-secsh-filexfer), signed in with a password or a key, the host key pinned."""

from __future__ import annotations

import asyncio
import hmac
import posixpath
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import IO, TypeVar

import asyncssh

from parley.transfer.kinds import CHUNK, Found, Place
from parley.transfer.reaching import connected, network_at
from parley.transfer.troubles import PlaceTrouble, Step, Trouble

T = TypeVar("T")


class _Client(asyncssh.SSHClient):
    """Looks at the host key: the pinned one, or, as long as none is, the first that comes."""

    def __init__(self, pinned: str) -> None:
        self.pinned = pinned
        self.shown = ""

    def validate_host_public_key(
        self, host: str, addr: str, port: int, key: asyncssh.SSHKey
    ) -> bool:
        self.shown = key.get_fingerprint()
        return not self.pinned or hmac.compare_digest(self.pinned, self.shown)


class SftpSession:
    """A folder on an SFTP server, open. It has a loop of its own, and waits for each answer."""

    renames = True

    def __init__(self, place: Place) -> None:
        """Connect and sign in. Raises PlaceTrouble."""
        self.place = place
        self.shown = ""
        self.loop = asyncio.Runner()
        self.connection: asyncssh.SSHClientConnection | None = None
        try:
            connection = self._connect()
            with _asking(Step.FOLDER, Trouble.REFUSED):
                self.sftp: asyncssh.SFTPClient = self._wait(connection.start_sftp_client())
            self._enter()
        except BaseException:
            self.close()
            raise

    def _connect(self) -> asyncssh.SSHClientConnection:
        place = self.place
        keys = [_key(place)] if place.private_key else None
        sock = connected(place.host, place.at_port, place.timeout)
        client = _Client(place.host_key)
        try:
            with network_at(Step.CONNECTION):
                self.connection = connection = self._wait(
                    asyncssh.connect(
                        sock=sock,
                        username=place.user,
                        password=None if keys else place.secret,
                        client_keys=keys,
                        agent_path=None,
                        config=None,
                        known_hosts=b"",  # no key is known from elsewhere: the client is asked
                        client_factory=lambda: client,
                        login_timeout=place.timeout,
                        connect_timeout=place.timeout,
                    ),
                    times=2,
                )
        except asyncssh.HostKeyNotVerifiable as error:
            raise PlaceTrouble(
                Step.HOST_KEY, Trouble.HOST_KEY_CHANGED, fingerprint=client.shown
            ) from error
        except asyncssh.PermissionDenied as error:
            raise PlaceTrouble(Step.SIGN_IN, Trouble.SIGN_IN_REFUSED) from error
        except asyncssh.ConnectionLost as error:
            step = Step.SIGN_IN if client.shown else Step.CONNECTION
            raise PlaceTrouble(step, Trouble.CONNECTION_LOST, error.reason) from error
        except asyncssh.Error as error:
            raise PlaceTrouble(Step.CONNECTION, Trouble.OTHER_LANGUAGE, error.reason) from error
        finally:
            if self.connection is None:
                sock.close()
        self.shown = client.shown
        return connection

    def _enter(self) -> None:
        folder = self.place.folder or "."
        with _asking(Step.FOLDER, Trouble.FOLDER_MISSING):
            if not self._wait(self.sftp.isdir(folder)):
                raise PlaceTrouble(Step.FOLDER, Trouble.FOLDER_MISSING)

    def write(self, name: str, stream: IO[bytes]) -> None:
        """Write it piece by piece; each has to be taken in time."""
        with _asking(Step.PERMISSION, Trouble.NOT_PERMITTED):
            file = self._wait(self.sftp.open(self._path(name), "wb"))
        try:
            with _asking(Step.SPACE, Trouble.WRITE_FAILED):
                while chunk := stream.read(CHUNK):
                    self._wait(file.write(chunk))
        except PlaceTrouble:
            with suppress(asyncssh.Error, OSError):
                self._wait(file.close())
            raise
        with _asking(Step.SPACE, Trouble.WRITE_FAILED):
            self._wait(file.close())

    def size_of(self, name: str) -> int | None:
        """As the server says."""
        with _asking(Step.SIZE, Trouble.REFUSED):
            try:
                about: asyncssh.SFTPAttrs = self._wait(self.sftp.stat(self._path(name)))
            except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
                return None
        return about.size

    def rename(self, old: str, new: str) -> None:
        """OpenSSH's way, which replaces a file; or, where it is not known, delete and rename."""
        before, after = self._path(old), self._path(new)
        with _asking(Step.RENAME, Trouble.RENAME_REFUSED):
            try:
                self._wait(self.sftp.posix_rename(before, after))
            except asyncssh.SFTPOpUnsupported:
                self.delete(new)
                self._wait(self.sftp.rename(before, after))

    def delete(self, name: str) -> None:
        """As asked."""
        gone = (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath)
        with _asking(Step.PERMISSION, Trouble.NOT_PERMITTED), suppress(*gone):
            self._wait(self.sftp.remove(self._path(name)))

    def files(self) -> list[Found]:
        """Plain files."""
        with _asking(Step.FOLDER, Trouble.NOT_PERMITTED):
            entries = self._wait(self.sftp.readdir(self.place.folder or "."))
        return [
            Found(str(one.filename), one.attrs.size, _moment(one.attrs.mtime))
            for one in entries
            if one.attrs.type == asyncssh.FILEXFER_TYPE_REGULAR
        ]

    def read(self, name: str, into: IO[bytes], limit: int) -> int:
        """Copy it piece by piece."""
        size = 0
        with _asking(Step.PERMISSION, Trouble.FILE_MISSING):
            file = self._wait(self.sftp.open(self._path(name), "rb"))
            while chunk := self._wait(file.read(CHUNK)):
                assert isinstance(chunk, bytes), "it was opened so"
                size += len(chunk)
                if size > limit:
                    raise PlaceTrouble(Step.SIZE, Trouble.FILE_TOO_LARGE)
                into.write(chunk)
            self._wait(file.close())
        return size

    def close(self) -> None:
        """Leave at once, without waiting for an answer."""
        if self.connection is not None:
            self.connection.abort()
            with suppress(asyncssh.Error, OSError, TimeoutError):
                self._wait(self.connection.wait_closed())
        self.loop.close()

    def _path(self, name: str) -> str:
        return posixpath.join(self.place.folder, name)

    def _wait(self, asked: Awaitable[T], *, times: int = 1) -> T:
        """The answer, which has to come in time. Raises TimeoutError."""

        async def answer() -> T:
            async with asyncio.timeout(self.place.timeout * times):
                return await asked

        return self.loop.run(answer())


def _key(place: Place) -> asyncssh.SSHKey:
    try:
        return asyncssh.import_private_key(place.private_key, place.secret or None)
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        raise PlaceTrouble(Step.SIGN_IN, Trouble.KEY_UNREADABLE) from error


@contextmanager
def _asking(step: Step, refused: Trouble) -> Iterator[None]:
    """What the server refuses in the block is trouble at this step."""
    try:
        with network_at(step):
            yield
    except (asyncssh.SFTPNoSpaceOnFilesystem, asyncssh.SFTPQuotaExceeded) as error:
        raise PlaceTrouble(Step.SPACE, Trouble.NO_SPACE, error.reason) from error
    except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath) as error:
        missing = refused if step != Step.PERMISSION else _missing(refused)
        raise PlaceTrouble(step, missing) from error
    except asyncssh.SFTPPermissionDenied as error:
        denied = Trouble.RENAME_REFUSED if step == Step.RENAME else Trouble.NOT_PERMITTED
        raise PlaceTrouble(step, denied) from error
    except (asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection, asyncssh.ConnectionLost) as e:
        raise PlaceTrouble(step, Trouble.CONNECTION_LOST) from e
    except asyncssh.Error as error:
        raise PlaceTrouble(step, refused, error.reason) from error


def _missing(refused: Trouble) -> Trouble:
    return Trouble.FILE_MISSING if refused == Trouble.FILE_MISSING else Trouble.FOLDER_MISSING


def _moment(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None
