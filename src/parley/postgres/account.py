"""Which system user runs the embedded server, and the way to its files.

PostgreSQL refuses to run as root. Started by root, it runs as a system user of its own, who has to
be able to *pass through* the folders above the binaries and the data: the execute bit, never more.
"""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parley.postgres.trouble import PostgresTrouble

SYSTEM_USER = "parley-postgres"


@dataclass(frozen=True, slots=True)
class Account:
    """A system user by number."""

    uid: int
    gid: int

    def for_processes(self) -> dict[str, Any]:
        """Arguments for `subprocess` that make the child run as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def account_for(cluster: Path) -> Account | None:
    """The user to run the server of `cluster` as; None means the one we are.

    Only root ever switches: to the owner of an existing cluster, or else to the system user.
    Raises `PostgresTrouble` if that user can't be made.
    """
    if os.geteuid() != 0:
        return None
    owner = cluster.stat() if cluster.exists() else None
    if owner is not None and owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    entry = _system_user()
    return Account(entry.pw_uid, entry.pw_gid)


def _system_user() -> pwd.struct_passwd:
    entry = _known_user()
    if entry is not None:
        return entry
    for command in _ways_to_add_a_user():
        if shutil.which(command[0]):
            subprocess.run(command, capture_output=True, check=False)
        if entry := _known_user():
            return entry
    raise PostgresTrouble(
        f"PostgreSQL can't run as root, and the system user {SYSTEM_USER} could not be made; "
        "make it, or start Parley as an ordinary user."
    )


def _known_user() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        return None


def _ways_to_add_a_user() -> list[list[str]]:
    nowhere = [
        "--no-create-home",
        "--home-dir",
        "/nonexistent",
        "--shell",
        "/usr/sbin/nologin",
    ]
    return [
        ["useradd", "--system", "--user-group", *nowhere, SYSTEM_USER],
        ["adduser", "-S", "-D", "-H", "-s", "/sbin/nologin", SYSTEM_USER],
    ]


def give(folder: Path, account: Account | None) -> None:
    """Make `folder` private to the server's user."""
    if account is not None:
        os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)


def open_the_way(folder: Path, account: Account | None) -> list[Path]:
    """Let the server's user pass through the folders above `folder`; gives those it had to open."""
    if account is None:
        return []
    closed = [above for above in folder.absolute().parents if not _passable(above, account)]
    for above in closed:
        above.chmod(stat.S_IMODE(above.stat().st_mode) | stat.S_IXOTH)
    return closed


def _passable(folder: Path, account: Account) -> bool:
    about = folder.stat()
    if about.st_uid == account.uid:
        return bool(about.st_mode & stat.S_IXUSR)
    return bool(about.st_mode & stat.S_IXOTH)


def let_read(folder: Path, account: Account | None) -> None:
    """Let the server's user read and run what is under `folder`, if a strict umask forbids it."""
    if account is None or _open_to_all(next(folder.iterdir(), folder)):
        return
    for path in [folder, *folder.rglob("*")]:
        if path.is_symlink():
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        runs = path.is_dir() or bool(mode & stat.S_IXUSR)
        path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if runs else 0))


def _open_to_all(path: Path) -> bool:
    return bool(path.stat().st_mode & stat.S_IROTH)
