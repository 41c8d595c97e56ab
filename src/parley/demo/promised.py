"""The promises in force, each looked up once: reckoning clocks by the thousand."""

from __future__ import annotations

from datetime import datetime

from parley.sla.choosing import policy_for
from parley.sla.models import Policy
from parley.sla.reckoning import Clock, fresh_clock


class Promised:
    """Policies and their clocks, remembered."""

    def __init__(self) -> None:
        self._policies: dict[tuple[int, str, str], Policy | None] = {}

    def policy(self, topic: int, priority: str, party_kind: str) -> Policy | None:
        """The policy that rules such a turn, if one does."""
        key = (topic, priority, party_kind)
        if key not in self._policies:
            self._policies[key] = policy_for(*key)
        return self._policies[key]

    def clock(self, since: datetime, topic: int, priority: str, party_kind: str) -> Clock | None:
        """The clock of such a turn that came at `since`; None where nothing is promised."""
        policy = self.policy(topic, priority, party_kind)
        return fresh_clock(policy, since) if policy else None
