"""The imports of the supplier one can sign in for: a file fetched each night, and one uploaded."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from parley.catalogue.offering import read_offer
from parley.demo.casting import Company
from parley.demo.trade.chronicle import Chronicle
from parley.demo.trade.stocking import Stock
from parley.demo.trade.wares import wares_of
from parley.feeds import events
from parley.feeds.models import Every, Feed, FeedRow, FeedRun, PlaceKind, State
from parley.ledger.money import plain
from parley.transfer.troubles import WORDS, Trouble

NIGHTS = 8
NOT_THERE = 5
"""The night, counted from the first, on which there was no file."""
_MAPPING = {"sku": "Article", "stock": "On hand"}
_UPLOADED = {"sku": "SKU", "price": "Net price", "weight": "Weight (g)"}
_MISTAKES = [{"price": "on request"}, {"price": "12 or 13"}, {"weight": "2 kg"}]


class Feeding:
    """Writes a feed with its runs, and an upload with rows that were refused."""

    def __init__(
        self, supplier: Company, stock: Stock, present: datetime, chronicle: Chronicle, rng: Random
    ) -> None:
        self._supplier = supplier
        self._products = [stock.products[ware] for ware in wares_of(supplier.written.key)]
        self._present = present
        self._chronicle = chronicle
        self._rng = rng

    def write(self) -> None:
        """Write all of it."""
        self._fetched()
        self._uploaded()

    def _fetched(self) -> None:
        owner, nights = self._supplier.people[0], self._nights()
        feed = Feed.objects.create(
            supplier=self._supplier.party,
            person_id=owner.membership.person_id,
            name="Stock from the warehouse",
            kind=PlaceKind.FOLDER,
            place={"folder": "stock", "port": 0, "passive": True},
            file_name="stock.csv",
            mapping=_MAPPING,
            every=Every.DAILY,
            next_run_at=nights[-1] + timedelta(days=1),
            created_at=nights[0] - timedelta(hours=9),
        )
        made = events.FeedSetUp(supplier=feed.supplier_id, feed=feed.pk, name=feed.name)
        self._chronicle.record(made, feed.created_at, owner)
        for number, night in enumerate(nights):
            run = FeedRun(
                feed=feed, file_name=feed.file_name, mapping=_MAPPING, created_at=night,
                person_id=owner.membership.person_id,
            )  # fmt: skip
            if number == NOT_THERE:
                self._fail(run, str(WORDS[Trouble.FILE_MISSING]))
            else:
                changed = self._rng.randrange(9, len(self._products) - 8)
                self._done(run, ["Article", "On hand"], self._stocks(), changed=changed)

    def _uploaded(self) -> None:
        """New prices for the season, three of them mistyped."""
        by = self._supplier.people[1]
        run = FeedRun(
            file_name="prices-next-season.csv", mapping=_UPLOADED,
            created_at=self._present - timedelta(days=6, hours=2),
            person_id=by.membership.person_id,
        )  # fmt: skip
        chosen = self._rng.sample(self._products, 24)
        rows = [[one.sku, plain(one.price_minor, "GBP"), one.weight_grams or ""] for one in chosen]
        self._done(
            run, ["SKU", "Net price", "Weight (g)"], rows, changed=14, refused=len(_MISTAKES)
        )
        FeedRow.objects.bulk_create(
            FeedRow(run=run, number=number, sku=product.sku, problems=read_offer(written, "GBP")[1])
            for number, product, written in zip((5, 11, 19), chosen, _MISTAKES, strict=False)
        )

    def _nights(self) -> list[datetime]:
        last = self._present.replace(hour=3, minute=15, second=0, microsecond=0)
        if last > self._present - timedelta(minutes=30):
            last -= timedelta(days=1)
        return [last - timedelta(days=n) for n in reversed(range(NIGHTS))]

    def _stocks(self) -> list[list[Any]]:
        return [
            [one.sku, max(0, one.stock + self._rng.randrange(-9, 30))] for one in self._products
        ]

    def _done(
        self,
        run: FeedRun,
        head: Sequence[str],
        rows: Sequence[Sequence[Any]],
        *,
        changed: int,
        refused: int = 0,
    ) -> None:
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerows([head, *rows])
        content = text.getvalue().encode()
        run.supplier, run.state = self._supplier.party, State.DONE
        run.size, run.sha256 = len(content), hashlib.sha256(content).hexdigest()
        run.rows = run.at_row = len(rows)
        run.changed, run.refused = changed, refused
        run.unchanged = len(rows) - changed - refused
        run.finished_at = run.created_at + timedelta(seconds=2)
        run.stored_as = default_storage.save(
            f"imports/{run.created_at:%Y/%m}/{run.sha256[:32]}.csv", ContentFile(content)
        )
        run.save()
        imported = events.FileImported(
            supplier=run.supplier_id, run=run.pk, added=0, changed=changed, refused=refused
        )
        self._chronicle.record(imported, run.finished_at, None)

    def _fail(self, run: FeedRun, trouble: str) -> None:
        run.supplier, run.state, run.trouble = self._supplier.party, State.FAILED, trouble
        run.finished_at = run.created_at + timedelta(seconds=1)
        run.save()
        failed = events.ImportFailed(supplier=run.supplier_id, run=run.pk, trouble=trouble)
        self._chronicle.record(failed, run.finished_at)
