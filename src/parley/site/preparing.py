"""Bringing a database up to date: migrations, and in the demo the made-up marketplace.

It runs as a process of its own, so that the supervisor stays small, and leaves a note in the data
folder of what it did. While the note still fits, the next start skips it all.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from parley.postgres import places, reaching
from parley.postgres.trouble import PostgresTrouble
from parley.site.environment import Environment, database_settings, environment
from parley.site.last_words import last_words

ROOMS = Path(__file__).parents[1]
LIBRARIES_WITH_TABLES = ("django", "django-allauth", "procrastinate")


def is_prepared(environment: Environment) -> bool:
    """Whether the database is as this version of the code needs it, as far as the note can tell."""
    note = _note(environment)
    return bool(note) and note == _expected(environment)


def is_empty(environment: Environment) -> bool:
    """Whether nothing was ever made in the database."""
    return not _applied(database_settings(environment))


def prepare(
    environment: Environment, *, tickets: int = 0, orders: int = 0, empty: bool = False
) -> None:
    """Bring the database up to date; fill the demo's on the first run, and add what is for load.

    `empty`: make its tables and leave the demo's marketplace for its first start. Raises
    `PostgresTrouble`, naming the log, if that fails.
    """
    command = [sys.executable, "-m", "parley.site.preparing"]
    command += ["--tickets", str(tickets), "--orders", str(orders)]
    command += ["--empty"] if empty else []
    log = places.log_folder(environment.data) / "prepare.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False
        )
    if done.returncode != 0:
        reason = last_words(log)
        raise PostgresTrouble(
            f"The database could not be brought up to date: {reason} (see {log})."
        )


def waiting() -> int:
    """How many migrations the database has not had yet."""
    import django
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    django.setup()
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    connection.close()
    return len(plan)


def forget(environment: Environment) -> None:
    """Forget what was prepared: the database is about to be thrown away."""
    _note_path(environment).unlink(missing_ok=True)


def _note(environment: Environment) -> dict[str, Any]:
    try:
        found = json.loads(_note_path(environment).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _note_path(environment: Environment) -> Path:
    return places.run_folder(environment.data) / "prepared.json"


def _expected(environment: Environment) -> dict[str, Any]:
    """What the note must say: the migrations there are, and those the database says it has had."""
    migrations = sorted(
        f"{path.parent.parent.name}/{path.name}" for path in ROOMS.glob("*/migrations/[0-9]*.py")
    )
    where = database_settings(environment)
    return {
        "mode": environment.mode,
        "libraries": [version(name) for name in LIBRARIES_WITH_TABLES],
        "migrations": migrations,
        "database": [where["HOST"], where.get("PORT", ""), where["NAME"]],
        "applied": _applied(where),
    }


def _applied(where: Mapping[str, Any]) -> int:
    import psycopg

    try:
        with reaching.connect(where) as connection:
            row = connection.execute("SELECT count(*) FROM django_migrations").fetchone()
    except (PostgresTrouble, psycopg.Error):
        return 0
    return int(row[0]) if row else 0


def main() -> None:
    """Do it: the process that `prepare` starts."""
    parser = argparse.ArgumentParser(prog="parley.site.preparing")
    parser.add_argument("--tickets", type=int, default=0)
    parser.add_argument("--orders", type=int, default=0)
    parser.add_argument("--empty", action="store_true")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.site.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=1, interactive=False)
    if asked.empty:
        return
    here = environment()
    if here.is_demo:
        _fill(asked.tickets, asked.orders)
    _remember(here)


def _remember(environment: Environment) -> None:
    path = _note_path(environment)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_suffix(".new")
    unfinished.write_text(json.dumps(_expected(environment)), encoding="utf-8")
    unfinished.rename(path)


def _fill(tickets: int, orders: int) -> None:
    """Make the marketplace if there is none, whole or not at all, and then what is for load."""
    from django.db import transaction

    from parley.demo import filling, loading, loading_orders
    from parley.parties.models import Party

    with transaction.atomic():
        if not Party.objects.exists():
            filling.fill()
    if tickets:
        loading.load(tickets)
    if orders:
        loading_orders.load_orders(orders)


if __name__ == "__main__":
    main()
