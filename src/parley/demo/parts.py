"""Giving out the parts of a script: which companies, and who speaks for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from parley.demo.casting import Actor, Cast, Company
from parley.demo.scripts import Script
from parley.parties.models import PartyKind, Role
from parley.tickets.states import Side

SHOWN_WEIGHT = 3
"""How much likelier a company takes part when one can sign in as its people."""
APART = timedelta(minutes=20)
"""How long one company waits before its next ticket on a topic: more than the cool-down."""
LEAD_DECIDES = 0.3


@dataclass(frozen=True)
class Parts:
    """Who plays a script; `agent` speaks for the operator, on whichever side it is."""

    opener: Company
    counterparty: Company
    speakers: dict[Side, Actor]
    agent: Actor

    @property
    def shown(self) -> list[str]:
        """The companies taking part that one can sign in for, by key."""
        companies = (self.opener, self.counterparty)
        return [company.written.key for company in companies if company.written.is_shown]


class Parting:
    """Gives out parts, and sees that no company opens two tickets on a topic at once."""

    def __init__(self, cast: Cast, rng: Random) -> None:
        self._cast = cast
        self._rng = rng
        self._opened: dict[tuple[str, str], list[datetime]] = {}

    def give(self, script: Script) -> Parts:
        """Parts for `script`, among those who write its language."""
        agent = self._agent(script.language)
        opener = self._company(script.opener, script)
        counterparty = self._company(script.counterparty, script)
        speakers = {
            Side.OPENER: self._speaker(opener, agent, script.language),
            Side.COUNTERPARTY: self._speaker(counterparty, agent, script.language),
            Side.OPERATOR: agent,
        }
        return Parts(opener, counterparty, speakers, agent)

    def may_open(self, parts: Parts, script: Script, moment: datetime) -> bool:
        """Whether the opener has opened nothing on the topic around `moment`; if so, it has now."""
        opened = self._opened.setdefault((parts.opener.written.key, script.topic), [])
        if any(abs(moment - other) < APART for other in opened):
            return False
        opened.append(moment)
        return True

    def _company(self, kind: str, script: Script) -> Company:
        companies = self._cast.of_kind(kind, script.language)
        if kind == PartyKind.SUPPLIER and script.goods:
            companies = [c for c in companies if script.goods in c.written.goods]
        weights = [SHOWN_WEIGHT if c.written.is_shown else 1 for c in companies]
        return self._rng.choices(companies, weights)[0]

    def _speaker(self, company: Company, agent: Actor, language: str) -> Actor:
        if company.written.kind == PartyKind.OPERATOR:
            return agent
        return company.choose(language, self._rng)

    def _agent(self, language: str) -> Actor:
        team = self._cast.operator.speakers(language)
        agents = [actor for actor in team if actor.person.role == Role.AGENT]
        leads = [actor for actor in team if actor.person.role == Role.LEAD]
        if leads and self._rng.random() < LEAD_DECIDES:
            return leads[0]
        return self._rng.choice(agents)


def goods_of(parts: Parts, script: Script, all_kinds: Sequence[str]) -> Sequence[str]:
    """The kinds of products a ticket can be about: what its supplier holds, if there is one."""
    if script.goods:
        return [script.goods]
    held = [kind for c in (parts.opener, parts.counterparty) for kind in c.written.goods]
    return held or all_kinds
