"""Real servers on loopback, started and stopped by their blocks: FTP, FTPS, SFTP, S3.

Each has a folder (or bucket) of its own, one user, and ways to misbehave, which tests turn on.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import ipaddress
import socket
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncssh
import boto3
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from parley.transfer.kinds import Kind, Place

with warnings.catch_warnings():
    # It uses asyncore of the standard library for as long as there is one.
    warnings.simplefilter("ignore", DeprecationWarning)
    from pyftpdlib.authorizers import DummyAuthorizer
    from pyftpdlib.handlers import DTPHandler, FTPHandler, TLS_DTPHandler, TLS_FTPHandler
    from pyftpdlib.servers import FTPServer

USER, PASSWORD = "northwind", "s3cret-enough"
BUCKET = "orders"
SHORT = 1.0
"""Seconds a test waits for a server that says nothing."""


@dataclass
class Misbehaviour:
    """What a server does wrong; nothing, until a test says so."""

    full_after: int | None = None
    """There is room for so many bytes."""
    dies_after: int | None = None
    """It breaks off after so many bytes."""
    stalls_after: int | None = None
    """It stops reading after so many bytes."""
    says_size: int | None = None
    """What it says for the size of any file."""
    renames: bool = True
    replaces: bool = True
    """Whether a rename replaces a file that is there."""
    on_rename: Callable[[], None] | None = None
    loses_answer_to_rename: bool = False
    knows_size: bool = True


@dataclass
class Server:
    """A running server: how to reach it, and what is there."""

    place: Place
    root: Path
    wrong: Misbehaviour = field(default_factory=Misbehaviour)

    def content(self) -> dict[str, bytes]:
        """Every file that is there, by its path."""
        return {
            str(path.relative_to(self.root)): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file()
        }


# --- certificates ---


def certificate(folder: Path, name: str = "localhost") -> Path:
    """A new self-signed certificate and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(called)
        .issuer_name(called)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=30))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
            ),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{made.serial_number}.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


# --- FTP and FTPS ---


def _taking(data: type[Any], wrong: Misbehaviour) -> type[Any]:
    class Data(data):
        taken = 0

        def handle_read_event(self) -> None:
            if wrong.stalls_after is not None and self.taken >= wrong.stalls_after:
                self.modify_ioloop_events(0)
                return
            before = self.tot_bytes_received
            super().handle_read_event()
            self.taken += self.tot_bytes_received - before
            if wrong.full_after is not None and self.taken > wrong.full_after:
                self._resp = ("452 No space left on device.", None)
                self.close()
            elif wrong.dies_after is not None and self.taken > wrong.dies_after:
                self.cmd_channel.close()

    return Data


def _misbehaving(handler: type[Any], data: type[Any], wrong: Misbehaviour) -> type[Any]:
    class Handler(handler):
        dtp_handler = _taking(data, wrong)

        def ftp_STOR(self, file: str, mode: str = "w") -> Any:  # noqa: N802
            if wrong.full_after == 0:
                self.respond("552 Exceeded storage allocation.")
                return None
            return super().ftp_STOR(file, mode)

        def ftp_SIZE(self, path: str) -> Any:  # noqa: N802
            if not wrong.knows_size:
                self.respond("502 Command not implemented.")
                return None
            if wrong.says_size is not None and Path(path).exists():
                self.respond(f"213 {wrong.says_size}")
                return None
            return super().ftp_SIZE(path)

        def ftp_RNTO(self, path: str) -> Any:  # noqa: N802
            if not wrong.renames or (not wrong.replaces and Path(path).exists()):
                self.respond("550 Not enough privileges.")
                return None
            if wrong.on_rename:
                wrong.on_rename()
            if wrong.loses_answer_to_rename:
                Path(self._rnfr).rename(path)
                self.close()
                return None
            return super().ftp_RNTO(path)

    Handler.auth_failed_timeout = 0
    Handler.use_sendfile = False
    return Handler


@contextlib.contextmanager
def ftp_server(
    root: Path,
    *,
    kind: Kind = Kind.FTP,
    pem: Path | None = None,
    rights: str = "elradfmwMT",
    port: int = 0,
) -> Iterator[Server]:
    """An FTP server (pyftpdlib) whose user's home is `root`."""
    wrong = Misbehaviour()
    if kind == Kind.FTP:
        handler = _misbehaving(FTPHandler, DTPHandler, wrong)
    else:
        handler = _misbehaving(TLS_FTPHandler, TLS_DTPHandler, wrong)
        handler.certfile = str(pem)
        handler.ssl_context = None
    if kind == Kind.FTPS_IMPLICIT:
        handler = _implicit(handler)
    handler.authorizer = DummyAuthorizer()
    handler.authorizer.add_user(USER, PASSWORD, str(root), perm=rights)
    handler.banner = "ready"
    server = FTPServer(("127.0.0.1", port), handler)
    stop = threading.Event()

    def serve() -> None:
        while not stop.is_set():
            server.serve_forever(timeout=0.02, blocking=False, handle_exit=False)
        server.close_all()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    place = Place(
        kind=kind,
        host="localhost" if kind != Kind.FTP else "127.0.0.1",
        port=server.address[1],
        user=USER,
        secret=PASSWORD,
        timeout=10,
    )
    try:
        yield Server(place, root, wrong)
    finally:
        stop.set()
        thread.join(10)


