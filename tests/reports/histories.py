"""Weeks of a marketplace, made up by hypothesis and lived through the real capabilities."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from hypothesis import strategies as st

from cast import Cast
from parley.conversations.models import Audience
from parley.journal.moment import at, now
from parley.parties.models import Membership
from parley.sla.sweeping import sweep
from parley.tickets.assigning import assign, set_priority
from parley.tickets.completing import claim_completions
from parley.tickets.disputing import ask_operator, decide, step_in
from parley.tickets.ending import cancel, close, rate
from parley.tickets.merging import MergeRefused, merge
from parley.tickets.models import Outcome, Priority, Ticket
from parley.tickets.opening import NewTicket, open_ticket
from parley.tickets.replying import Reply, reply
from parley.tickets.states import NotAllowed, Side

BEGINNING = datetime(2026, 3, 26, 7, 10, tzinfo=UTC)
"""Shortly before the clocks of Europe go forward, and before Easter."""
TICKETS = (
    ("late_parcel", "seller", "northwind"),
    ("late_parcel", "other_seller", "second_supplier"),
    ("payouts", "seller_member", "operator"),
    ("wrong_address", "supplier", "bright_home"),
    ("documents", "agent", "second_seller"),
)
VERBS = (
    "opens", "opens", "replies", "replies", "replies", "answers", "answers", "asks", "notes",
    "escalates", "steps in", "decides", "closes", "cancels", "rates", "assigns", "frees",
    "presses", "sweeps", "merges",
)  # fmt: skip


@dataclass(frozen=True)
class Act:
    """Something that is tried after `wait` minutes, on one of the tickets there are."""

    wait: int
    verb: str
    ticket: int
    who: int


acts = st.builds(
    Act,
    wait=st.one_of(st.integers(0, 90), st.integers(90, 4_000), st.integers(4_000, 16_000)),
    verb=st.sampled_from(VERBS),
    ticket=st.integers(0, 4),
    who=st.integers(0, 5),
)
TIMES = max(1, int(os.environ.get("TEST_HISTORIES", "1")))
"""How many times as many histories as by default, and how much longer ones: for a long run, say 4."""
LONGEST = min(28, 16 + 4 * (TIMES - 1))
histories = st.lists(acts, min_size=6, max_size=LONGEST)


def live(cast: Cast, history: list[Act]) -> datetime:
    """Let it happen, as far as the house allows; gives the moment after it."""
    moment = BEGINNING
    opened: list[Ticket] = []
    with at(moment):
        opened.append(_open(cast, 0))
    for act in history:
        moment += timedelta(minutes=act.wait, seconds=act.who * 7)
        with at(moment):
            if act.verb == "opens":
                opened.append(_open(cast, act.ticket))
            else:
                _try(cast, Ticket.objects.get(pk=opened[act.ticket % len(opened)].pk), act)
    return moment + timedelta(days=2)


def _open(cast: Cast, kind: int) -> Ticket:
    topic, opener, to = TICKETS[kind % len(TICKETS)]
    with_api = kind == 1
    new = NewTicket(
        topic=getattr(cast, topic),
        to=getattr(cast, to),
        title="Something is not as it should be",
        text="It has been like this since Tuesday.",
        via="api" if with_api else "",
    )
    return open_ticket(new, by=getattr(cast, opener))


def _try(cast: Cast, ticket: Ticket, act: Act) -> None:
    if act.verb == "sweeps":
        sweep()
        claim_completions()
        return
    try:
        with transaction.atomic():
            _do(cast, ticket, act)
    except NotAllowed:
        return


def _do(cast: Cast, ticket: Ticket, act: Act) -> None:  # noqa: C901, PLR0912 - a list of verbs
    agent = (cast.agent, cast.lead, cast.admin)[act.who % 3]
    opener, other = _of(cast, ticket.opener_id, agent), _of(cast, ticket.counterparty_id, agent)
    anybody = (opener, other, agent)[act.who % 3]
    number = ticket.pk
    match act.verb:
        case "replies":
            reply(number, Reply(text="One more thing."), by=anybody)
        case "answers":
            reply(number, Reply(text="Here you are."), by=other)
        case "asks":
            asked = (Side.OPENER, Side.COUNTERPARTY)[act.who % 2]
            reply(number, Reply(text="Which one?", asks=True, asked=asked), by=anybody)
        case "notes":
            reply(number, Reply(text="Mind this one.", audience=Audience.OPERATOR), by=agent)
        case "escalates":
            ask_operator(number, "Please decide.", by=(opener, other)[act.who % 2])
        case "steps in":
            step_in(number, "We look into it.", by=agent)
        case "decides":
            decide(number, Outcome.values[act.who % 4], f"So it is, {now()}.", by=agent)
        case "closes":
            close(number, by=anybody)
        case "cancels":
            cancel(number, by=opener)
        case "rates":
            rate(number, act.who % 5 + 1, by=opener)
        case "assigns":
            assign(number, agent.person_id, by=cast.lead)
        case "frees":
            assign(number, None, by=cast.lead)
        case "merges":
            _merge(ticket, agent)
        case "presses":
            set_priority(number, Priority.values[act.who % 3], by=agent)


def _merge(ticket: Ticket, agent: Membership) -> None:
    other = Ticket.objects.exclude(pk=ticket.pk).filter(opener=ticket.opener_id).first()
    if other is None:
        return
    with suppress(MergeRefused):
        merge(ticket.pk, other.pk, by=agent)


def _of(cast: Cast, party: int, agent: Membership) -> Membership:
    if party == cast.operator.pk:
        return agent
    return next(who for who in cast.everybody.values() if who.party_id == party)
