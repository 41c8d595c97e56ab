"""Status, turn and clock of a ticket: the whole state machine, and nothing else.

A ticket stands between an **opener** and a **counterparty**. The **operator** joins when a party asks it
to decide, or when it steps in: then the ticket is a dispute with three voices.

A `State` is where a ticket stands: its status, whose **turn** it is, and the dispute. An action by a side
leads from one state to the next; `after` says to which, or raises `NotAllowed`. These are all states that
there are (`REACHABLE`); no sequence of actions leads elsewhere:

    status        turn                        read by the opener as
    created       counterparty                Created: nobody has answered yet
    in_progress   counterparty | operator     In progress: back with the other side
    answered      opener                      Answered: rate it and close, or carry on
    waiting       opener | counterparty       Waiting for your reply (or for the side that was asked)
    completed     nobody                      Completed
    cancelled     nobody                      Cancelled

A clock runs for the side whose turn it is while the ticket is created, in progress or waiting. An answered
ticket has no clock but a date on which it completes by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple


class Status(StrEnum):
    CREATED = "created"
    IN_PROGRESS = "in_progress"
    ANSWERED = "answered"
    WAITING = "waiting"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class Side(StrEnum):
    OPENER = "opener"
    COUNTERPARTY = "counterparty"
    OPERATOR = "operator"
    NOBODY = ""


class Dispute(StrEnum):
    NONE = "none"
    OPEN = "open"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    REPLY = "reply"
    ASK = "ask"
    CANCEL = "cancel"
    CLOSE = "close"
    RATE = "rate"
    EXPIRE = "expire"
    ESCALATE = "escalate"
    STEP_IN = "step_in"
    DECIDE = "decide"
    MERGE = "merge"
    TAKE_IN = "take_in"


class State(NamedTuple):
    status: Status
    turn: Side
    dispute: Dispute = Dispute.NONE


class NotAllowed(Exception):
    """This side can't do this to a ticket in this state."""

    def __init__(self, state: State, action: Action, by: Side) -> None:
        super().__init__(f"{by or 'nobody'} can't {action} a ticket that is {state}")
        self.state, self.action, self.by = state, action, by


OPEN = frozenset({Status.CREATED, Status.IN_PROGRESS, Status.ANSWERED, Status.WAITING})
ENDED = frozenset({Status.COMPLETED, Status.CANCELLED})
CLOCKED = frozenset({Status.CREATED, Status.IN_PROGRESS, Status.WAITING})
PARTIES = (Side.OPENER, Side.COUNTERPARTY)
IN_DISPUTE = frozenset({Dispute.OPEN, Dispute.DECIDED})

START = State(Status.CREATED, Side.COUNTERPARTY)


def after(state: State, action: Action, by: Side, asked: Side = Side.NOBODY) -> State:
    """Where `action` by `by` leads from `state`; `asked` is whom an operator's question is to.

    Raises NotAllowed. A state may lead to itself: a follow-up while waiting changes nobody's turn.
    """
    reached = _RULES[action](state, by, asked)
    if reached is None:
        raise NotAllowed(state, action, by)
    return reached


def allowed(state: State, action: Action, by: Side) -> bool:
    """Whether `by` may do `action` now: what the pages offer is what the machine takes."""
    asked = Side.OPENER if by is Side.OPERATOR else Side.NOBODY
    return _RULES[action](state, by, asked) is not None


def clock_holder(state: State) -> Side:
    """Whose clock runs in `state`; nobody's when no answer is owed."""
    return state.turn if state.status in CLOCKED else Side.NOBODY


def _reply(state: State, by: Side, asked: Side) -> State | None:
    if state.status in ENDED or by is Side.NOBODY:
        return None
    if state.dispute in IN_DISPUTE:
        return _reply_in_dispute(state, by)
    if by is Side.COUNTERPARTY:
        return state._replace(status=Status.ANSWERED, turn=Side.OPENER)
    if by is not Side.OPENER:
        return None
    if state.turn is Side.OPENER:
        return state._replace(status=Status.IN_PROGRESS, turn=Side.COUNTERPARTY)
    return state


def _reply_in_dispute(state: State, by: Side) -> State:
    if by is Side.OPERATOR:
        # Until it has decided, the operator still owes its decision, whatever it says meanwhile.
        if state.dispute is Dispute.OPEN:
            return state
        return state._replace(status=Status.ANSWERED, turn=Side.OPENER)
    if state.turn is by:
        return state._replace(status=Status.IN_PROGRESS, turn=Side.OPERATOR)
    return state


def _ask(state: State, by: Side, asked: Side) -> State | None:
    if state.status in ENDED:
        return None
    if state.dispute in IN_DISPUTE:
        if by is not Side.OPERATOR or asked not in PARTIES:
            return None
        return state._replace(status=Status.WAITING, turn=asked)
    if by is not Side.COUNTERPARTY:
        return None
    return state._replace(status=Status.WAITING, turn=Side.OPENER)


