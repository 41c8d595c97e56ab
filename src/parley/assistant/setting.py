"""Setting from which confidence on the assistant answers, and offers; each change is in the journal."""

from __future__ import annotations

from django.db import transaction

from parley.assistant.events import ThresholdsChanged
from parley.assistant.models import Thresholds as Kept
from parley.assistant.roles import MayNotChange, may_set
from parley.assistant.thresholds import MEASURED, Thresholds, thresholds
from parley.journal.access import entries_of
from parley.journal.models import Entry
from parley.journal.moment import now
from parley.journal.recording import record
from parley.parties.models import Membership
from parley.postgres.waiting import one_at_a_time

MOST_CHANGES = 10


class ThresholdsUnfit(ValueError):
    """The numbers are not between 0 and 1, or it would answer what it would not even offer."""


def set_thresholds(wanted: Thresholds | None, *, by: Membership) -> Thresholds:
    """Answer and offer from these confidences on; None: from what was measured, again.

    Raises MayNotChange for those who are no administrators, and ThresholdsUnfit.
    """
    if not may_set(by):
        raise MayNotChange
    new = wanted or MEASURED
    if not 0 <= new.offer <= new.answer <= 1:
        raise ThresholdsUnfit
    with transaction.atomic():
        one_at_a_time("assistant thresholds")
        was = thresholds()
        Kept.objects.all().delete()
        if wanted is not None:
            Kept.objects.create(answer=wanted.answer, offer=wanted.offer, changed_at=now())
        if new != was:
            record(
                ThresholdsChanged(
                    answer=new.answer,
                    offer=new.offer,
                    answer_was=was.answer,
                    offer_was=was.offer,
                ),
                by=by,
            )
    return new


def changes() -> list[Entry]:
    """The latest changes of the thresholds, newest first; each names its person by id."""
    found = entries_of("assistant:thresholds", ["ThresholdsChanged"])
    return list(found.order_by("-id")[:MOST_CHANGES])
