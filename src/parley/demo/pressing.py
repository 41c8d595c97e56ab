"""Since when a turn must have lasted for its clock to be fresh, due soon or over by now."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from parley.demo.promised import Promised
from parley.sla.models import Policy
from parley.sla.reckoning import fresh_clock

LOOKED_BACK = timedelta(days=8)
STEP = timedelta(minutes=20)
OVER_AT_MOST = timedelta(days=3)


class Pressure(StrEnum):
    FRESH = "fresh"
    DUE_SOON = "due soon"
    RAN_OUT = "ran out"


class Pressing:
    """Finds moments in the past by what has become of a clock that started then."""

    def __init__(self, now: datetime, rng: Random) -> None:
        self._now = now
        self._rng = rng
        self._promised = Promised()
        self._found: dict[int, dict[Pressure, list[datetime]]] = {}

    def since(self, pressure: Pressure, *, topic: int, priority: str, party_kind: str) -> datetime:
        """A moment such that a clock started then presses like that by now.

        Where no moment does (nothing is due soon on a Sunday evening, say), a recent one.
        """
        policy = self._promised.policy(topic, priority, party_kind)
        moments = self._moments(policy)[pressure] if policy else []
        if pressure is Pressure.FRESH or not moments:
            return self._now - timedelta(minutes=self._rng.randrange(6, 200))
        return self._rng.choice(moments) - timedelta(seconds=self._rng.randrange(60))

    def due(self, since: datetime, *, topic: int, priority: str, party_kind: str) -> datetime:
        """When a clock started at `since` is over; a day later where no policy fits."""
        clock = self._promised.clock(since, topic, priority, party_kind)
        return clock.due_at if clock else since + timedelta(days=1)

    def _moments(self, policy: Policy) -> dict[Pressure, list[datetime]]:
        if policy.pk not in self._found:
            self._found[policy.pk] = self._look_back(policy)
        return self._found[policy.pk]

    def _look_back(self, policy: Policy) -> dict[Pressure, list[datetime]]:
        moments: dict[Pressure, list[datetime]] = {pressure: [] for pressure in Pressure}
        moment = self._now - STEP
        while moment > self._now - LOOKED_BACK:
            if pressure := self._pressure(policy, moment):
                moments[pressure].append(moment)
            moment -= STEP
        return moments

    def _pressure(self, policy: Policy, start: datetime) -> Pressure | None:
        clock = fresh_clock(policy, start)
        if self._now < clock.due_soon_at:
            return Pressure.FRESH
        if self._now < clock.due_at:
            return Pressure.DUE_SOON
        if self._now - clock.due_at < OVER_AT_MOST:
            return Pressure.RAN_OUT
        return None
