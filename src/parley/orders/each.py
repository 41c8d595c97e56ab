"""Doing one thing to many orders, so that one that fails keeps no other waiting."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from django.db import transaction

log = logging.getLogger(__name__)


def of_each(
    keys: Iterable[int],
    take_on: Callable[[int], object],
    *,
    on_failure: Callable[[int], None] | None = None,
) -> int:
    """Take on each order (by its id) in a transaction of its own; gives for how many it was true.

    So it can be killed at any moment and run again. One that raises is logged, its changes undone, and
    given to `on_failure`; the next one follows.
    """
    done = 0
    for key in keys:
        try:
            with transaction.atomic():
                done += bool(take_on(key))
        except Exception:
            log.exception("Order %s can't be taken on", key)
            if on_failure:
                on_failure(key)
    return done
