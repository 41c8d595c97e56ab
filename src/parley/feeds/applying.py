"""Applying a file of stock, prices and products, row by row, in batches that can be broken off.

Each row stands or falls by itself. A batch is one transaction with the place in the file that was
reached, so that a run that is killed goes on where it was, and no row is applied twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models.functions import Upper
from django.utils import translation
from django.utils.translation import gettext as _

from parley.catalogue.keeping import NEEDED, USUAL_CURRENCY, apply, put_in
from parley.catalogue.models import Product
from parley.catalogue.offering import read_offer
from parley.feeds import events
from parley.feeds.mapping import mapped, usable
from parley.feeds.models import FeedRow, FeedRun, State
from parley.journal.moment import now
from parley.journal.recording import record
from parley.transfer.tables import Row, Table, TableUnreadable, read_table

BATCH = 500
"""Rows of a transaction."""
MOST_REPORTED = 10_000
"""Refused rows that are kept of a run; more are only counted."""


@dataclass
class Outcome:
    """What became of some rows: how many, and the refused ones."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[FeedRow] = field(default_factory=list)


@dataclass(frozen=True)
class Seen:
    """What would become of a row: `what` is added, changed, unchanged or refused."""

    number: int
    written: dict[str, str]
    what: str
    problems: dict[str, str]


def carry_out(run_id: int) -> None:
    """Apply the rest of a run that is queued or was broken off; done or failed, it ends."""
    run = FeedRun.objects.select_related("person", "supplier").get(pk=run_id)
    if not run.is_under_way:
        return
    with translation.override(run.person.language if run.person else "en"):
        try:
            _apply_all(run)
        except TableUnreadable as trouble:
            fail(run, trouble.in_words())
        else:
            _finish(run)


def fail(run: FeedRun, trouble: str) -> None:
    """End a run without having applied (all of) it; `trouble` says why, in words."""
    with transaction.atomic():
        run.state, run.trouble, run.finished_at = State.FAILED, trouble, now()
        run.save(update_fields=["state", "trouble", "finished_at"])
        record(events.ImportFailed(supplier=run.supplier_id, run=run.pk, trouble=trouble), by=None)


def preview(run: FeedRun, most: int = 20) -> tuple[Table, list[Seen]]:
    """What the first rows of a run's file would do; nothing is changed. Raises TableUnreadable."""
    with default_storage.open(run.stored_as) as file:
        table = read_table(file)
        rows = list(islice(table.rows, most))
    mapping = usable(run.mapping, table.columns)
    there = _products(run, (mapped(row.values, mapping).get("sku", "") for row in rows), lock=False)
    return table, [_look_at(run, row, mapping, there) for row in rows]


def _apply_all(run: FeedRun) -> None:
    with default_storage.open(run.stored_as) as file:
        table = read_table(file)
        mapping = usable(run.mapping, table.columns)
        left = _left(table.rows, run.at_row)
        while rows := tuple(islice(left, BATCH)):
            if not _apply_batch(run, rows, mapping):
                return


def _left(rows: Iterable[Row], at_row: int) -> Iterator[Row]:
    return (row for row in rows if row.number > at_row)


def _apply_batch(run: FeedRun, rows: tuple[Row, ...], mapping: dict[str, str]) -> bool:
    """Apply some rows; False when somebody else has the run in hand."""
    with transaction.atomic():
        locked = FeedRun.objects.select_for_update().get(pk=run.pk)
        if locked.at_row != run.at_row or not locked.is_under_way:
            return False
        outcome = _outcome_of(run, rows, mapping)
        kept = max(0, MOST_REPORTED - run.refused)
        FeedRow.objects.bulk_create(outcome.refused[:kept], ignore_conflicts=True)
        run.state, run.at_row = State.RUNNING, rows[-1].number
        run.rows += len(rows)
        run.added += outcome.added
        run.changed += outcome.changed
        run.unchanged += outcome.unchanged
        run.refused += len(outcome.refused)
        run.save(
            update_fields=["state", "at_row", "rows", "added", "changed", "unchanged", "refused"]
        )
    return True


