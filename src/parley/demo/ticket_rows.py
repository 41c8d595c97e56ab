"""The rows of one ticket of a load."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any

from django.conf import settings

from parley.conversations.models import Audience, Conversation, Message
from parley.demo.casting import Actor
from parley.demo.copying import NULL, Table, escaped, moment
from parley.demo.promised import Promised
from parley.demo.repertoire import ORDER, Repertoire, Said, Story
from parley.demo.scripts import Does
from parley.demo.shaping import DAY, LATELY, RATED, Shape, Shaping
from parley.journal.models import Entry
from parley.parties.models import PartyKind
from parley.tickets.events import TicketOpened
from parley.tickets.models import NO_CLOCK, Outcome, Priority, Ticket, TicketSide, Words
from parley.tickets.moving import REMINDED_BEFORE
from parley.tickets.states import START, Dispute, Side, Status, clock_holder

MESSAGES = 5
ASSIGNED = 0.7
_STARS = ([5, 4, 3, 2, 1], [60, 25, 9, 4, 2])


@dataclass(frozen=True)
class Numbers:
    """The ids of one ticket's rows."""

    ticket: int
    conversation: int
    messages: Sequence[int]
    sides: Sequence[int]
    entry: int


@dataclass
class _Making:
    """One ticket while its rows are made; moments are seconds since 1970."""

    ids: Numbers
    story: Story
    shape: Shape
    turns: Sequence[tuple[Side, Does]]
    times: Sequence[float]
    ended: float | None
    order: str

    @property
    def sides(self) -> dict[Side, Actor]:
        """Who speaks for each side that has a row."""
        parts = self.story.parts
        kinds = {parts.opener.written.kind, parts.counterparty.written.kind}
        if PartyKind.OPERATOR in kinds:
            return {side: parts.speakers[side] for side in (Side.OPENER, Side.COUNTERPARTY)}
        return parts.speakers


