"""How much mail waits: for the dashboard, the metrics and the desk's queues."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from parley.mailboxes.models import Outcome, RawMail

_NOT_DONE = (Outcome.WAITING, Outcome.REVIEW, Outcome.SET_ASIDE)


@dataclass(frozen=True)
class Queue:
    """Mails not looked at yet and when the `oldest` of them came; held for review; set aside."""

    waiting: int
    oldest: datetime | None
    review: int
    set_aside: int


def queue() -> Queue:
    """What waits now, in one query over what is not done."""
    waiting = Q(outcome=Outcome.WAITING)
    counted = RawMail.objects.filter(outcome__in=_NOT_DONE).aggregate(
        waiting=Count("pk", filter=waiting),
        oldest=Min("received_at", filter=waiting),
        review=Count("pk", filter=Q(outcome=Outcome.REVIEW)),
        set_aside=Count("pk", filter=Q(outcome=Outcome.SET_ASIDE)),
    )
    return Queue(**counted)
