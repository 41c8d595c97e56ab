"""The same thing done by many at the same time, each with a database connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connection


def at_once(do: Callable[[], object], times: int) -> list[BaseException]:
    """Do it in so many threads, and wait for all of them; gives what any of them failed with."""
    failed: list[BaseException] = []

    def one() -> None:
        try:
            do()
        except BaseException as error:  # noqa: BLE001 - whoever asks shows them
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed
