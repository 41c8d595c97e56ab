"""Planning who says what to whom and when: the demo's tickets before they are played.

Two sorts are planned: stories told to their end over the last weeks, and open tickets, cut where
they are so that every status, turn and urgency is there at the moment the demo is filled.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import TypeVar

from django.conf import settings

from parley.demo.casting import Actor, Cast
from parley.demo.hours import awake, earlier, some_time
from parley.demo.parts import Parting, Parts, goods_of
from parley.demo.pressing import Pressing, Pressure
from parley.demo.reading_content import content
from parley.demo.scripts import Does, Script, Turn, scripts, states_of
from parley.demo.telling import Manners, Telling
from parley.demo.trade.binding import Wish, price_of
from parley.demo.trade.binding import words_of as words_of_order
from parley.demo.trade.deals import Deal
from parley.demo.trade.wares import called, wares, wares_of
from parley.parties.models import PartyKind
from parley.tickets.models import OrderField
from parley.tickets.states import ENDED, Dispute, Side, State, Status, clock_holder

_T = TypeVar("_T")

SPAN = timedelta(days=60)
FINISHED = 290
"""Stories told to their end at full scale; together with the open ones some 400 tickets."""
KEEPS_QUIET = 0.2
"""How many leave an answer unrated, so that the ticket completes by itself."""
ANSWERS_LATE = 0.07
LEAVES_UNASSIGNED = 0.7

_TO_BE_SEEN = [
    # how the open tickets stand, how their clocks press, and how many at full scale
    (State(Status.CREATED, Side.COUNTERPARTY), Pressure.FRESH, 15),
    (State(Status.CREATED, Side.COUNTERPARTY), Pressure.DUE_SOON, 9),
    (State(Status.CREATED, Side.COUNTERPARTY), Pressure.RAN_OUT, 9),
    (State(Status.IN_PROGRESS, Side.COUNTERPARTY), Pressure.FRESH, 11),
    (State(Status.IN_PROGRESS, Side.COUNTERPARTY), Pressure.DUE_SOON, 6),
    (State(Status.IN_PROGRESS, Side.COUNTERPARTY), Pressure.RAN_OUT, 6),
    (State(Status.WAITING, Side.OPENER), Pressure.FRESH, 9),
    (State(Status.WAITING, Side.OPENER), Pressure.DUE_SOON, 5),
    (State(Status.WAITING, Side.OPENER), Pressure.RAN_OUT, 5),
    (State(Status.ANSWERED, Side.OPENER), None, 20),
    (State(Status.IN_PROGRESS, Side.OPERATOR, Dispute.OPEN), Pressure.FRESH, 4),
    (State(Status.IN_PROGRESS, Side.OPERATOR, Dispute.OPEN), Pressure.DUE_SOON, 2),
    (State(Status.IN_PROGRESS, Side.OPERATOR, Dispute.OPEN), Pressure.RAN_OUT, 2),
    (State(Status.WAITING, Side.OPENER, Dispute.OPEN), Pressure.FRESH, 2),
    (State(Status.WAITING, Side.COUNTERPARTY, Dispute.OPEN), Pressure.DUE_SOON, 2),
    (State(Status.ANSWERED, Side.OPENER, Dispute.DECIDED), None, 2),
    (State(Status.IN_PROGRESS, Side.OPERATOR, Dispute.DECIDED), Pressure.FRESH, 1),
    (State(Status.WAITING, Side.COUNTERPARTY, Dispute.DECIDED), Pressure.FRESH, 1),
]


@dataclass(frozen=True)
class Step:
    """One turn of one ticket, at its moment, with its words."""

    at: datetime
    turn: Turn
    by: Actor
    says: str


@dataclass(frozen=True)
class Plan:
    """A ticket to be played. Its agent takes it at `claimed_at`, if anybody does.

    `order` is the id of the one it is about; `variant` says which of the drawn files it gets.
    """

    script: Script
    parts: Parts
    title: str
    order: int | None
    steps: tuple[Step, ...]
    claimed_at: datetime | None
    variant: int


@dataclass(frozen=True)
class Draft:
    """A ticket whose turns have their moments, and not yet their words."""

    script: Script
    parts: Parts
    turns: Sequence[Turn]
    moments: Sequence[datetime]


class Planner:
    """Plans the tickets of a demo that is filled at `now`."""

    def __init__(self, cast: Cast, now: datetime, rng: Random) -> None:
        self._cast = cast
        self._now = now
        self._rng = rng
        self._parting = Parting(cast, rng)
        self._pressing = Pressing(now, rng)

    def drafts(self, scale: float) -> list[Draft]:
        """Who writes to whom and when; at scale 1 there are some 400."""
        return [*self._finished(_scaled(FINISHED, scale)), *self._open(scale)]

    def wishes(self, drafts: Sequence[Draft]) -> dict[int, Wish]:
        """The orders that tickets are about, by the draft's place."""
        return {
            place: Wish(draft.script, draft.parts.opener, draft.parts.counterparty, draft.moments)
            for place, draft in enumerate(drafts)
            if self._about_an_order(draft.script)
        }

    def plan(self, draft: Draft, deal: Deal | None) -> Plan:
        """The ticket with its words, about the order `deal` if there is one."""
        script, parts = draft.script, draft.parts
        telling = Telling(
            self._rng,
            language=script.language,
            goods=goods_of(parts, script, list(content("words")["products"])),
            products=script.products,
            opened_at=draft.moments[0],
            known=words_of_order(deal) if deal else self._of_a_product(draft),
            price=price_of(deal) if deal else None,
        )
        title = telling.tell(self._rng.choice(script.titles), **names_of(parts, draft.turns[0]))
        steps = tuple(
            Step(moment, turn, parts.speakers[turn.by], words_of(telling, parts, script, turn))
            for moment, turn in zip(draft.moments, draft.turns, strict=False)
        )
        return Plan(
            script=script,
            parts=parts,
            title=title,
            order=deal.id if deal else None,
            steps=steps,
            claimed_at=self._claimed_at(parts, steps),
            variant=self._rng.randrange(1000),
        )

    def _finished(self, number: int) -> Iterator[Draft]:
        """Stories told to their end; those not over by now are cut short by the present."""
        told = _shuffled_for_ever([s for s in scripts() if not s.ends_open], self._rng)
        made = 0
        while made < number:
            script = next(told)
            parts = self._parting.give(script)
            turns = self._turns(script)
            moments = self._forwards(script, turns, parts)
            if self._parting.may_open(parts, script, moments[0]):
                made += 1
                yield Draft(script, parts, turns, moments)

    def _open(self, scale: float) -> Iterator[Draft]:
        """Open tickets, so many of each kind as `_TO_BE_SEEN` says."""
        for state, pressure, number in _TO_BE_SEEN:
            cuts = _shuffled_for_ever(_cuts(state), self._rng)
            made = 0
            while made < _scaled(number, scale):
                script, length = next(cuts)
                parts = self._parting.give(script)
                turns = script.turns[:length]
                last = self._last_moment(script, parts, state, pressure)
                moments = self._backwards(turns, parts, last)
                if self._parting.may_open(parts, script, moments[0]):
                    made += 1
                    yield Draft(script, parts, turns, moments)

    def _turns(self, script: Script) -> Sequence[Turn]:
        rated = script.turns[-1].does is Does.RATES
        quiet = rated and self._rng.random() < KEEPS_QUIET
        return script.turns[:-1] if quiet else script.turns

    def _forwards(self, script: Script, turns: Sequence[Turn], parts: Parts) -> list[datetime]:
        """Moments from some day in the span on, as far as they are not in the future."""
        zone = _zone(parts, turns[0])
        moments = [some_time(self._now - SPAN, self._now, zone, self._rng)]
        for state, turn in zip(states_of(turns), turns[1:], strict=False):
            moment = awake(moments[-1] + self._gap(turn), _zone(parts, turn), self._rng)
            if turn.by is clock_holder(state) and self._rng.random() > ANSWERS_LATE:
                moment = min(moment, self._in_time(script, parts, turn, moments[-1]))
            if state.status is Status.ANSWERED:
                moment = min(moment, moments[-1] + _before_it_completes())
            if moment > self._now:
                break
            moments.append(moment)
        return moments

    def _in_time(self, script: Script, parts: Parts, turn: Turn, since: datetime) -> datetime:
        """When somebody punctual has done what was asked `since`, at the latest."""
        due = self._pressing.due(
            since,
            topic=self._cast.topics[script.topic].pk,
            priority=script.priority,
            party_kind=parts.speakers[turn.by].membership.party.kind,
        )
        sooner = since + (due - since) * self._rng.uniform(0.2, 0.85)
        latest = due - timedelta(minutes=self._rng.randrange(3, 50))
        return max(since, min(awake(sooner, _zone(parts, turn), self._rng), latest))

    def _backwards(self, turns: Sequence[Turn], parts: Parts, last: datetime) -> list[datetime]:
        """Moments that lead up to `last`."""
        moments = [last]
        for turn, before in zip(reversed(turns), reversed(turns[:-1]), strict=False):
            gap = min(turn.after, timedelta(days=1)) * self._rng.uniform(0.6, 1.3)
            moments.append(earlier(moments[-1], gap, _zone(parts, before)))
        return moments[::-1]

    def _gap(self, turn: Turn) -> timedelta:
        slow = 3 if self._rng.random() < ANSWERS_LATE else 1
        return turn.after * self._rng.uniform(0.5, 1.3) * slow

    def _last_moment(
        self, script: Script, parts: Parts, state: State, pressure: Pressure | None
    ) -> datetime:
        if pressure is None:
            return self._now - timedelta(minutes=self._rng.randrange(30, 110 * 60))
        kind = parts.speakers[state.turn].membership.party.kind
        topic = self._cast.topics[script.topic]
        return self._pressing.since(
            pressure, topic=topic.pk, priority=script.priority, party_kind=kind
        )

    def _of_a_product(self, draft: Draft) -> dict[str, str]:
        """Words of a product that a ticket about no order can be about, of its supplier if it has one."""
        script, companies = draft.script, (draft.parts.opener, draft.parts.counterparty)
        supplier = next((one for one in companies if one.written.kind == PartyKind.SUPPLIER), None)
        among = wares_of(supplier.written.key) if supplier else wares()
        fitting = [ware for ware in among if script.goods in ("", ware.kind)]
        if script.products:
            fitting = called(script.products, fitting)
        if script.language == "ru":
            fitting = [ware for ware in fitting if ware.russian]
        if not fitting:
            return {}
        ware = self._rng.choice(fitting)
        return {"product": ware.called_in(script.language), "sku": ware.sku}

    def _about_an_order(self, script: Script) -> bool:
        asked = self._cast.topics[script.topic].order_field
        named = any("{order}" in text for text in (*script.titles, script.turns[0].says))
        return asked == OrderField.REQUIRED or (asked == OrderField.OPTIONAL and named)

    def _claimed_at(self, parts: Parts, steps: Sequence[Step]) -> datetime | None:
        """When the agent takes it: before speaking, or unasked, or not at all."""
        for before, step in pairwise(steps):
            if step.by is parts.agent:
                return before.at + (step.at - before.at) * self._rng.uniform(0.2, 0.9)
        if parts.opener is self._cast.operator:
            return steps[0].at + timedelta(seconds=5)
        called = parts.counterparty is self._cast.operator or any(
            step.turn.does is Does.DISPUTES for step in steps
        )
        if not called or self._rng.random() < LEAVES_UNASSIGNED:
            return None
        return min(steps[-1].at + timedelta(minutes=self._rng.randrange(3, 90)), self._now)


