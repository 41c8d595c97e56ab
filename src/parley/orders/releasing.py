"""Looking again at orders that wait, when a supplier has changed where it ships to (O6)."""

from __future__ import annotations

from parley.journal.events import Event
from parley.journal.models import Entry
from parley.orders.advancing import advance, queue_up
from parley.orders.each import of_each
from parley.orders.holding import why_held
from parley.orders.models import Order, Stage
from parley.orders.moving import lock


def look_again_for(event: Event, entry: Entry) -> None:
    """Reaction: a supplier's terms have changed; its waiting orders are looked at by a job."""
    from parley.orders.jobs import look_again as later

    later.defer(supplier=int(getattr(event, "supplier", 0)))


def look_again(supplier: int) -> int:
    """Release the supplier's held orders that may go now, and hold those unpaid that may not.

    Gives how many there were.
    """
    waiting = Order.objects.filter(
        stage__in=(Stage.HELD, Stage.QUEUED), consignments__supplier=supplier
    )
    keys = list(waiting.order_by("pk").values_list("pk", flat=True))
    of_each(keys, _look)
    return len(keys)


def _look(key: int) -> None:
    order = lock(key, None)
    if order.stage == Stage.HELD:
        advance(order, by=None)
    elif order.stage == Stage.QUEUED and why_held(order):
        queue_up(order, by=None)
