"""FTP (RFC 959), and over TLS (RFC 4217): explicit, by AUTH TLS, or implicit, from the first byte."""

from __future__ import annotations

import ftplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import IO

from parley.transfer.certificates import check_shown, fingerprint_of, wrapped
from parley.transfer.kinds import CHUNK, Found, Kind, Place
from parley.transfer.reaching import connected, network_at
from parley.transfer.troubles import PlaceTrouble, Step, Trouble

_NO_SPACE = {"452", "552"}
_NO_DATA = {"425", "426"}
_NOT_KNOWN = {"500", "501", "502", "504"}


class _Client(ftplib.FTP_TLS):
    """The library's, on a connection of our own, whose data connections continue its TLS session.

    vsftpd and ProFTPD ask for that by default: only then they know that both are of one client.
    """

    def __init__(self, place: Place) -> None:
        super().__init__(encoding="utf-8")
        self.place = place
        self.timeout = place.timeout
        self.host, self.port = place.host, place.at_port
        self.set_pasv(place.passive)
        self.secured = False

    def greet(self, sock: socket.socket) -> None:
        """Take up the connection and hear the server's welcome."""
        self.sock, self.af = sock, sock.family
        self.file = sock.makefile("r", encoding=self.encoding, errors="replace")
        self.welcome = self.getresp()

    def secure(self) -> None:
        """Change to TLS by AUTH TLS."""
        self.voidcmd("AUTH TLS")
        assert self.sock is not None
        assert self.file is not None
        self.file.close()
        self.sock = wrapped(self.sock, self.place)
        self.file = self.sock.makefile("r", encoding=self.encoding, errors="replace")

    def protect_data(self) -> None:
        """The files are encrypted, too (RFC 2228)."""
        self.voidcmd("PBSZ 0")
        self.voidcmd("PROT P")
        self.secured = True

    def ntransfercmd(
        self, cmd: str, rest: int | str | None = None
    ) -> tuple[socket.socket, int | None]:
        """A data connection, encrypted if the control connection is."""
        conn, size = super(ftplib.FTP_TLS, self).ntransfercmd(cmd, rest)
        if not self.secured:
            return conn, size
        assert isinstance(self.sock, ssl.SSLSocket)
        safe = self.sock.context.wrap_socket(
            conn, server_hostname=self.place.host, session=self.sock.session
        )
        if self.place.certificate:
            check_shown(safe, self.place.certificate)
        return safe, size


