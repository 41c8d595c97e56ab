"""`parley serve` and `parley worker`."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from functools import partial

from parley.postgres.cluster import Cluster
from parley.postgres.trouble import PostgresTrouble
from parley.site import preparing, supervising
from parley.site.cli.database import at_hand
from parley.site.environment import Environment, environment
from parley.site.supervising import CannotRun, Part, Supervisor

SECONDS_BETWEEN_RESCUES = 5


def serve(chosen: argparse.Namespace) -> int:
    """Run the site on this machine until told to stop."""
    if chosen.port:
        os.environ["PARLEY_PORT"] = str(chosen.port)
    here = environment()
    with supervising.the_only_one(here.data, here.port):
        supervising.check_port(here.bind, here.port)
        with at_hand(here) as cluster:
            _check_database(here, migrate=chosen.migrate)
            parts = [Part("web server", "parley.site.serving")]
            if not chosen.only_web:
                parts += supervising.workers()
            run(here, parts, cluster)
    return 0


def worker(chosen: argparse.Namespace) -> int:
    """Run one worker, and one for the assistant's answers, until told to stop."""
    here = environment()
    with at_hand(here):
        Supervisor(supervising.workers()).run(ready=lambda: True, announce=lambda: None)
    return 0


def run(here: Environment, parts: Sequence[Part], cluster: Cluster | None) -> None:
    """Keep the parts of the site alive; say so once it answers."""
    tell_what_was_opened(cluster)
    Supervisor(parts, tend=Rescue(cluster)).run(
        ready=partial(supervising.answers, here.bind, here.port),
        announce=lambda: print(f"Parley is ready at {here.public_url}", flush=True),
    )


class Rescue:
    """Starts the embedded server again when it was killed; says so if it can't, and tries on."""

    def __init__(self, cluster: Cluster | None) -> None:
        self.cluster = cluster
        self.next_try = 0.0

    def __call__(self) -> None:
        """To be called often."""
        if self.cluster is None or time.monotonic() < self.next_try:
            return
        try:
            self.cluster.restart_if_dead()
        except PostgresTrouble as trouble:
            print(f"parley: {trouble}", file=sys.stderr, flush=True)
            self.next_try = time.monotonic() + SECONDS_BETWEEN_RESCUES


def tell_what_was_opened(cluster: Cluster | None) -> None:
    """Say which folders other users of this machine may pass through from now on."""
    for folder in dict.fromkeys(cluster.opened if cluster else ()):
        print(
            f"parley: opened {folder} for passing through (chmod o+x) by PostgreSQL's user.",
            file=sys.stderr,
        )


def _check_database(here: Environment, *, migrate: bool) -> None:
    if preparing.is_prepared(here):
        return
    if not migrate:
        waiting = preparing.waiting()
        if waiting:
            raise CannotRun(
                f"The database is not up to date ({waiting} migrations are waiting): "
                "run `parley migrate`, or `parley serve --migrate`."
            )
        return
    preparing.prepare(here)
