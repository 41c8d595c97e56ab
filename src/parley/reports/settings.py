"""What the operator settles about figures."""

from __future__ import annotations

import zoneinfo
from typing import Any

from parley.parties.settling import Settled


def _is_zone(value: Any) -> bool:
    return isinstance(value, str) and value in zoneinfo.available_timezones()


def _is_ids(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, int) and one >= 0 for one in value)


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


TIME_ZONE = Settled[str]("reports.time_zone", "UTC", _is_zone)
"""The zone whose days and hours are counted by. A change moves what is counted: see `folding`."""
SELLERS_SEE_SUPPLIERS = Settled[bool]("reports.sellers_see_suppliers", default=False, fits=_is_bool)
"""Whether sellers see how suppliers answer (T14)."""
TO_THE_OPERATOR = 0
"""Stands for all topics that go to the operator and are not the messenger's."""
COMPLAINT_TOPICS = Settled[list[int]]("reports.complaint_topics", [TO_THE_OPERATOR], _is_ids)
"""The topics whose tickets are complaints in the meaning of EU 2019/1150 Art. 11, by their ids."""