def _outcome_of(run: FeedRun, rows: tuple[Row, ...], mapping: dict[str, str]) -> Outcome:
    written = [mapped(row.values, mapping) for row in rows]
    there = _products(run, (one.get("sku", "") for one in written), lock=True)
    outcome = Outcome()
    restocked: dict[int, Product] = {}
    for row in rows:
        seen = _look_at(run, row, mapping, there)
        if seen.what == "refused":
            sku = seen.written.get("sku", "")[:80]
            outcome.refused.append(
                FeedRow(run=run, number=row.number, sku=sku, problems=seen.problems)
            )
            continue
        key = seen.written["sku"].strip().upper()
        product = there.get(key)
        values, _problems = _read(seen.written, product)
        if product is None:
            there[key] = put_in(run.supplier, values, by=_who(run))
            outcome.added += 1
        elif seen.what == "unchanged":
            outcome.unchanged += 1
        elif _is_stock_alone(product, values):
            product.stock = values["stock"]
            restocked[product.pk] = product
            outcome.changed += 1
        else:
            apply(product, values, by=_who(run))
            outcome.changed += 1
    _restock(restocked)
    return outcome


_RESTOCK = """
    UPDATE catalogue_product AS product SET stock = counted.stock, updated_at = %s
      FROM unnest(%s::bigint[], %s::integer[]) AS counted (id, stock)
     WHERE product.id = counted.id
"""


def _restock(products: Mapping[int, Product]) -> None:
    """Write the stock of many products at once; a CASE for each, as the ORM does it, takes longer."""
    if not products:
        return
    stocks = [product.stock for product in products.values()]
    with connection.cursor() as cursor:
        cursor.execute(_RESTOCK, [now(), list(products), stocks])


def _look_at(run: FeedRun, row: Row, mapping: dict[str, str], there: dict[str, Product]) -> Seen:
    written = mapped(row.values, mapping)
    if row.surplus:
        return _refused(row, written, _("The row has more cells than there are columns."))
    product = there.get(written.get("sku", "").strip().upper())
    if product is None and not run.creates and written.get("sku"):
        return _refused(row, written, _("You have no product with this SKU."), "sku")
    if product is None:
        written = {**dict.fromkeys(NEEDED, ""), **written}
    values, problems = _read(written, product)
    if problems:
        return Seen(row.number, written, "refused", problems)
    if product is None:
        return Seen(row.number, written, "added", {})
    same = all(getattr(product, name) == value for name, value in values.items())
    return Seen(row.number, written, "unchanged" if same else "changed", {})


def _refused(row: Row, written: dict[str, str], problem: str, field: str = "row") -> Seen:
    return Seen(row.number, written, "refused", {field: problem})


def _read(
    written: dict[str, str], product: Product | None
) -> tuple[dict[str, Any], dict[str, str]]:
    """The columns that a row sets; how the SKU of a product that is there is spelt stays as it is."""
    if product is None:
        return read_offer(written, USUAL_CURRENCY)
    rest = {field: text for field, text in written.items() if field != "sku"}
    return read_offer(rest, product.currency)


def _is_stock_alone(product: Product, values: dict[str, Any]) -> bool:
    different = {name for name, value in values.items() if getattr(product, name) != value}
    return different == {"stock"}


def _products(run: FeedRun, skus: Iterable[str], *, lock: bool) -> dict[str, Product]:
    """The supplier's products with these SKUs, by SKU in capitals."""
    wanted = {sku.strip().upper() for sku in skus if sku.strip()}
    own = Product.objects.filter(supplier=run.supplier_id).annotate(upper=Upper("sku"))
    found = own.filter(upper__in=wanted).defer("words").order_by("pk")
    return {one.sku.upper(): one for one in (found.select_for_update() if lock else found)}


@dataclass(frozen=True)
class _Actor:
    person_id: int
    party_id: int


def _who(run: FeedRun) -> _Actor | None:
    return _Actor(run.person_id, run.supplier_id) if run.person_id else None


def _finish(run: FeedRun) -> None:
    with transaction.atomic():
        locked = FeedRun.objects.select_for_update().get(pk=run.pk)
        if not locked.is_under_way or locked.at_row != run.at_row:
            return
        run.state, run.finished_at = State.DONE, now()
        run.save(update_fields=["state", "finished_at"])
        record(
            events.FileImported(
                supplier=run.supplier_id, run=run.pk, added=run.added, changed=run.changed,
                refused=run.refused,
            ),
            by=_who(run),
        )  # fmt: skip
