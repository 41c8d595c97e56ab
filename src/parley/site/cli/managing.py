"""`parley migrate`, `parley shell` and `parley manage`: Django's commands, the database at hand."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from parley.site import preparing
from parley.site.cli.database import at_hand
from parley.site.cli.running import tell_what_was_opened
from parley.site.environment import environment

# These look at the code alone, and must work where there is no database.
NO_DATABASE = {"help", "--help", "-h", "version", "makemessages", "compilemessages"}
NO_DATABASE_IN_TESTS = {"check", "makemigrations"}


def migrate(chosen: argparse.Namespace) -> int:
    """Bring the database up to date."""
    here = environment()
    with at_hand(here) as cluster:
        tell_what_was_opened(cluster)
        preparing.prepare(here)
    print("The database is up to date.")
    return 0


def shell(chosen: argparse.Namespace) -> int:
    """Open a Python shell."""
    with at_hand(environment()):
        _django(["shell"])
    return 0


def manage(chosen: argparse.Namespace) -> int:
    """Run a command of Django's."""
    words = chosen.rest or ["help"]
    here = environment()
    if words[0] in NO_DATABASE or (here.mode == "test" and words[0] in NO_DATABASE_IN_TESTS):
        _django(words)
        return 0
    with at_hand(here):
        _django(words)
    return 0


def _django(words: Sequence[str]) -> None:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["parley manage", *words])
