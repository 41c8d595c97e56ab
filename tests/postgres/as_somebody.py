"""Doing something as an ordinary user, also when the tests run as root."""

from __future__ import annotations

import os
from collections.abc import Callable

NOBODY = 65534


def as_somebody_else(act: Callable[[], str]) -> str:
    """What `act` says when an ordinary user does it (in a forked process, which is then gone)."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _act_and_exit(act, writing)
    os.close(writing)
    with os.fdopen(reading) as answer:
        said = answer.read()
    os.waitpid(child, 0)
    return said


def _act_and_exit(act: Callable[[], str], writing: int) -> None:
    try:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        os.write(writing, act().encode())
    except BaseException as error:  # noqa: BLE001  (the parent has to hear of anything)
        os.write(writing, f"{type(error).__name__}: {error}".encode())
    finally:
        os._exit(0)
