"""Jobs of a killed worker are taken back, once; those of a living one are left alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from parley.site.working import GIVE_UP, MOST_LIVES, SECONDS_UNTIL_DEAD, TAKE_BACK

pytestmark = pytest.mark.django_db


def run(question: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        row = cursor.fetchone()
        return row[0] if row else None


def worker(seconds_ago: int) -> int:
    return int(
        run(
            "INSERT INTO procrastinate_workers (last_heartbeat) "
            "VALUES (now() - make_interval(secs => %s)) RETURNING id",
            seconds_ago,
        )
    )


def job(worker_id: int | None, status: str = "doing") -> int:
    return int(
        run(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id) "
            "VALUES ('default', 'a.task', '{}', %s, %s) RETURNING id",
            status,
            worker_id,
        )
    )


def take_back() -> int:
    with connection.cursor() as cursor:
        cursor.execute(TAKE_BACK, {"seconds": SECONDS_UNTIL_DEAD, "most": MOST_LIVES})
        return len(cursor.fetchall())


def state(job_id: int) -> Any:
    return run("SELECT status || ' ' || attempts FROM procrastinate_jobs WHERE id = %s", job_id)


@pytest.mark.parametrize("seconds_ago", [SECONDS_UNTIL_DEAD + 1, None])
def test_the_jobs_of_the_dead_are_taken_back_once(seconds_ago: int | None) -> None:
    lost = job(worker(seconds_ago) if seconds_ago else None)
    assert take_back() == 1
    assert state(lost) == "todo 1"
    assert take_back() == 0


def test_the_jobs_of_the_living_are_left_alone() -> None:
    kept = job(worker(1))
    assert take_back() == 0
    assert state(kept) == "doing 0"


def test_jobs_nobody_has_started_are_left_alone() -> None:
    waiting = job(None, status="todo")
    assert take_back() == 0
    assert state(waiting) == "todo 0"


def test_a_job_that_takes_every_worker_with_it_is_given_up() -> None:
    deadly = job(worker(SECONDS_UNTIL_DEAD + 1))
    run(
        "UPDATE procrastinate_jobs SET attempts = %s WHERE id = %s RETURNING id", MOST_LIVES, deadly
    )
    assert take_back() == 0
    with connection.cursor() as cursor:
        cursor.execute(GIVE_UP, {"seconds": SECONDS_UNTIL_DEAD, "most": MOST_LIVES})
        assert len(cursor.fetchall()) == 1
    assert state(deadly).startswith("failed")
