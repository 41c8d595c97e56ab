"""`parley doctor`: what is wrong with this installation, in words."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from parley.postgres.trouble import PostgresTrouble
from parley.site.cli.database import at_hand
from parley.site.doctor import Finding, look_over, look_over_database, no_database
from parley.site.environment import EnvironmentRefused, environment


def doctor(chosen: argparse.Namespace) -> int:
    """Print a line for each finding; 1 if anything is wrong."""
    wrong = 0
    for finding in _findings():
        print(finding.line(), flush=True)
        wrong += not finding.is_well
    print("All is well." if wrong == 0 else f"To put right: {wrong}.")
    return 1 if wrong else 0


def _findings() -> Iterator[Finding]:
    try:
        here = environment()
    except EnvironmentRefused as refused:
        for problem in refused.problems:
            yield Finding("Settings", problem, "See docs/operate.md.")
        return
    yield from look_over(here)
    try:
        with at_hand(here):
            yield from look_over_database(here)
    except PostgresTrouble as trouble:
        yield no_database(trouble)
