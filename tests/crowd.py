"""Many at once: real threads, each with a connection of its own, let go at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

T = TypeVar("T")


def all_at_once(actions: Iterable[Callable[[], T]]) -> list[T | Exception]:
    """What each of `actions` gave or raised, in their order. The test needs `transactional_db`."""
    todo = list(actions)
    barrier = threading.Barrier(len(todo))

    def run(action: Callable[[], T]) -> T | Exception:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            return action()
        except Exception as error:  # noqa: BLE001 - the test looks at what came
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(todo)) as pool:
        return list(pool.map(run, todo))


def crowd(number: int, action: Callable[[], T]) -> list[T | Exception]:
    """What `number` callers of the same action got."""
    return all_at_once([action] * number)


def failures(got: Iterable[object]) -> list[Exception]:
    """What was raised, of what came of many at once."""
    return [one for one in got if isinstance(one, Exception)]
