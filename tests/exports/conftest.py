"""An export of Northwind's to a real FTP server, with open orders, and what its owner may set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cast import Cast
from parley.exports import asking, running
from parley.exports.columns import USUAL
from parley.exports.models import UNFINISHED, Export, Run
from parley.journal.models import Entry
from parley.journal.moment import now
from parley.orders.models import Consignment, Order
from servers import PASSWORD, USER, Server, ftp_server
from shop import Shop


@dataclass
class Desk:
    """Northwind's export, its server, and the orders it is of."""

    cast: Cast
    shop: Shop
    server: Server

    def export(self, **fields: Any) -> Export:
        """An active export to the server, due now."""
        place = self.server.place
        filled: dict[str, Any] = {
            "supplier": self.cast.northwind,
            "name": "Orders to our warehouse",
            "kind": place.kind,
            "place": {
                "host": place.host,
                "port": place.port,
                "user": USER,
                "certificate": place.certificate,
                "timeout": 5,
            },
            "secrets": {"secret": PASSWORD},
            "file_name": "orders-{date}-{run}.csv",
            "columns": list(USUAL),
            "next_run_at": now(),
            "zone": "Europe/London",
        }
        return Export.objects.create(**filled | fields)

    def orders(self, many: int = 2, **fields: Any) -> list[Order]:
        """Orders that Northwind has to ship."""
        return [self.shop.passed(self.shop.kettle, **fields) for _ in range(many)]

    def tick(self, *, later: timedelta = timedelta(0)) -> None:
        """What the sweep does each minute, with the jobs it defers."""
        from parley.journal.moment import at

        with at(now() + later):
            asking.ask_due()
            for run in asking.due_runs():
                running.carry_out(run)

    def run(self, export: Export) -> Run:
        """Ask for a run now, and have it carried out as far as it goes."""
        run = asking.run_now(export, by=self.cast.supplier)
        running.carry_out(run.pk)
        run.refresh_from_db()
        return run

    def files(self) -> dict[str, str]:
        """What is on the server."""
        return {name: content.decode() for name, content in self.server.content().items()}

    def numbers(self) -> list[str]:
        """The order numbers in all files on the server, one for each line."""
        lines = [line for text in self.files().values() for line in text.splitlines()[1:]]
        return sorted(line.split(",")[0] for line in lines)

    def told(self, kind: str) -> list[dict[str, Any]]:
        """What the journal says of that kind."""
        return list(Entry.objects.filter(kind=kind).order_by("pk").values_list("data", flat=True))

    def not_marked(self) -> int:
        return Consignment.objects.filter(exported_at=None, passed_at__isnull=False).count()

    def hurry(self) -> None:
        """The time for the next try has come."""
        Run.objects.filter(state__in=UNFINISHED).update(next_try_at=now())


@pytest.fixture
def desk(cast: Cast, shop: Shop, tmp_path: Path, settings: Any) -> Iterator[Desk]:
    settings.ALLOW_LOCAL_HOSTS = True
    settings.MEDIA_ROOT = tmp_path / "files"
    root = tmp_path / "root"
    root.mkdir()
    with ftp_server(root) as server:
        yield Desk(cast, shop, server)


@pytest.fixture
def cut_off(monkeypatch: Any) -> Callable[[str], None]:
    """Have a process die at a point: `cut_off("mark")`. It dies once."""

    def arrange(where: str) -> None:
        kept = getattr(running, where)

        def die(*args: Any, **kwargs: Any) -> Any:
            monkeypatch.setattr(running, where, kept)
            raise KeyboardInterrupt

        monkeypatch.setattr(running, where, die)

    return arrange
