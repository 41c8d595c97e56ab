"""Which orders are in a file: those that are open, and have not been in one, if that is asked for.

Open is what was passed on to the supplier, is not cancelled, and has something left to ship.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection, transaction
from django.db.models import F

from parley.exports.columns import FIELDS, Source
from parley.exports.models import Export, Picked, Run, Which
from parley.journal.moment import now
from parley.orders.axes import Cancellation, Fulfilment
from parley.orders.models import Consignment, OrderLine

AT_ONCE = 2000
"""Rows fetched from the database at a time."""

_PICK = """
    INSERT INTO exports_picked (run_id, consignment_id)
    SELECT %(run)s, part.id FROM orders_consignment AS part
     WHERE part.supplier_id = %(supplier)s AND part.passed_at IS NOT NULL
       AND part.exported_at IS NULL AND part.fulfilment IN ('part_shipped', 'unshipped')
       AND NOT part.cancellation = 'cancelled'
    ON CONFLICT (consignment_id) DO NOTHING
"""

_MARK = """
    UPDATE orders_consignment AS part SET exported_at = %(now)s
      FROM exports_picked AS picked
     WHERE picked.run_id = %(run)s AND part.id = picked.consignment_id
"""


def is_there_any(export: Export) -> bool:
    """Whether a run of the export would have an order in it."""
    open_ones = Consignment.objects.filter(
        supplier=export.supplier_id,
        passed_at__isnull=False,
        fulfilment__in=(Fulfilment.PART_SHIPPED, Fulfilment.UNSHIPPED),
    ).exclude(cancellation=Cancellation.CANCELLED)
    if export.which == Which.NOT_YET:
        open_ones = open_ones.filter(exported_at=None, picked=None)
    return open_ones.exists()


def choose(run: Run) -> None:
    """Fix the set of orders of a run, once: what is picked here is in this run and in no other."""
    if run.chosen_at:
        return
    with transaction.atomic():
        if run.which == Which.NOT_YET:
            with connection.cursor() as cursor:
                cursor.execute(_PICK, {"run": run.pk, "supplier": run.export.supplier_id})
        run.chosen_at = now()
        run.save(update_fields=["chosen_at"])


def lines_of(run: Run) -> Iterator[Source]:
    """The lines to ship of the run's orders, order by order, from a cursor on the server.

    Call it in a transaction: all of them are of one moment.
    """
    lines = OrderLine.objects.filter(
        consignment__supplier=run.export.supplier_id,
        consignment__passed_at__isnull=False,
        product__isnull=False,
    ).exclude(consignment__cancellation=Cancellation.CANCELLED)
    if run.which == Which.NOT_YET:
        lines = lines.filter(consignment__picked__run=run)
    lines = lines.annotate(still_to_ship=F("quantity") - F("shipped") - F("declined"))
    rows = (
        lines.filter(still_to_ship__gt=0)
        .order_by("consignment_id", "position")
        .values_list(*FIELDS)
        .iterator(chunk_size=AT_ONCE)
    )
    return (Source(*row) for row in rows)


def mark(run: Run) -> None:
    """The run's orders are in a file that their supplier has. In the caller's transaction."""
    if run.which == Which.NOT_YET and not run.again_of_id:
        with connection.cursor() as cursor:
            cursor.execute(_MARK, {"run": run.pk, "now": now()})


def let_go(run: Run) -> None:
    """A run that turned out to have nothing to ship keeps no order from a later one."""
    Picked.objects.filter(run=run).delete()