class FtpSession:
    """A folder on an FTP server, open."""

    renames = True

    def __init__(self, place: Place) -> None:
        """Connect and sign in. Raises PlaceTrouble."""
        self.place = place
        self.shown = ""
        self.client = _Client(place)
        try:
            self._connect()
            self._sign_in()
            self._enter()
        except BaseException:
            self.client.close()
            raise

    def _connect(self) -> None:
        place = self.place
        sock = connected(place.host, place.at_port, place.timeout)
        try:
            if place.kind == Kind.FTPS_IMPLICIT:
                sock = wrapped(sock, place)
            with network_at(Step.CONNECTION):
                self.client.greet(sock)
        except ftplib.Error as error:
            sock.close()
            raise PlaceTrouble(Step.CONNECTION, Trouble.OTHER_LANGUAGE) from error
        except BaseException:
            sock.close()
            raise
        if place.kind == Kind.FTPS_EXPLICIT:
            self._secure()
        if isinstance(self.client.sock, ssl.SSLSocket):
            self.shown = fingerprint_of(self.client.sock)

    def _secure(self) -> None:
        try:
            with network_at(Step.CERTIFICATE):
                self.client.secure()
        except ftplib.Error as error:
            raise PlaceTrouble(Step.CERTIFICATE, Trouble.NO_TLS, str(error)) from error

    def _sign_in(self) -> None:
        try:
            with network_at(Step.SIGN_IN):
                self.client.login(self.place.user, self.place.secret, secure=False)
                if self.place.kind != Kind.FTP:
                    self.client.protect_data()
        except (ftplib.Error, ValueError) as error:
            raise PlaceTrouble(Step.SIGN_IN, Trouble.SIGN_IN_REFUSED, str(error)) from error

    def _enter(self) -> None:
        if not self.place.folder:
            return
        with _asking(Step.FOLDER, Trouble.FOLDER_MISSING):
            self.client.cwd(self.place.folder)

    def write(self, name: str, stream: IO[bytes]) -> None:
        """STOR; what the server says at the end is heard even when it breaks off in between."""
        with _asking(Step.PERMISSION, Trouble.NOT_PERMITTED):
            self.client.voidcmd("TYPE I")
            data = self.client.transfercmd(f"STOR {name}")
        with _asking(Step.SPACE, Trouble.WRITE_FAILED):
            broken = _send(data, stream)
            self.client.voidresp()
            if broken:
                raise broken

    def size_of(self, name: str) -> int | None:
        """SIZE (RFC 3659); of a server that does not know it, by reading the file back."""
        with _asking(Step.SIZE, Trouble.REFUSED):
            try:
                self.client.voidcmd("TYPE I")
                return self.client.size(name)
            except ftplib.error_perm as error:
                if _code(error) not in _NOT_KNOWN:
                    return None
        return self._read_back(name)

    def rename(self, old: str, new: str) -> None:
        """RNFR and RNTO; where a server does not replace a file so, the old one is deleted first."""
        with _asking(Step.RENAME, Trouble.RENAME_REFUSED):
            try:
                self.client.rename(old, new)
            except ftplib.error_perm:
                if self.size_of(new) is None:
                    raise
                self.client.delete(new)
                self.client.rename(old, new)

    def delete(self, name: str) -> None:
        """DELE."""
        with _asking(Step.PERMISSION, Trouble.NOT_PERMITTED), suppress(ftplib.error_perm):
            self.client.delete(name)

    def files(self) -> list[Found]:
        """MLSD (RFC 3659), or NLST where the server does not know that."""
        with _asking(Step.FOLDER, Trouble.NOT_PERMITTED):
            try:
                facts = list(self.client.mlsd(facts=["type", "size", "modify"]))
            except ftplib.error_perm as error:
                if _code(error) not in _NOT_KNOWN:
                    raise
                return [Found(name.rpartition("/")[2]) for name in self.client.nlst()]
        return [
            Found(name, _whole(fact.get("size")), _moment(fact.get("modify")))
            for name, fact in facts
            if fact.get("type", "file") == "file"
        ]

    def read(self, name: str, into: IO[bytes], limit: int) -> int:
        """RETR."""
        size = 0

        def take(chunk: bytes) -> None:
            nonlocal size
            size += len(chunk)
            if size > limit:
                raise PlaceTrouble(Step.SIZE, Trouble.FILE_TOO_LARGE)
            into.write(chunk)

        with _asking(Step.PERMISSION, Trouble.FILE_MISSING):
            self.client.retrbinary(f"RETR {name}", take, blocksize=CHUNK)
        return size

    def _read_back(self, name: str) -> int:
        size = 0

        def count(chunk: bytes) -> None:
            nonlocal size
            size += len(chunk)

        with _asking(Step.SIZE, Trouble.SIZE_DIFFERS):
            self.client.retrbinary(f"RETR {name}", count, blocksize=CHUNK)
        return size

    def close(self) -> None:
        """QUIT, as far as that is still possible."""
        with suppress(ftplib.Error, OSError, EOFError):
            if self.client.sock:
                self.client.sock.settimeout(min(2.0, self.place.timeout))
                self.client.quit()
        self.client.close()


def _send(data: socket.socket, stream: IO[bytes]) -> OSError | None:
    """Send all of a stream and close; gives the error if the server broke off."""
    try:
        while chunk := stream.read(CHUNK):
            data.sendall(chunk)
        if isinstance(data, ssl.SSLSocket):
            # Not every server says goodbye in TLS; whether it has all, its reply and SIZE tell.
            with suppress(OSError):
                data.unwrap()
    except TimeoutError:
        raise
    except OSError as error:
        return error
    finally:
        data.close()
    return None


@contextmanager
def _asking(step: Step, refused: Trouble) -> Iterator[None]:
    """What the server refuses in the block is trouble at this step."""
    try:
        with network_at(step):
            yield
    except ftplib.Error as error:
        code, said = _code(error), str(error)
        if code in _NO_SPACE:
            raise PlaceTrouble(Step.SPACE, Trouble.NO_SPACE, said) from error
        if code in _NO_DATA:
            raise PlaceTrouble(step, Trouble.NO_DATA_CONNECTION, said) from error
        raise PlaceTrouble(step, refused, said) from error
    except ValueError as error:  # a line break in a name: the library does not send it
        raise PlaceTrouble(step, refused) from error


def _code(error: ftplib.Error) -> str:
    return str(error)[:3]


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


def _moment(text: str | None) -> datetime | None:
    try:
        return datetime.strptime((text or "")[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
