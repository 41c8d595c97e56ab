"""Playing the planned tickets through the house's own capabilities, at their own moments."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction

from parley.conversations.attaching import receive
from parley.conversations.models import Audience
from parley.demo.casting import Cast
from parley.demo.drawing import draw
from parley.demo.planning import Plan, Step
from parley.demo.promises import keep_promises
from parley.demo.scripts import Does
from parley.journal.moment import at
from parley.tickets.assigning import claim
from parley.tickets.disputing import ask_operator, decide, step_in
from parley.tickets.ending import cancel, close, rate
from parley.tickets.opening import NewTicket, open_ticket
from parley.tickets.reading import mark_read
from parley.tickets.replying import Reply, reply
from parley.tickets.states import NotAllowed, Side, Status


@dataclass
class Played:
    """A plan that has been opened: its ticket's number, and when it moved last."""

    plan: Plan
    ticket: int
    last: datetime
    is_over: bool = False


@dataclass(order=True)
class _Cue:
    at: datetime
    plan: int
    step: int
    does: Callable[[], None] = field(compare=False)


class Stage:
    """Plays plans in the order in which things happened."""

    def __init__(self, cast: Cast, now: datetime, meanwhile: Callable[[datetime], None]) -> None:
        """`meanwhile` is called before anything happens to an order, with the moment."""
        self._cast = cast
        self._now = now
        self._meanwhile = meanwhile
        self.played: dict[int, Played] = {}

    def play(self, plans: Sequence[Plan]) -> list[Played]:
        """Play them all, and keep the promises that fell due meanwhile, up to now."""
        cues = sorted(cue for number, plan in enumerate(plans) for cue in self._cues(number, plan))
        for cue in cues:
            keep_promises(cue.at, self._meanwhile)
            if plans[cue.plan].order is not None:
                self._meanwhile(cue.at)
            with at(cue.at):
                cue.does()
        keep_promises(self._now, self._meanwhile)
        return list(self.played.values())

    def _cues(self, number: int, plan: Plan) -> list[_Cue]:
        cues = [
            _Cue(step.at, number, n, partial(self._step, number, plan, step))
            for n, step in enumerate(plan.steps)
        ]
        if plan.claimed_at is not None:
            # After the opening, whatever the moment says: an unopened ticket can't be taken.
            taken = max(plan.claimed_at, plan.steps[0].at + timedelta(seconds=1))
            cues.append(_Cue(taken, number, len(cues), partial(self._claim, number, plan)))
        return cues

    def _claim(self, number: int, plan: Plan) -> None:
        claim(self.played[number].ticket, by=plan.parts.agent.membership)

    def _step(self, number: int, plan: Plan, step: Step) -> None:
        if step.turn.does is Does.OPENS:
            self.played[number] = Played(plan, self._open(plan, step), step.at)
        else:
            self._go_on(self.played[number], step)
        mark_read(self.played[number].ticket, step.at, by=step.by.membership)

    def _go_on(self, played: Played, step: Step) -> None:
        if played.is_over:
            return
        try:
            with transaction.atomic():
                _ACT[step.turn.does](played.ticket, step, _files(played.plan, step))
        except NotAllowed as refused:
            # Where answers complete by themselves sooner than usual, stories end sooner.
            if refused.state.status is not Status.COMPLETED:
                raise
            played.is_over = True
            return
        played.last = step.at

    def _open(self, plan: Plan, step: Step) -> int:
        new = NewTicket(
            topic=self._cast.topics[plan.script.topic],
            title=plan.title,
            text=step.says,
            to=plan.parts.counterparty.party,
            priority=plan.script.priority,
            order=plan.order,
            attachments=_files(plan, step),
        )
        return open_ticket(new, by=step.by.membership).pk


def _files(plan: Plan, step: Step) -> list[uuid.UUID]:
    """Upload what the step sends; gives the ids of the uploads."""
    ids = []
    for n, kind in enumerate(step.turn.files):
        drawn = draw(kind, plan.variant + n, plan.script.language)
        uploaded = receive(step.by.membership, drawn.name, ContentFile(drawn.content))
        ids.append(uploaded.pk)
    return ids


def _reply(ticket: int, step: Step, files: list[uuid.UUID]) -> None:
    said = Reply(text=step.says, attachments=files)
    reply(ticket, said, by=step.by.membership)


def _ask(ticket: int, step: Step, files: list[uuid.UUID]) -> None:
    said = Reply(text=step.says, attachments=files, asks=True, asked=step.turn.to)
    reply(ticket, said, by=step.by.membership)


def _confide(ticket: int, step: Step, files: list[uuid.UUID]) -> None:
    side = step.turn.to if step.turn.by is Side.OPERATOR else step.turn.by
    said = Reply(text=step.says, attachments=files, audience=Audience.SIDE, side=side)
    reply(ticket, said, by=step.by.membership)


def _note(ticket: int, step: Step, files: list[uuid.UUID]) -> None:
    said = Reply(text=step.says, attachments=files, audience=Audience.OPERATOR)
    reply(ticket, said, by=step.by.membership)


def _dispute(ticket: int, step: Step, files: list[uuid.UUID]) -> None:
    ask_operator(ticket, step.says, by=step.by.membership, attachments=files)


def _step_in(ticket: int, step: Step, files: list[uuid.UUID]) -> None:
    step_in(ticket, step.says, by=step.by.membership, attachments=files)


def _decide(ticket: int, step: Step, files: list[uuid.UUID]) -> None:
    decide(ticket, step.turn.outcome, step.says, by=step.by.membership)


def _close(ticket: int, step: Step, files: list[uuid.UUID]) -> None:
    close(ticket, by=step.by.membership)


def _cancel(ticket: int, step: Step, files: list[uuid.UUID]) -> None:
    cancel(ticket, by=step.by.membership)


def _rate(ticket: int, step: Step, files: list[uuid.UUID]) -> None:
    assert step.turn.stars is not None
    rate(ticket, step.turn.stars, step.says, by=step.by.membership)


_ACT: dict[Does, Callable[[int, Step, list[uuid.UUID]], None]] = {
    Does.REPLIES: _reply,
    Does.ASKS: _ask,
    Does.CONFIDES: _confide,
    Does.NOTES: _note,
    Does.DISPUTES: _dispute,
    Does.STEPS_IN: _step_in,
    Does.DECIDES: _decide,
    Does.CLOSES: _close,
    Does.CANCELS: _cancel,
    Does.RATES: _rate,
}