def _implicit(handler: type[Any]) -> type[Any]:
    class Implicit(handler):
        def handle(self) -> None:
            self.secure_connection(self.ssl_context)

        def handle_ssl_established(self) -> None:
            FTPHandler.handle(self)

    return Implicit


# --- SFTP ---


class _Files(asyncssh.SFTPServer):
    """A folder as an SFTP server's root, with its misbehaviour."""

    def __init__(self, chan: Any, root: Path, wrong: Misbehaviour) -> None:
        super().__init__(chan, chroot=str(root).encode())
        self.wrong = wrong
        self.chan = chan

    async def write(self, file_obj: Any, offset: int, data: bytes) -> int:  # type: ignore[override]
        wrong, end = self.wrong, offset + len(data)
        if wrong.stalls_after is not None and end > wrong.stalls_after:
            await asyncio.sleep(3600)
        if wrong.dies_after is not None and end > wrong.dies_after:
            self.chan.get_connection().abort()
        if wrong.full_after is not None and end > wrong.full_after:
            raise asyncssh.SFTPFailure("No space left on device")
        return super().write(file_obj, offset, data)  # type: ignore[return-value]

    def stat(self, path: bytes) -> Any:
        found = super().stat(path)
        if self.wrong.says_size is None:
            return found
        about = asyncssh.SFTPAttrs.from_local(found)
        if about.type == asyncssh.FILEXFER_TYPE_REGULAR:
            about.size = self.wrong.says_size
        return about

    def posix_rename(self, oldpath: bytes, newpath: bytes) -> None:
        if not self.wrong.renames:
            raise asyncssh.SFTPPermissionDenied("no")
        super().posix_rename(oldpath, newpath)  # type: ignore[unused-coroutine]
        if self.wrong.loses_answer_to_rename:
            self.chan.get_connection().abort()


class _Door(asyncssh.SSHServer):
    def __init__(self, keys: list[str]) -> None:
        self.keys = keys

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD)

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return username == USER and key.export_public_key().decode() in self.keys


@contextlib.contextmanager
def sftp_server(
    root: Path,
    *,
    host_key: asyncssh.SSHKey | None = None,
    keys: tuple[str, ...] = (),
    port: int = 0,
) -> Iterator[Server]:
    """An SFTP server (asyncssh) that shows `root`; `keys` are the public keys it takes."""
    wrong = Misbehaviour()
    own_key = host_key or asyncssh.generate_private_key("ssh-ed25519")
    started: list[int] = []
    ready = threading.Event()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        server = await asyncssh.create_server(
            lambda: _Door(list(keys)),
            "127.0.0.1",
            port,
            server_host_keys=[own_key],
            sftp_factory=lambda chan: _Files(chan, root, wrong),
        )
        started.append(server.get_port())
        ready.set()
        await stop.wait()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def run() -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(serve())
        finally:
            loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(20)
    place = Place(
        kind=Kind.SFTP, host="127.0.0.1", port=started[0], user=USER, secret=PASSWORD, timeout=10
    )
    try:
        yield Server(place, root, wrong)
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)


# --- S3 ---


class Bucket(Server):
    """A bucket on moto's server."""

    def client(self) -> Any:
        return boto3.client(
            "s3",
            endpoint_url=self.place.endpoint,
            region_name="us-east-1",
            aws_access_key_id="x",
            aws_secret_access_key="x",
        )

    def content(self) -> dict[str, bytes]:
        client = self.client()
        found = client.list_objects_v2(Bucket=BUCKET).get("Contents", [])
        read = {
            one["Key"]: client.get_object(Bucket=BUCKET, Key=one["Key"])["Body"].read()
            for one in found
        }
        client.close()
        return read


@contextlib.contextmanager
def s3_server(root: Path) -> Iterator[Bucket]:
    """moto's S3, with an empty bucket."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    place = Place(
        kind=Kind.S3,
        user=USER,
        secret=PASSWORD,
        bucket=BUCKET,
        endpoint=f"http://{host}:{port}",
        timeout=10,
    )
    bucket = Bucket(place, root)
    client = bucket.client()
    client.create_bucket(Bucket=BUCKET)
    try:
        yield bucket
    finally:
        for name in bucket.content():
            client.delete_object(Bucket=BUCKET, Key=name)
        client.delete_bucket(Bucket=BUCKET)
        client.close()
        server.stop()


# --- something that is no server at all ---


@contextlib.contextmanager
def silent_port() -> Iterator[int]:
    """A port at which connections are taken, and nothing is ever said."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@contextlib.contextmanager
def rude_port(says: bytes = b"HTTP/1.1 400 Bad Request\r\n\r\n") -> Iterator[int]:
    """A port at which something else answers and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.05)
        stop = threading.Event()

        def answer() -> None:
            while not stop.is_set():
                with contextlib.suppress(OSError):
                    conn, _who = listening.accept()
                    with conn:
                        conn.sendall(says)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            stop.set()
            thread.join(5)


def closed_port() -> int:
    """A port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])
