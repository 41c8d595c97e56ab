"""The worker: runs the jobs that procrastinate keeps as rows in the database."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
from collections.abc import Callable

from parley.site import lifeline
from parley.site.environment import Environment, environment

# A worker that hasn't said so for this long is taken for dead, and its jobs are given to others.
SECONDS_UNTIL_DEAD = 30
SECONDS_BETWEEN_LOOKS = 10
SECONDS_TO_FINISH = 8

TAKE_BACK = """
SELECT procrastinate_retry_job_v2(lost.id, now(), NULL, NULL, NULL)
  FROM (
    SELECT job.id
      FROM procrastinate_jobs AS job
     WHERE job.status = 'doing' AND job.attempts < %(most)s
       AND NOT EXISTS (
             SELECT FROM procrastinate_workers AS worker
              WHERE worker.id = job.worker_id
                AND worker.last_heartbeat > now() - make_interval(secs => %(seconds)s))
       FOR UPDATE SKIP LOCKED
  ) AS lost
"""

MOST_LIVES = 5
"""A job that has taken so many workers with it is given up: it would take them all."""
GIVE_UP = """
SELECT procrastinate_finish_job_v1(lost.id, 'failed', false), lost.task_name
  FROM (
    SELECT job.id, job.task_name
      FROM procrastinate_jobs AS job
     WHERE job.status = 'doing' AND job.attempts >= %(most)s
       AND NOT EXISTS (
             SELECT FROM procrastinate_workers AS worker
              WHERE worker.id = job.worker_id
                AND worker.last_heartbeat > now() - make_interval(secs => %(seconds)s))
       FOR UPDATE SKIP LOCKED
  ) AS lost
"""

log = logging.getLogger(__name__)


def work(
    environment: Environment, *, pipe: int | None = None, warm: Callable[[], set[str]] | None = None
) -> None:
    """Run jobs until SIGTERM or SIGINT. `pipe` is the supervisor's lifeline, if there is one.

    A process of its own may work on some queues alone: `warm` makes it ready, and names them.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.site.settings")
    lifeline.end_with(pipe)
    import django

    django.setup()
    asyncio.run(_work(environment.worker_jobs, warm() if warm else everyday_queues()))


def everyday_queues() -> set[str]:
    """All queues but that of answers, which somebody waits for: see `parley.site.answering`."""
    from procrastinate.contrib.django import app

    from parley.assistant.jobs import QUEUE

    app.perform_import_paths()  # type: ignore[no-untyped-call]
    return {task.queue for task in app.tasks.values()} - {QUEUE}


async def _work(jobs_at_once: int, queues: set[str]) -> None:
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    assert isinstance(app.connector, DjangoConnector)
    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        async with worker.open_async():
            looking = asyncio.create_task(_take_back_lost_jobs(worker.connector))
            try:
                await worker.run_worker_async(
                    queues=sorted(queues),
                    concurrency=jobs_at_once,
                    shutdown_graceful_timeout=SECONDS_TO_FINISH,
                    stalled_worker_timeout=SECONDS_UNTIL_DEAD,
                    delete_jobs="successful",
                )
            finally:
                looking.cancel()


async def _take_back_lost_jobs(connector: object) -> None:
    """Put the jobs of killed workers back in the queue; one statement, so each is put back once."""
    from procrastinate.connector import BaseAsyncConnector
    from procrastinate.exceptions import ConnectorException

    assert isinstance(connector, BaseAsyncConnector)
    while True:
        try:
            about = {"seconds": SECONDS_UNTIL_DEAD, "most": MOST_LIVES}
            lost = await connector.execute_query_all_async(TAKE_BACK, **about)
            if lost:
                log.warning("Took back %s jobs of a worker that died", len(lost))
            for job in await connector.execute_query_all_async(GIVE_UP, **about):
                log.error("Gave up %s: each worker that took it died", job["task_name"])
        except ConnectorException as error:
            log.warning("Could not look for lost jobs: %s", error)
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


def main() -> None:
    """Run as a process of the supervisor."""
    parser = argparse.ArgumentParser(prog="parley.site.working")
    parser.add_argument("--lifeline", type=int)
    work(environment(), pipe=parser.parse_args().lifeline)


if __name__ == "__main__":
    main()
