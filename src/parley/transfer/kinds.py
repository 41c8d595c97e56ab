"""The kinds of place a file can be brought to or fetched from, and how one is described."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import IO, NamedTuple, Protocol

from parley.transfer.troubles import Step

CHUNK = 256 * 1024
"""Bytes sent at a time."""


class Kind(StrEnum):
    FTP = "ftp"
    FTPS_EXPLICIT = "ftps_explicit"
    FTPS_IMPLICIT = "ftps_implicit"
    SFTP = "sftp"
    S3 = "s3"
    FOLDER = "folder"


PORTS = {Kind.FTP: 21, Kind.FTPS_EXPLICIT: 21, Kind.FTPS_IMPLICIT: 990, Kind.SFTP: 22}
"""The usual port of each kind that has one (IANA)."""

_WRITTEN = (Step.PERMISSION, Step.SPACE, Step.SIZE, Step.RENAME)
_REACHED = (Step.NAME, Step.CONNECTION)
STEPS: dict[Kind, tuple[Step, ...]] = {
    Kind.FTP: (*_REACHED, Step.SIGN_IN, Step.FOLDER, *_WRITTEN),
    Kind.FTPS_EXPLICIT: (*_REACHED, Step.CERTIFICATE, Step.SIGN_IN, Step.FOLDER, *_WRITTEN),
    Kind.FTPS_IMPLICIT: (*_REACHED, Step.CERTIFICATE, Step.SIGN_IN, Step.FOLDER, *_WRITTEN),
    Kind.SFTP: (*_REACHED, Step.HOST_KEY, Step.SIGN_IN, Step.FOLDER, *_WRITTEN),
    Kind.S3: (*_REACHED, Step.CERTIFICATE, Step.SIGN_IN, Step.FOLDER, *_WRITTEN[:3]),
    Kind.FOLDER: (Step.FOLDER, *_WRITTEN),
}
"""What is done for each kind, in order."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A folder on a server, and how to get in.

    `port` 0 is the kind's usual one. `secret` is the password (of S3: the secret key; of an SFTP
    key: its passphrase). `host_key` and `certificate` are the SHA-256 fingerprints that were
    accepted; without one, the first host key is taken as it comes, and a certificate has to be
    vouched for by an authority this machine knows. `home` is the party's own folder below the
    operator's, for `Kind.FOLDER`. `timeout` is in seconds, of every single wait.
    """

    kind: Kind
    host: str = ""
    port: int = 0
    user: str = ""
    secret: str = field(default="", repr=False)
    private_key: str = field(default="", repr=False)
    folder: str = ""
    host_key: str = ""
    certificate: str = ""
    passive: bool = True
    bucket: str = ""
    region: str = ""
    endpoint: str = ""
    home: str = ""
    timeout: float = 30.0

    @property
    def at_port(self) -> int:
        return self.port or PORTS.get(self.kind, 0)


class Found(NamedTuple):
    """A file at a place; size in bytes and moment of its last change as far as the server says."""

    name: str
    size: int | None = None
    changed_at: datetime | None = None


class Session(Protocol):
    """A place, open: signed in and in its folder. Everything may raise PlaceTrouble."""

    renames: bool
    """Whether a file is written under another name first; if not, it appears whole by itself."""
    shown: str
    """The fingerprint of the host key or certificate that the server showed; empty for none."""

    def write(self, name: str, stream: IO[bytes]) -> None:
        """Write a file, in place of one of that name."""

    def size_of(self, name: str) -> int | None:
        """The size of a file in bytes, None if there is none."""

    def rename(self, old: str, new: str) -> None:
        """Rename a file, in place of one that has the new name."""

    def delete(self, name: str) -> None:
        """Delete a file; nothing happens if there is none."""

    def files(self) -> list[Found]:
        """The files of the folder."""

    def read(self, name: str, into: IO[bytes], limit: int) -> int:
        """Copy a file of at most `limit` bytes to `into`; gives its size."""

    def close(self) -> None:
        """Leave; never raises."""
