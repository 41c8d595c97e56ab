"""Where the embedded server keeps its things in a data folder, and what its database is called."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

DATABASE = "parley"
USER = "parley"
PORT = 5432  # never a TCP port: it only names the socket

# The address of a Unix socket holds 108 bytes on Linux and 104 on macOS, its file name included.
LONGEST_SOCKET = 100


def cluster_folder(data: Path) -> Path:
    """The folder of the database files."""
    return data / "postgres"


def run_folder(data: Path) -> Path:
    """The folder for locks and sockets: nothing in it outlives a reboot in any useful sense."""
    return data / "run"


def log_folder(data: Path) -> Path:
    """The folder of the log files."""
    return data / "log"


def socket_folder(data: Path) -> Path:
    """The folder of the server's socket: inside the data folder, unless that path is too long.

    Then it is in the folder for temporary files, or, where even that is deep, in `/tmp`.
    Only the user who runs the server may enter it; the server trusts whoever reaches the socket.
    """
    name = hashlib.sha256(str(data.absolute()).encode()).hexdigest()[:16]
    shortest = Path("/tmp") / f"parley-{name}"  # noqa: S108 - its owner is checked
    nearest_first = (
        run_folder(data.absolute()) / "postgres",
        Path(tempfile.gettempdir()) / f"parley-{name}",
    )
    return next((folder for folder in nearest_first if _holds_a_socket(folder)), shortest)


def _holds_a_socket(folder: Path) -> bool:
    return len(str(folder / socket_name()).encode()) <= LONGEST_SOCKET


def socket_name() -> str:
    """The file name PostgreSQL gives its socket."""
    return f".s.PGSQL.{PORT}"
