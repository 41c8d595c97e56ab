"""Filling an empty database with the demo marketplace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from django.db import transaction

from parley.demo.another_site import know_the_shop
from parley.demo.asking import ask_to_cancel
from parley.demo.at_hand import put_in_hand
from parley.demo.casting import Actor, Cast, cast
from parley.demo.counting import count
from parley.demo.desk import make_teams, set_up, work_on
from parley.demo.explaining import explain
from parley.demo.mailing import mail_in
from parley.demo.planning import SPAN, Planner
from parley.demo.playing import Played, Stage
from parley.demo.trade.trading import trade
from parley.exports.events import ExportFailed
from parley.journal.access import entries_of
from parley.journal.models import Entry
from parley.journal.moment import now
from parley.journal.recording import run_later, without_later
from parley.orders.events import OrderUnpaid
from parley.tickets.reading import mark_read

SEED = 20_260
KEPT_UP = timedelta(days=1)
"""What is older than this has been read."""
TOLD = 12
"""How many of the latest events of each company one can sign in for are still told of: the bell has
a number, and no mailbox is flooded."""

TOLD_KINDS = (OrderUnpaid.__name__, ExportFailed.__name__)


def fill(scale: float = 1.0, seed: int = SEED, orders: float = 1.0) -> int:
    """Make the companies, people and topics, and play some 400 × `scale` tickets; gives how many.

    There are some 2,500 × `orders` orders, too.

    Everything happens by the house's own rules, at moments of the last 60 days, in one transaction:
    it is there as a whole or not at all. The same seed at the same moment gives the same demo.
    """
    moment = now()
    rng = Random(seed)  # noqa: S311 - a repeatable demo, not a secret
    with transaction.atomic():
        company = cast(moment - SPAN - timedelta(days=30))
        explain(company, moment, Random(seed))  # noqa: S311 - as above
        know_the_shop()
        teams = make_teams(company, moment - SPAN - timedelta(days=30))
        tags = set_up(company, teams, moment - SPAN)
        planner = Planner(company, moment, rng)
        drafts = planner.drafts(scale)
        traded = trade(company, planner.wishes(drafts), moment, rng, orders)
        plans = [planner.plan(draft, traded.bound.get(n)) for n, draft in enumerate(drafts)]
        chronicle = traded.chronicle
        chronicle.follow(f"order:{deal.id}" for deal in traded.bound.values())
        with without_later():
            played = Stage(company, moment, chronicle.write_until).play(plans)
        chronicle.write()
        with without_later():
            asked = ask_to_cancel(company, traded.to_ask_for, moment)
            work_on(company, played, tags, moment)
            more = put_in_hand(company, played, moment)
            mailed = mail_in(company, played, moment)
        _keep_up(company, played, moment)
        _tell_of_the_latest(played)
        _tell_of(asked, moment)
        count(company)
    return len(played) + len(asked) + more + mailed


def _keep_up(cast: Cast, played: Iterable[Played], moment: datetime) -> None:
    """Let those whom one can sign in as have read what was there a day ago."""
    for one in played:
        if one.last > moment - KEPT_UP:
            continue
        for actor in _readers(cast, one):
            mark_read(one.ticket, one.last, by=actor.membership)


def _readers(cast: Cast, one: Played) -> list[Actor]:
    companies = {company.written.key: company for company in (
        one.plan.parts.opener, one.plan.parts.counterparty, cast.operator
    )}  # fmt: skip
    people = [actor for company in companies.values() for actor in company.people]
    return [actor for actor in people if actor.person.signs_in]


def _tell_of_the_latest(played: Sequence[Played]) -> None:
    """Run the later reactions of the latest events around those whom one can sign in as."""
    latest: set[tuple[datetime, int]] = set()
    for company in {key for one in played for key in one.plan.parts.shown}:
        tickets = [one.ticket for one in played if company in one.plan.parts.shown]
        latest.update(sorted(_entries(tickets))[-TOLD:])
    for _at, entry in sorted(latest):
        run_later(entry)


def _tell_of(asked: Iterable[int], moment: datetime) -> None:
    """Run the later reactions of what was asked, of orders without money and of a failed export."""
    latest = Entry.objects.filter(kind__in=TOLD_KINDS, at__gt=moment - KEPT_UP)
    entries = {entry for _at, entry in _entries(asked)} | set(latest.values_list("id", flat=True))
    for entry in sorted(entries):
        run_later(entry)


def _entries(tickets: Iterable[int]) -> Iterator[tuple[datetime, int]]:
    for ticket in tickets:
        yield from entries_of(f"ticket:{ticket}").values_list("at", "id")
