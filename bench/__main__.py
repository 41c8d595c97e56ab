"""`bin/bench`: seeds, starts the servers, measures, and prints the table."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import psycopg

from bench import client, measuring, reporting
from bench.measuring import Server
from bench.operations import OPERATIONS
from bench.processes import free_port, serving
from bench.seeding import Site
from parley.postgres.cluster import Cluster

SIZES = [10_000, 100_000]
QUICK_SIZES = [400]
DEEP_PAGE = 400
WARM = 160
"""A statement is planned anew some ten times on each connection before its plan is kept."""


def main() -> int:
    """Measure as asked on the command line."""
    if sys.argv[1:2] == ["assistant"]:
        from bench import assistant

        return assistant.main(sys.argv[2:])
    if sys.argv[1:2] == ["reports"]:
        from bench import reports

        return reports.main(sys.argv[2:])
    if sys.argv[1:2] == ["mail"]:
        from bench import mail

        return mail.main(sys.argv[2:])
    asked = _parser().parse_args()
    if asked.quick:
        asked.tickets, asked.rounds, asked.requests, asked.warm = QUICK_SIZES, 1, 8, 16
    folder = Path(tempfile.mkdtemp(prefix="parley-bench-"))
    try:
        with _postgres(folder) as cluster, ExitStack() as stack:
            return _run(asked, folder, cluster, stack)
    except SystemExit:
        for log in (folder / "log").glob("bench_*.log"):
            _say(log.read_text(encoding="utf-8")[-3000:])
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bin/bench",
        description="Measure Parley against a bare floor, on the same data, in the same run.",
        epilog="bin/bench assistant measures what the assistant finds, bin/bench reports what the dashboard"
        " costs; each has a --help of its own.",
    )
    parser.add_argument(
        "--tickets", type=int, nargs="+", default=SIZES, metavar="N", help="the sizes to measure at"
    )
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8], metavar="N")
    parser.add_argument("--rounds", type=int, default=7, help="medians are over so many")
    parser.add_argument("--requests", type=int, default=80, help="for each operation in a round")
    parser.add_argument("--warm", type=int, default=WARM, help="requests before any counts")
    parser.add_argument(
        "--only", default="", metavar="WORD", help="the operations whose names begin so"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    parser.add_argument(
        "--quick", action="store_true", help="small sizes, one round: only to see that it works"
    )
    return parser


def _run(asked: argparse.Namespace, folder: Path, cluster: Cluster, stack: ExitStack) -> int:
    operations = [one for one in OPERATIONS if one.name.startswith(asked.only)]
    page = min(DEEP_PAGE, min(asked.tickets) // 25)
    servers = []
    for tickets in asked.tickets:
        _say(f"Filling {tickets} tickets …")
        servers += _servers(cluster, folder, tickets, page, stack)
    postgres = psutil.Process(cluster.pid())
    asking = stack.enter_context(client.started())
    _say("Counting queries …")
    measuring.warm_up(operations, servers, asking, asked.warm)
    with _counting(cluster):
        queries = {
            server.tickets: measuring.count_queries(operations, server, asking)
            for server in servers
            if server.side == "parley"
        }
    _say("Measuring …")
    measured = measuring.measure(
        operations, servers, asking, postgres,
        rounds=asked.rounds, requests=asked.requests, clients=asked.clients,
    )  # fmt: skip
    rows = reporting.rows(operations, measured, queries, asked.clients)
    sys.stdout.write(reporting.table(rows) + "\n")
    if asked.json:
        figures = {"machine": reporting.machine(), "rows": rows}
        asked.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 0


@contextmanager
def _postgres(folder: Path) -> Iterator[Cluster]:
    """A throw-away server, set as in production, that can count statements."""
    cluster = Cluster(folder)
    with cluster.held():
        with psycopg.connect(cluster.url(), autocommit=True) as connection:
            for name, value in (
                ("shared_preload_libraries", "pg_stat_statements"),
                ("pg_stat_statements.track", "none"),
                # Tidied up after filling; in the middle of a round it would fall on one server.
                ("autovacuum", "off"),
            ):
                connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")  # type: ignore[arg-type]
        cluster.stop()
        cluster.restart_if_dead()
        yield cluster


@contextmanager
def _counting(cluster: Cluster) -> Iterator[None]:
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        for track in ("top", "none"):
            connection.execute(f"ALTER SYSTEM SET pg_stat_statements.track = '{track}'")  # type: ignore[arg-type]
            connection.execute("SELECT pg_reload_conf(), pg_sleep(0.5)")
            if track == "top":
                yield


def _servers(
    cluster: Cluster, folder: Path, tickets: int, page: int, stack: ExitStack
) -> list[Server]:
    name = f"bench_{tickets}"
    database = f"postgresql://{cluster.database_settings()['USER']}@/{name}?host={cluster.socket}"
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
    with psycopg.connect(database, autocommit=True) as connection:
        for extension in ("pg_trgm", "unaccent", "btree_gin", "pg_stat_statements"):
            connection.execute(f"CREATE EXTENSION {extension}")  # type: ignore[arg-type]
    port, floor_port = free_port(), free_port()
    settings = {
        "DATABASE_URL": database,
        "PARLEY_MODE": "production",
        "PARLEY_DATA": str(folder / name),
        "PARLEY_SECRET_KEY": secrets.token_urlsafe(50),
        "PARLEY_ALLOWED_HOSTS": "127.0.0.1",
        "PARLEY_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "PARLEY_PORT": str(port),
        "PARLEY_COOL_DOWN_MINUTES": "0",
    }
    site = _filled(settings, tickets, page)
    log = folder / "log" / f"{name}.log"
    process = stack.enter_context(serving("parley.site.serving", settings, port, log))
    floor = {
        "FLOOR_DATABASE": database,
        "FLOOR_PORT": str(floor_port),
        "FLOOR_PARTY": str(site["agent"]["party"]),
        "FLOOR_PERSON": str(site["agent"]["person"]),
    }
    floor_process = stack.enter_context(serving("bench.floor", floor, floor_port, log))
    return [
        Server("parley", tickets, port, process, database, site),
        Server("floor", tickets, floor_port, floor_process, database, site),
    ]


def _filled(settings: dict[str, str], tickets: int, page: int) -> Site:
    done = subprocess.run(
        [sys.executable, "-m", "bench.seeding", str(tickets), str(page)],
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit("bench: the database could not be filled.")
    site: Site = json.loads(done.stdout.splitlines()[-1])
    return site


def _say(words: str) -> None:
    sys.stderr.write(words + "\n")


if __name__ == "__main__":
    sys.exit(main())
