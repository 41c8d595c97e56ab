"""Having the database at hand for the length of a command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from parley.postgres import reaching
from parley.postgres.cluster import Cluster
from parley.site.environment import Environment, database_settings


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