def _cancel(state: State, by: Side, asked: Side) -> State | None:
    if by is not Side.OPENER or state.status in ENDED or state.dispute is Dispute.DECIDED:
        return None
    dispute = Dispute.WITHDRAWN if state.dispute is Dispute.OPEN else state.dispute
    return State(Status.CANCELLED, Side.NOBODY, dispute)


def _close(state: State, by: Side, asked: Side) -> State | None:
    if state.status in ENDED or state.dispute is Dispute.OPEN:
        return None
    decided = state.dispute is Dispute.DECIDED
    # The counterparty can't close what it has never answered, nor what the operator has decided.
    may = {
        Side.OPENER: True,
        Side.COUNTERPARTY: state.status is not Status.CREATED and not decided,
        Side.OPERATOR: decided,
    }
    return _completed(state) if may.get(by, False) else None


def _rate(state: State, by: Side, asked: Side) -> State | None:
    # Closed by the other side or by itself, it can still be rated; that it is rated once is the
    # ticket's matter, since a state does not know the rating.
    if by is not Side.OPENER or state.status not in {Status.ANSWERED, Status.COMPLETED}:
        return None
    return _completed(state)


def _expire(state: State, by: Side, asked: Side) -> State | None:
    if by is not Side.NOBODY or state.status is not Status.ANSWERED:
        return None
    return _completed(state)


def _escalate(state: State, by: Side, asked: Side) -> State | None:
    return _disputed(state) if by in PARTIES else None


def _step_in(state: State, by: Side, asked: Side) -> State | None:
    return _disputed(state) if by is Side.OPERATOR else None


def _disputed(state: State) -> State | None:
    if state.status in ENDED or state.dispute is not Dispute.NONE:
        return None
    return State(Status.IN_PROGRESS, Side.OPERATOR, Dispute.OPEN)


def _decide(state: State, by: Side, asked: Side) -> State | None:
    if by is not Side.OPERATOR or state.status in ENDED or state.dispute not in IN_DISPUTE:
        return None
    return State(Status.ANSWERED, Side.OPENER, Dispute.DECIDED)


def _merge(state: State, by: Side, asked: Side) -> State | None:
    """It ends here: its promise goes on where it is merged into. A dispute is decided first."""
    if by is not Side.OPERATOR or state.status in ENDED or state.dispute is Dispute.OPEN:
        return None
    return _completed(state)


def _take_in(state: State, by: Side, asked: Side) -> State | None:
    """It takes over the answer that `asked` owed on the one merged into it, if it owes none itself."""
    if by is not Side.OPERATOR or state.status in ENDED or asked is Side.NOBODY:
        return None
    if asked is Side.OPERATOR and state.dispute not in IN_DISPUTE:
        return None
    if clock_holder(state) is not Side.NOBODY:
        return state
    if asked is Side.OPERATOR or (asked is Side.COUNTERPARTY and state.dispute is Dispute.NONE):
        return state._replace(status=Status.IN_PROGRESS, turn=asked)
    return state._replace(status=Status.WAITING, turn=asked)


def _completed(state: State) -> State:
    return state._replace(status=Status.COMPLETED, turn=Side.NOBODY)


_RULES: dict[Action, Callable[[State, Side, Side], State | None]] = {
    Action.REPLY: _reply,
    Action.ASK: _ask,
    Action.CANCEL: _cancel,
    Action.CLOSE: _close,
    Action.RATE: _rate,
    Action.EXPIRE: _expire,
    Action.ESCALATE: _escalate,
    Action.STEP_IN: _step_in,
    Action.DECIDE: _decide,
    Action.MERGE: _merge,
    Action.TAKE_IN: _take_in,
}

REACHABLE: frozenset[State] = frozenset(
    {
        State(Status.CREATED, Side.COUNTERPARTY),
        State(Status.IN_PROGRESS, Side.COUNTERPARTY),
        State(Status.ANSWERED, Side.OPENER),
        State(Status.WAITING, Side.OPENER),
        State(Status.COMPLETED, Side.NOBODY),
        State(Status.CANCELLED, Side.NOBODY),
        State(Status.IN_PROGRESS, Side.OPERATOR, Dispute.OPEN),
        State(Status.WAITING, Side.OPENER, Dispute.OPEN),
        State(Status.WAITING, Side.COUNTERPARTY, Dispute.OPEN),
        State(Status.CANCELLED, Side.NOBODY, Dispute.WITHDRAWN),
        State(Status.ANSWERED, Side.OPENER, Dispute.DECIDED),
        State(Status.IN_PROGRESS, Side.OPERATOR, Dispute.DECIDED),
        State(Status.WAITING, Side.OPENER, Dispute.DECIDED),
        State(Status.WAITING, Side.COUNTERPARTY, Dispute.DECIDED),
        State(Status.COMPLETED, Side.NOBODY, Dispute.DECIDED),
    }
)