class TicketRows:
    """Makes the rows of tickets and copies them into their tables."""

    def __init__(self, repertoire: Repertoire, present: datetime, rng: Random) -> None:
        self._repertoire = repertoire
        self._present = present.timestamp()
        self._rng = rng
        self._shaping = Shaping(rng)
        self._promised = Promised()
        self._conversations = Table(Conversation)
        self._messages = Table(Message)
        self._tickets = Table(Ticket)
        self._sides = Table(TicketSide)
        self._words = Table(Words)
        self._entries = Table(Entry)

    def add(self, ids: Numbers, age: float) -> None:
        """Make the rows of one ticket, `age` seconds old."""
        making = self._imagine(ids, age)
        created = moment(making.times[0])
        self._conversations.add({"id": ids.conversation, "created_at": created})
        self._add_messages(making)
        self._tickets.add(self._ticket(making))
        for number, (side, actor) in zip(ids.sides, making.sides.items(), strict=False):
            self._sides.add(self._side(making, side, actor) | {"id": number})
        self._entries.add(_entry(making))

    def copy(self) -> None:
        """Write the rows made so far, in the order in which they refer to each other."""
        for table in (
            self._conversations,
            self._messages,
            self._tickets,
            self._sides,
            self._words,
            self._entries,
        ):
            table.copy()

    def _imagine(self, ids: Numbers, age: float) -> _Making:
        story = self._rng.choice(self._repertoire.stories)
        kinds = {story.parts.opener.written.kind, story.parts.counterparty.written.kind}
        shape = self._shaping.pick(age, may_be_disputed=PartyKind.OPERATOR not in kinds)
        times = self._times(age)
        ended = self._ended(shape, times[-1])
        if ended is not None and ended > self._present:
            shape, ended = RATED, (times[-1] + self._present) / 2
        order = f"HM-{2_000_000 + ids.ticket}"
        return _Making(ids, story, shape, self._shaping.noted(shape), times, ended, order)

    def _times(self, age: float) -> list[float]:
        """The moments of the messages; those of new tickets reach up to the present."""
        gaps = [min(180 + self._rng.expovariate(1 / 32_000), 3 * DAY) for _ in range(MESSAGES - 1)]
        total = sum(gaps)
        share = self._rng.uniform(0.5, 0.98) if age < LATELY else 0.8
        factor = age * share / total
        if age >= LATELY:
            factor = min(1.0, factor)
        times = [self._present - age]
        for gap in gaps:
            times.append(times[-1] + gap * factor)
        return [float(int(time)) for time in times]

    def _ended(self, shape: Shape, last: float) -> float | None:
        if shape.state.status not in (Status.COMPLETED, Status.CANCELLED):
            return None
        if shape.ends is None:
            return last + settings.AUTO_COMPLETE_DAYS * DAY + 60
        return last + 60 + min(self._rng.expovariate(1 / DAY), 4 * DAY)

    def _add_messages(self, making: _Making) -> None:
        open_to_all: list[str] = [_order_lexemes(making)] if making.story.names_the_order else []
        noted: list[str] = []
        for place, (side, does) in enumerate(making.turns):
            said = making.story.first if place == 0 else self._say(making, side, does)
            tail = _Tail(making.ids.ticket) if place == 2 else None
            self._messages.add(_message(making, place, said, tail))
            heard = noted if does is Does.NOTES else open_to_all
            heard += [said.lexemes, tail.lexemes if tail else "", _name_lexemes(making, side)]
            if said.names_the_order:
                heard.append(_order_lexemes(making))
        everyone = " ".join(open_to_all)
        operator = f"{everyone} {' '.join(noted)}" if noted else NULL
        self._words.add(
            {"ticket_id": making.ids.ticket, "everyone": everyone, "operator": operator}
        )

    def _say(self, making: _Making, side: Side, does: Does) -> Said:
        sayings = self._repertoire.sayings[making.story.script.language]
        return sayings.any(side, does, self._rng)

    def _ticket(self, making: _Making) -> dict[str, Any]:
        story, state = making.story, making.shape.state
        parties = {side: actor.membership.party_id for side, actor in making.sides.items()}
        spoken = Side.OPERATOR not in parties or state.dispute is not Dispute.NONE
        urgent = story.script.priority == Priority.URGENT
        row = {
            "id": making.ids.ticket,
            "conversation_id": making.ids.conversation,
            "topic_id": story.topic,
            "title": escaped(story.title.replace(ORDER, making.order)),
            "order_number": making.order if story.has_order else "",
            "priority": story.script.priority,
            "opener_id": parties[Side.OPENER],
            "opener_person_id": making.sides[Side.OPENER].membership.person_id,
            "counterparty_id": parties[Side.COUNTERPARTY],
            "assignee_id": self._assignee(story) if spoken else NULL,
            "status": state.status.value,
            "turn": state.turn.value,
            "turn_party_id": parties.get(state.turn, NULL),
            "dispute": state.dispute.value,
            "operator_speaks": spoken,
            "created_at": moment(making.times[0]),
            "urgency": 0 if urgent else 1,
            "queue_at": NO_CLOCK.isoformat(),
        }
        return row | self._clock(making) | self._completing(making) | self._ending(making)

    def _assignee(self, story: Story) -> int | str:
        if self._rng.random() > ASSIGNED:
            return NULL
        return story.parts.agent.membership.person_id

    def _clock(self, making: _Making) -> dict[str, Any]:
        holder = clock_holder(making.shape.state)
        if holder is Side.NOBODY or making.shape.clock_since is None:
            return {}
        since = datetime.fromtimestamp(making.times[making.shape.clock_since], UTC)
        kind = making.sides[holder].membership.party.kind
        clock = self._promised.clock(since, making.story.topic, making.story.script.priority, kind)
        if clock is None:
            return {}
        row = {
            "clock_started_at": since.isoformat(),
            "clock_seconds": clock.seconds,
            "due_at": clock.due_at.isoformat(),
            "due_soon_at": clock.due_soon_at.isoformat(),
            "queue_at": clock.due_at.isoformat(),
        }
        if clock.due_soon_at.timestamp() <= self._present:
            row["due_soon_told_at"] = row["due_soon_at"]
        if clock.due_at.timestamp() <= self._present:
            row["ran_out_at"] = row["due_at"]
        return row

    def _completing(self, making: _Making) -> dict[str, Any]:
        if making.shape.state.status is not Status.ANSWERED:
            return {}
        completes = making.times[-1] + settings.AUTO_COMPLETE_DAYS * DAY
        reminder = completes - REMINDED_BEFORE.total_seconds()
        row = {"completes_at": moment(completes), "reminder_at": moment(reminder)}
        if reminder <= self._present:
            row["reminded_at"] = row["reminder_at"]
        return row

    def _ending(self, making: _Making) -> dict[str, Any]:
        if making.ended is None:
            return {}
        row: dict[str, Any] = {"ended_at": moment(making.ended)}
        if making.shape.ends is Does.RATES:
            stars = self._rng.choices(*_STARS)[0]
            row |= {"stars": stars, "rated_at": row["ended_at"]}
        if making.shape.state.dispute is Dispute.DECIDED:
            row["outcome"] = self._rng.choice(Outcome.values)
        return row

    def _side(self, making: _Making, side: Side, actor: Actor) -> dict[str, Any]:
        party = actor.membership.party
        turns = list(zip(making.turns, making.times, strict=True))
        seen = [at for (_, does), at in turns if does is not Does.NOTES or party.is_operator]
        dealt = [at for (by, does), at in turns if by is side and does is not Does.NOTES]
        row: dict[str, Any] = {
            "ticket_id": making.ids.ticket,
            "party_id": party.pk,
            "side": side.value,
            "activity_at": moment(seen[-1]),
            "dealt_at": moment(dealt[-1]) if dealt else NULL,
        }
        if side is Side.COUNTERPARTY and making.shape.state.status is Status.WAITING:
            # It had answered before it asked, and so has used nothing of its time.
            story = making.story
            policy = self._promised.policy(story.topic, story.script.priority, party.kind)
            row["clock_left"] = policy.working_seconds if policy else NULL
        return row


