"""The worker's jobs, run in a thread of the test: nothing of it is left when the test ends."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from procrastinate.contrib.django import app

SECONDS_BETWEEN_LOOKS = 0.05
SECONDS_TO_FINISH = 20

DUE = """
DELETE FROM procrastinate_jobs
 WHERE status = 'todo' AND COALESCE(scheduled_at, now()) <= now()
RETURNING task_name, args
"""


@contextmanager
def done_at_once() -> Iterator[None]:
    """Do what the house puts off as soon as it is committed; a job that fails fails the test."""
    _forget_those_of_others()
    over = threading.Event()
    failures: list[Exception] = []
    thread = threading.Thread(target=_work, args=(over, failures), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(SECONDS_TO_FINISH)
    if failures:
        raise failures[0]


def _forget_those_of_others() -> None:
    """Emptying the tables between tests leaves these rows: they are about what is gone."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def _work(over: threading.Event, failures: list[Exception]) -> None:
    try:
        while not over.wait(SECONDS_BETWEEN_LOOKS):
            for name, arguments in _due():
                app.tasks[name].func(**arguments)
    except Exception as error:  # noqa: BLE001 - told to the test, whatever it is
        failures.append(error)
    finally:
        connection.close()


def _due() -> list[tuple[str, dict[str, Any]]]:
    with connection.cursor() as cursor:
        cursor.execute(DUE)
        rows = cursor.fetchall()
    return [(name, json.loads(args) if isinstance(args, str) else args) for name, args in rows]
