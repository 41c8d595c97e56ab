"""Measuring: one operation at one server, and all of them round by round."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

import psutil
import psycopg

from bench.client import Client, Request
from bench.operations import Operation
from bench.processes import cpu_between, cpu_seconds
from bench.seeding import Site

Side = Literal["parley", "floor"]
COUNTED = 5
"""A query count is that of so many requests, divided by it."""


@dataclass(frozen=True)
class Server:
    """A running server of one side over the data of one size."""

    side: Side
    tickets: int
    port: int
    process: psutil.Process
    database: str
    site: Site


@dataclass(frozen=True)
class Figures:
    """What one operation costs a request: CPU and latency in milliseconds, bytes of the answer."""

    server_ms: float
    database_ms: float
    median_ms: float
    p95_ms: float
    bytes: float

    @property
    def cpu_ms(self) -> float:
        """Server and database together."""
        return self.server_ms + self.database_ms


@dataclass(frozen=True)
class Key:
    """Which figures these are."""

    operation: str
    side: Side
    tickets: int
    clients: int


def measure(
    operations: Sequence[Operation],
    servers: Sequence[Server],
    client: Client,
    postgres: psutil.Process,
    *,
    rounds: int,
    requests: int,
    clients: Sequence[int],
) -> dict[Key, Figures]:
    """These operations at all servers, `rounds` times in turn; gives the medians of the rounds.

    The servers take turns within a round, so that whatever else this machine is doing falls on all
    of them alike.
    """
    found: dict[Key, list[Figures]] = {}
    streams = {
        (operation.name, server.side, server.tickets): _requests(operation, server)
        for operation in operations
        for server in servers
    }
    for _round in range(rounds):
        for operation in operations:
            for at_once in clients:
                for server in servers:
                    stream = streams[operation.name, server.side, server.tickets]
                    asked = _dealt(stream, operation, server, requests, at_once)
                    key = Key(operation.name, server.side, server.tickets, at_once)
                    found.setdefault(key, []).append(_once(server, client, postgres, asked))
    return {key: _median(figures) for key, figures in found.items()}


def warm_up(
    operations: Sequence[Operation], servers: Sequence[Server], client: Client, requests: int
) -> None:
    """Let every server have done everything a few times: imports, prepared statements, caches."""
    for server in servers:
        for operation in operations:
            stream = _requests(operation, server)
            client.ask(server.port, _dealt(stream, operation, server, requests, 8))


def count_queries(
    operations: Sequence[Operation], server: Server, client: Client
) -> dict[str, float]:
    """The statements of each operation, as PostgreSQL counts them.

    Without BEGIN, COMMIT and such, and without the checks of foreign keys at the end.
    """
    counts = {}
    with psycopg.connect(server.database, autocommit=True) as connection:
        for operation in operations:
            requests = [list(islice(_requests(operation, server), COUNTED * 2))]
            client.ask(server.port, requests)
            connection.execute("SELECT pg_stat_statements_reset(0, d.oid) FROM pg_database d"
                               " WHERE datname = current_database()")  # fmt: skip
            requests = [list(islice(_requests(operation, server), COUNTED * 2))]
            client.ask(server.port, requests)
            row = connection.execute(
                """
                SELECT sum(calls) FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
                WHERE datname = current_database() AND query NOT ILIKE '%pg_stat_statements%'
                    AND query !~* '^(begin|commit|savepoint|release|rollback)'
                    AND query NOT LIKE '%FOR KEY SHARE OF x'
                """
            ).fetchone()
            counts[operation.name] = float(row[0] or 0) / (COUNTED * 2) if row else 0.0
    return counts


def _requests(operation: Operation, server: Server) -> Iterator[Request]:
    return getattr(operation, server.side)(server.site)  # type: ignore[no-any-return]


def _dealt(
    stream: Iterator[Request], operation: Operation, server: Server, requests: int, at_once: int
) -> list[list[Request]]:
    """The next requests of the stream, dealt to connections two by two: a reply, and its answer."""
    each = max(2, requests // at_once // 2 * 2)
    if server.side == "floor" and not operation.writes:
        each *= 3  # It is so much quicker that fewer would drown in noise.
    dealt: list[list[Request]] = [[] for _ in range(at_once)]
    for _pair in range(each // 2):
        for connection in dealt:
            connection.extend(islice(stream, 2))
    return dealt


def _once(
    server: Server, client: Client, postgres: psutil.Process, asked: list[list[Request]]
) -> Figures:
    before, database_before = cpu_seconds(server.process), cpu_seconds(postgres)
    answers = client.ask(server.port, asked)
    used = cpu_between(before, cpu_seconds(server.process))
    database_used = cpu_between(database_before, cpu_seconds(postgres))
    number = len(answers.seconds)
    return Figures(
        server_ms=used / number * 1000,
        database_ms=database_used / number * 1000,
        median_ms=statistics.median(answers.seconds) * 1000,
        p95_ms=answers.seconds[int(number * 0.95)] * 1000,
        bytes=answers.bytes,
    )


def _median(figures: list[Figures]) -> Figures:
    return Figures(
        **{
            name: statistics.median(getattr(one, name) for one in figures)
            for name in ("server_ms", "database_ms", "median_ms", "p95_ms", "bytes")
        }
    )
