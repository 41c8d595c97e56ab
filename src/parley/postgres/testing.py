"""A throw-away server for one run of the test suite."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from parley.postgres import places
from parley.postgres.cluster import Cluster

_PREFIX = "parley-test-"


@contextmanager
def temporary() -> Iterator[Cluster]:
    """A running server in a temporary folder, without fsync; gone after the block."""
    cluster = Cluster(_new_folder(), durable=False)
    try:
        with cluster.held():
            yield cluster
    finally:
        shutil.rmtree(cluster.data, ignore_errors=True)


def start() -> str:
    """Have a server for this run of the tests; gives its DATABASE_URL, and sets it for children.

    With DATABASE_URL in the environment (one's own server, or the one the first process of a
    parallel run started) nothing is started. What was started goes when this process ends.
    """
    url = os.environ.get("DATABASE_URL", "")
    if url:
        return url
    _sweep()
    running = temporary()
    cluster = running.__enter__()
    atexit.register(running.__exit__, None, None, None)
    os.environ["DATABASE_URL"] = cluster.url()
    return cluster.url()


def _new_folder() -> Path:
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))


def _sweep() -> None:
    """Remove what a killed test run left: the process number in the name tells whose it was."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        number = folder.name.removeprefix(_PREFIX).split("-")[0]
        if not number.isdigit() or psutil.pid_exists(int(number)):
            continue
        # Another run that starts now may sweep the same away.
        with suppress(FileNotFoundError):
            if folder.stat().st_uid == os.geteuid():
                if places.cluster_folder(folder).exists():
                    Cluster(folder, durable=False).stop()
                shutil.rmtree(folder, ignore_errors=True)
