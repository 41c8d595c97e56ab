"""`/metrics`: what is watched over, in the text format of Prometheus (exposition format 0.0.4).

Whoever asks shows the token of `PARLEY_METRICS_TOKEN`, as `Authorization: Bearer …`; to anybody else,
and where none is set, there is no such page. That the question comes from this machine says nothing:
behind a proxy all of them do.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db import DatabaseError, connections

from parley.journal.moment import now
from parley.mailboxes.depth import queue
from parley.mailboxes.standing import how_each_stands
from parley.web.front.wire import Application, Receive, Scope, Send, part, start

ASKED_AGAIN_AFTER = 1.0
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
JOBS = """
SELECT counted.queue_name, counted.status, counted.times,
       coalesce(extract(epoch FROM now() - greatest(job.scheduled_at, (
         SELECT min(event.at) FROM procrastinate_events AS event
          WHERE event.job_id = job.id AND event.type = 'deferred'))), 0)
  FROM (
    SELECT queue_name, status::text, count(*) AS times,
           min(id) FILTER (WHERE coalesce(scheduled_at, now()) <= now()) AS first
      FROM procrastinate_jobs WHERE status IN ('todo', 'doing', 'failed')
     GROUP BY queue_name, status
  ) AS counted
  LEFT JOIN procrastinate_jobs AS job ON job.id = counted.first
 ORDER BY counted.queue_name, counted.status
"""
WORKERS = """
SELECT count(*) FROM procrastinate_workers
 WHERE last_heartbeat > now() - make_interval(secs => 30)
"""

log = logging.getLogger(__name__)


@dataclass
class Gauge:
    """One thing that is measured: its name, what it is, and its values by their labels."""

    name: str
    about: str
    values: list[tuple[dict[str, str], float]] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """As Prometheus reads it."""
        yield f"# HELP {self.name} {self.about}"
        yield f"# TYPE {self.name} gauge"
        for labels, value in self.values:
            named = ",".join(f'{name}="{_escaped(text)}"' for name, text in labels.items())
            yield f"{self.name}{{{named}}} {value:g}" if named else f"{self.name} {value:g}"


class Metrics:
    """The page; `otherwise` answers those who have no token.

    However often it is asked for, the database is asked once a second.
    """

    def __init__(self, token: str | None, otherwise: Application) -> None:
        self._token = (token or "").encode()
        self._otherwise = otherwise
        self._text = b""
        self._until = 0.0
        self._one_at_a_time = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 200 with what is measured, whether the database answers or not."""
        if not self._knows(scope):
            await self._otherwise(scope, receive, send)
            return
        async with self._one_at_a_time:
            if time.monotonic() >= self._until:
                self._text = await asyncio.to_thread(_measured)
                self._until = time.monotonic() + ASKED_AGAIN_AFTER
        about = [
            ("content-type", CONTENT_TYPE),
            ("content-length", str(len(self._text))),
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
        ]
        await start(send, 200, about)
        await part(send, self._text, more=False)

    def _knows(self, scope: Scope) -> bool:
        shown = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        kind, _blank, token = bytes(shown).partition(b" ")
        if not self._token or kind.lower() != b"bearer":
            return False
        return hmac.compare_digest(token.strip(), self._token)


def written(gauges: Iterable[Gauge]) -> str:
    """The text of these."""
    return "".join(f"{line}\n" for gauge in gauges for line in gauge.lines())


def measure() -> list[Gauge]:
    """All that is measured now, in five queries. Raises DatabaseError."""
    return [*_of_mail(), *_of_jobs()]


def _measured() -> bytes:
    up = Gauge("parley_database_up", "Whether the database answers (1) or not (0).")
    gauges = []
    try:
        gauges = measure()
    except DatabaseError as error:
        log.warning("Nothing could be measured: %s", error)
    finally:
        connections.close_all()
    up.values = [({}, 1 if gauges else 0)]
    return written([up, *gauges]).encode()


def _of_mail() -> list[Gauge]:
    waiting = queue()
    age = (now() - waiting.oldest).total_seconds() if waiting.oldest else 0
    each = how_each_stands()
    return [
        Gauge("parley_mail_waiting", "Mails that came in and were not looked at yet.",
              [({}, waiting.waiting)]),
        Gauge("parley_mail_waiting_oldest_seconds", "How long the oldest of them has waited.",
              [({}, max(age, 0))]),
        Gauge("parley_mail_review", "Mails that wait for somebody to look at them.",
              [({}, waiting.review)]),
        Gauge("parley_mail_set_aside", "Mails that could not be understood.",
              [({}, waiting.set_aside)]),
        Gauge("parley_mailbox_up", "Whether a mailbox that is read is without trouble (1) or not (0).",
              [({"mailbox": address}, up) for address, up in each]),
    ]  # fmt: skip


def _of_jobs() -> list[Gauge]:
    jobs = Gauge("parley_jobs", "Background jobs by queue and state.")
    ages = Gauge("parley_jobs_oldest_seconds", "How long the oldest job that is due has waited.")
    workers = Gauge(
        "parley_workers", "Processes that run jobs and said so in the last half minute."
    )
    with connections["default"].cursor() as cursor:
        cursor.execute(JOBS)
        for name, status, times, age in cursor.fetchall():
            jobs.values.append(({"queue": name, "status": status}, times))
            if status == "todo":
                ages.values.append(({"queue": name}, float(max(age, 0))))
        cursor.execute(WORKERS)
        workers.values.append(({}, cursor.fetchone()[0]))
    return [jobs, ages, workers]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