def _scaled(number: int, scale: float) -> int:
    return max(1, round(number * scale))


def _before_it_completes() -> timedelta:
    return timedelta(days=settings.AUTO_COMPLETE_DAYS) * 0.8


def _cuts(state: State) -> list[tuple[Script, int]]:
    """All places to cut a script so that it stands like `state`."""
    return [
        (script, n + 1)
        for script in scripts()
        for n, reached in enumerate(states_of(script.turns))
        if reached == state and reached.status not in ENDED
    ]


def _shuffled_for_ever(things: Sequence[_T], rng: Random) -> Iterator[_T]:
    while True:
        yield from rng.sample(things, len(things))


def _zone(parts: Parts, turn: Turn) -> str:
    return parts.speakers[turn.by].person.time_zone


def names_of(parts: Parts, turn: Turn) -> dict[str, str]:
    """The slots of a moment: who speaks, and to whom."""
    other = Side.OPENER if turn.by is not Side.OPENER else Side.COUNTERPARTY
    speaker = parts.speakers[turn.by]
    return {
        "me": speaker.first_name,
        "them": parts.speakers[turn.to or other].first_name,
        "party": speaker.membership.party.name,
    }


def words_of(telling: Telling, parts: Parts, script: Script, turn: Turn) -> str:
    """What is said in a turn; a first message in the manner of who writes it."""
    says = turn.says
    if turn.does is Does.OPENS:
        says = Manners(parts.speakers[turn.by].person.name, script.language).around(says)
    return telling.tell(says, **names_of(parts, turn))
