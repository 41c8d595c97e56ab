"""The exports of the supplier one can sign in for, with the history of their runs and its files."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from parley.demo.casting import Company
from parley.demo.trade.chronicle import Chronicle
from parley.demo.trade.deals import Deal, Part
from parley.exports import events
from parley.exports.columns import USUAL, Source
from parley.exports.making import layout_of
from parley.exports.models import Every, Export, Format, Picked, PlaceKind, Run, State, Which
from parley.exports.naming import name_of
from parley.exports.running import BACK_OFF
from parley.exports.scheduling import next_run, zone_of
from parley.exports.writing import write
from parley.orders.axes import Cancellation
from parley.transfer.troubles import Step, Trouble

SINCE = timedelta(days=45)
TROUBLES = {
    9: (Step.CONNECTION, Trouble.TIMED_OUT, ""),
    17: (Step.SPACE, Trouble.NO_SPACE, "552 Disk quota exceeded"),
}
"""Which files of the second export could not be brought, counted from its first, and why."""
IN_THE_END = (Step.SIGN_IN, Trouble.SIGN_IN_REFUSED, "Permission denied: password has expired")

Held = tuple[Deal, Part]


@dataclass(frozen=True)
class _File:
    run: Run
    parts: Sequence[Held]


class Exporting:
    """Two exports: one of what was not exported yet, into a folder; one of all open orders by SFTP."""

    def __init__(self, supplier: Company, present: datetime, chronicle: Chronicle) -> None:
        self._supplier = supplier
        self._present = present
        self._chronicle = chronicle
        self._files: list[_File] = []

    def live(self, deals: Iterable[Deal]) -> None:
        """Run them all; marks the parts that were exported."""
        parts = [
            (deal, part)
            for deal in deals
            for part in deal.parts
            if part.passed_at and part.supplier is self._supplier
        ]
        self._live_not_yet(self._made(_FOLDER), parts)
        self._live_all_open(self._made(_BY_SFTP), parts)

    def write(self) -> None:
        """Write the runs and their files; the orders they are of have to be there."""
        runs = Run.objects.bulk_create(file.run for file in self._files)
        for run, file in zip(runs, self._files, strict=True):
            if run.state == State.DELIVERED:
                self._deliver(run, file)
            else:
                self._fail(run)
        Run.objects.bulk_update(runs, ["stored_as", "size", "sha256"])
        Picked.objects.bulk_create(
            Picked(run=file.run, consignment_id=part.id)
            for file in self._files
            if file.run.which == Which.NOT_YET
            for _deal, part in file.parts
        )

    def _made(self, written: dict[str, Any]) -> Export:
        owner = self._supplier.people[0]
        since = self._present - SINCE
        export = Export(
            supplier=self._supplier.party,
            person_id=owner.membership.person_id,
            columns=list(USUAL),
            zone="Europe/London",
            created_at=since,
            **written,
        )
        if export.active:
            export.next_run_at = next_run(export, self._present)
        export.save()
        made = events.ExportMade(export=export.pk, party=export.supplier_id, name=export.name)
        self._chronicle.record(made, since, owner)
        return export

    def _live_not_yet(self, export: Export, parts: Sequence[Held]) -> None:
        waiting = sorted(parts, key=lambda held: (held[1].passed_at, held[1].id))
        for at in self._moments(export):
            chosen = [held for held in waiting if _is_open(*held, at)]
            if not chosen:
                continue
            run = self._run(export, at, len(chosen))
            for _deal, part in chosen:
                part.exported_at = run.finished_at
            waiting = [held for held in waiting if held[1].exported_at is None]
            self._files.append(_File(run, chosen))
        export.save()

    def _live_all_open(self, export: Export, parts: Sequence[Held]) -> None:
        moments = list(self._moments(export))
        for n, at in enumerate(moments):
            is_last = n == len(moments) - 1
            trouble = IN_THE_END if is_last else TROUBLES.get(n)
            chosen = [held for held in parts if _is_open(*held, at)]
            run = self._run(export, at, len(chosen))
            if trouble:
                step, what, detail = trouble
                run.state, run.attempts = State.FAILED, len(BACK_OFF) + 1
                run.finished_at = at + timedelta(minutes=sum(BACK_OFF))
                run.trouble = {
                    "step": step.value, "trouble": what.value, "detail": detail, "fingerprint": "",
                }  # fmt: skip
            self._files.append(_File(run, chosen))
        if moments:
            off = events.ExportSwitched(export=export.pk, party=export.supplier_id, active=False)
            later = min(moments[-1] + timedelta(hours=5), self._present)
            self._chronicle.record(off, later, self._supplier.people[0])
        export.save()

    def _moments(self, export: Export) -> Iterator[datetime]:
        at = next_run(export, self._present - SINCE)
        while at < self._present - timedelta(hours=5):
            yield at
            at = next_run(export, at)

    def _run(self, export: Export, at: datetime, orders: int) -> Run:
        export.runs_made += 1
        number = export.runs_made
        return Run(
            export=export,
            number=number,
            state=State.DELIVERED,
            which=export.which,
            asked_at=at,
            started_at=at + timedelta(seconds=1),
            finished_at=at + timedelta(seconds=3 + number % 4),
            next_try_at=None,
            attempts=1,
            chosen_at=at + timedelta(seconds=1),
            orders=orders,
            file_name=name_of(export.file_name, run=number, at=at.astimezone(zone_of(export))),
        )

    def _deliver(self, run: Run, file: _File) -> None:
        content = io.BytesIO()
        write(_sources(file.parts), layout_of(run.export), content)
        data = content.getvalue()
        run.size, run.sha256 = len(data), hashlib.sha256(data).hexdigest()
        run.stored_as = default_storage.save(f"exports/{run.export_id}/{run.pk}", ContentFile(data))
        delivered = events.ExportDelivered(
            export=run.export_id,
            party=self._supplier.party.pk,
            run=run.pk,
            orders=run.orders,
            file_name=run.file_name,
            sha256=run.sha256,
        )
        self._chronicle.record(delivered, run.finished_at or run.asked_at)

    def _fail(self, run: Run) -> None:
        failed = events.ExportFailed(
            export=run.export_id, party=self._supplier.party.pk, run=run.pk, trouble=run.trouble
        )
        self._chronicle.record(failed, run.finished_at or run.asked_at)


def _is_open(deal: Deal, part: Part, at: datetime) -> bool:
    """Whether the supplier had it at that moment, with something left to ship."""
    if part.passed_at is None or part.passed_at > at:
        return False
    if part.cancellation is Cancellation.CANCELLED and (deal.cancelled_at or at) <= at:
        return False
    if any(line.left for line in part.lines) or not part.parcels:
        return True
    return part.parcels[-1].shipped_at > at


def _sources(parts: Sequence[Held]) -> Iterator[Source]:
    """The rows of a file, as `exports.choosing` would have read them."""
    for deal, part in sorted(parts, key=lambda held: held[1].id):
        to = deal.buyer
        for position, line in enumerate(part.lines):
            yield Source(
                consignment=part.id,
                order_number=deal.number or 0,
                placed_at=deal.placed_at,
                passed_at=part.passed_at or deal.placed_at,
                seller=deal.shop.company.party.name,
                seller_reference=deal.channel_number,
                position=position,
                sku=line.product.sku,
                supplier_product_id=line.product.supplier_product_id,
                title=line.product.title,
                quantity=line.quantity,
                recipient=to.name,
                company=to.company,
                street=to.street,
                city=to.city,
                region=to.region,
                postcode=to.postcode,
                country=to.country,
                phone=to.phone,
                shipping_service=part.service.name,
                carrier=part.service.carrier,
                note=deal.note,
            )


_FOLDER: dict[str, Any] = {
    "name": "Orders export",
    "kind": PlaceKind.FOLDER,
    "place": {"folder": "to-the-warehouse"},
    "file_name": "orders-{date}-{run}.csv",
    "format": Format.CSV,
    "which": Which.NOT_YET,
    "every": Every.WEEKDAYS,
    "at_time": time(7, 0),
}
_BY_SFTP: dict[str, Any] = {
    "name": "Wall board of open orders",
    "kind": PlaceKind.SFTP,
    "place": {"host": "files.northwind-supply.example", "port": 22, "user": "parley", "folder": "board"},
    "file_name": "open-orders-{date}.json",
    "format": Format.JSON,
    "which": Which.ALL_OPEN,
    "every": Every.WEEKDAYS,
    "at_time": time(6, 30),
    "active": False,
}  # fmt: skip
