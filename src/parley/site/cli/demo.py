"""`parley demo`: a whole site with a made-up marketplace, in one command."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from parley.postgres import places
from parley.postgres.cluster import Cluster
from parley.site import preparing, supervising
from parley.site.cli.database import at_hand
from parley.site.cli.running import Rescue, tell_what_was_opened
from parley.site.environment import (
    DEMO_SECRET_PREFIX,
    Environment,
    default_data,
    environment,
)
from parley.site.supervising import CannotRun, Part, Supervisor

MADE_BY_THE_DEMO = ("postgres", "files", "mail", "log")


def demo(chosen: argparse.Namespace) -> int:
    """Run the demo until told to stop, or add tickets and orders to the one that runs."""
    if os.environ.setdefault("PARLEY_MODE", "demo") != "demo":
        raise CannotRun(
            f"PARLEY_MODE is {os.environ['PARLEY_MODE']}; the demo needs it to be demo."
        )
    if chosen.port:
        os.environ["PARLEY_PORT"] = str(chosen.port)
    if chosen.fresh:
        _check_it_is_the_demos(Path(os.environ.get("PARLEY_DATA") or default_data()))
    here = environment()
    wants_more = chosen.tickets or chosen.orders
    if wants_more and not chosen.fresh and supervising.port_of_the_running(here.data):
        preparing.prepare(here, tickets=chosen.tickets, orders=chosen.orders)
        print(f"Added {_counted(chosen)} to the demo in {here.data}.")
        return 0
    with supervising.the_only_one(here.data, here.port):
        supervising.check_port(here.bind, here.port)
        if chosen.fresh:
            _throw_away(here)
        with at_hand(here) as cluster:
            tell_what_was_opened(cluster)
            _prepare(here, chosen.tickets, chosen.orders)
            _run(here, cluster, _Changes() if chosen.reload else lambda: False)
    return 0


def _check_it_is_the_demos(data: Path) -> None:
    """Refuse to empty a folder that the demo did not make."""
    secret = data / "secret"
    try:
        if not data.exists() or not any(data.iterdir()):
            return
        made_by_the_demo = secret.exists() and secret.read_text().startswith(DEMO_SECRET_PREFIX)
    except OSError as error:
        raise CannotRun(f"The data folder {data} can't be used: {error.strerror}.") from None
    if not made_by_the_demo:
        raise CannotRun(f"The folder {data} was not made by the demo; --fresh leaves it alone.")


def _throw_away(here: Environment) -> None:
    if here.database_url is not None:
        raise CannotRun("--fresh empties the embedded database only; DATABASE_URL names another.")
    if places.cluster_folder(here.data).exists():
        Cluster(here.data).stop()
    for name in MADE_BY_THE_DEMO:
        shutil.rmtree(here.data / name, ignore_errors=True)
    preparing.forget(here)


def _counted(chosen: argparse.Namespace) -> str:
    counts = {"tickets": chosen.tickets, "orders": chosen.orders}
    return " and ".join(f"{count} {what}" for what, count in counts.items() if count)


def _prepare(here: Environment, tickets: int, orders: int) -> None:
    if preparing.is_prepared(here) and not tickets and not orders:
        return
    print("Making the database and the marketplace ready …", file=sys.stderr, flush=True)
    preparing.prepare(here, tickets=tickets, orders=orders)


def _run(here: Environment, cluster: Cluster | None, changed: Callable[[], bool]) -> None:
    logs = places.log_folder(here.data)
    logs.mkdir(parents=True, exist_ok=True)
    parts = [
        Part("web server", "parley.site.serving", logs / "web.log"),
        *supervising.workers(logs),
    ]
    Supervisor(parts, tend=Rescue(cluster), changed=changed).run(
        ready=partial(supervising.answers, here.bind, here.port),
        announce=lambda: _announce(here),
    )


def _announce(here: Environment) -> None:
    from parley.demo import marketplace
    from parley.demo.reading_content import content

    lines = [f"Parley is ready at {here.public_url}"]
    accounts = marketplace.accounts()
    widths = [max(len(row[column]) for row in accounts) for column in range(2)] if accounts else []
    for role, email, password in accounts:
        lines.append(f"  {role:<{widths[0]}}  {email:<{widths[1]}}  {password}")
    for door in here.mail_listen:
        at, mailbox = urlsplit(door), content("mail")["mailbox"]["address"]
        spoken = " --protocol LMTP" if at.scheme == "lmtp" else ""
        lines.append(f"It takes in mail: swaks --server {at.netloc}{spoken} --to {mailbox}")
    print("\n".join(lines), flush=True)


class _Changes:
    """Whether the code or a template was edited since the last look."""

    def __init__(self) -> None:
        self.seen = self._newest()

    def __call__(self) -> bool:
        newest = self._newest()
        if newest == self.seen:
            return False
        self.seen = newest
        return True

    def _newest(self) -> tuple[int, float]:
        kinds = ("*.py", "*.html", "*.toml", "*.mo")
        times = [path.stat().st_mtime for kind in kinds for path in preparing.ROOMS.rglob(kind)]
        return len(times), max(times)