class _Tail:
    """The last line of a message: words that stand in one ticket, or in a few."""

    def __init__(self, ticket: int) -> None:
        rare, batch = f"k{ticket}x", f"b{ticket // 20}q"
        line = f"Ref {rare}, batch {batch}"
        self.text = escaped(f"\n\n{line}")
        self.html = escaped(f"<p>{line}</p>\n")
        self.lexemes = f"'ref' 'batch' '{rare}' '{batch}'"


def _message(making: _Making, place: int, said: Said, tail: _Tail | None) -> dict[str, Any]:
    side, does = making.turns[place]
    by = making.story.parts.speakers[side].membership
    text, html = said.text, said.html
    if tail is not None:
        text, html = text + tail.text, html + tail.html
    return {
        "id": making.ids.messages[place],
        "conversation_id": making.ids.conversation,
        "person_id": by.person_id,
        "party_id": by.party_id,
        "audience": (Audience.OPERATOR if does is Does.NOTES else Audience.EVERYONE).value,
        "text": text.replace(ORDER, making.order),
        "html": html.replace(ORDER, making.order),
        "at": moment(making.times[place]),
    }


def _name_lexemes(making: _Making, side: Side) -> str:
    if side is Side.OPENER:
        return ""  # They stand with the title.
    story = making.story
    return story.agent_names if side is Side.OPERATOR else story.names


def _order_lexemes(making: _Making) -> str:
    digits = making.order.removeprefix("HM-")
    return f"'hm' '-{digits}' 'hm{digits}'"


def _entry(making: _Making) -> dict[str, Any]:
    opener = making.sides[Side.OPENER].membership
    event = TicketOpened(
        ticket=making.ids.ticket,
        seen=tuple(sorted(actor.membership.party_id for actor in making.sides.values())),
        message=making.ids.messages[0],
        clock_moved=True,
        **{name: part.value for name, part in START._asdict().items()},
    )
    return {
        "id": making.ids.entry,
        "at": moment(making.times[0]),
        "kind": TicketOpened.__name__,
        "subject": event.subject,
        "person_id": opener.person_id,
        "party_id": opener.party_id,
        "data": escaped(json.dumps(vars(event), ensure_ascii=False)),
    }
