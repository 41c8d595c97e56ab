"""Having the database at hand for the length of a command."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from parley.postgres import reaching
from parley.postgres.cluster import Cluster
from parley.site import preparing
from parley.site.environment import (
    Environment,
    EnvironmentRefused,
    database_settings,
    environment,
)


@contextmanager
def at_hand(environment: Environment) -> Iterator[Cluster | None]:
    """The database, reachable for the block: the embedded server, or None for DATABASE_URL's.

    The embedded server is started unless it runs already, and stopped if nobody else uses it then.
    Raises `PostgresTrouble` if the database can't be reached.
    """
    if environment.database_url is not None:
        with reaching.connect(database_settings(environment)) as connection:
            reaching.check_version(connection)
        yield None
        return
    with Cluster(environment.data).held() as cluster:
        yield cluster


@contextmanager
def at_hand_for_the_first_time() -> Iterator[None]:
    """The database for a command that works on a new data folder as well: made first, if need be.

    Where nothing at all is set up, the folder is made as the demo's is, with a secret of its own and
    without the marketplace; what is half set up is refused as ever.
    """
    here = _set_up_or_new()
    with at_hand(here):
        if preparing.is_empty(here):
            preparing.prepare(here, empty=True)
        yield


def _set_up_or_new() -> Environment:
    try:
        return environment()
    except EnvironmentRefused:
        if any(
            os.environ.get(name) for name in ("PARLEY_MODE", "PARLEY_SECRET_KEY", "DATABASE_URL")
        ):
            raise
    os.environ["PARLEY_MODE"] = "demo"
    return environment()
