"""Every list, whatever it is narrowed to, gives each of its rows once, in order, both ways."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cast import Cast
from parley.parties.models import Membership
from parley.tickets.assigning import assign
from parley.tickets.finding import Filters, Page, find, queue_counts
from parley.tickets.models import NO_CLOCK, Ticket, TicketSide
from parley.tickets.replying import Reply, reply

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
MANY = 30


@pytest.fixture
def tickets(cast: Cast) -> list[Ticket]:
    """Thirty tickets whose moments tie more often than not."""
    rng = random.Random(7)
    made = [cast.ticket(text="A lamp") for _i in range(MANY)]
    for ticket in made:
        if ticket.pk % 3 == 0:
            reply(ticket.pk, Reply(text="A bulb", audience="operator"), by=cast.agent)
    sides = list(TicketSide.objects.all())
    for side in sides:
        side.activity_at = START + timedelta(microseconds=rng.randrange(6))
    TicketSide.objects.bulk_update(sides, ["activity_at"])
    for ticket in made:
        ticket.urgency = rng.randrange(2)
        ticket.queue_at = rng.choice([NO_CLOCK, START, START + timedelta(microseconds=1)])
        ticket.assignee_id = cast.agent.person_id
    Ticket.objects.bulk_update(made, ["urgency", "queue_at", "assignee"])
    return made


def forwards(reader: Membership, filters: Filters, size: int) -> Iterator[Page]:
    page = find(reader, filters, size=size)
    yield page
    while page.older:
        page = find(reader, filters, cursor=page.older, size=size)
        yield page


def backwards(reader: Membership, filters: Filters, size: int, last: Page) -> Iterator[Page]:
    page = last
    while page.newer:
        page = find(reader, filters, cursor=page.newer, size=size)
        yield page


LISTS = [
    Filters(),
    Filters(queue="all"),
    Filters(queue="mine"),
    Filters(text="lamp"),
    Filters(text="lamp", queue="mine"),
    Filters(text="lamp -bulb"),
    Filters(text="bulb"),
    Filters(text="nortwind"),
    Filters(statuses=("created",)),
]


def test_each_row_once_and_in_order(cast: Cast, tickets: list[Ticket]) -> None:
    for filters in LISTS:
        whole = find(cast.agent, filters, size=1_000)
        assert (whole.older, whole.newer) == (None, None)
        expect_order(whole, filters)
        for size in (4, len(whole.rows) - 1, len(whole.rows), len(whole.rows) + 1):
            walk(cast.agent, filters, size, [row.pk for row in whole.rows])


def walk(reader: Membership, filters: Filters, size: int, expected: list[int]) -> None:
    pages = list(forwards(reader, filters, size))
    assert [row.pk for page in pages for row in page.rows] == expected
    assert pages[0].newer is None
    assert all(len(page.rows) == size for page in pages[:-1])

    back = list(backwards(reader, filters, size, pages[-1]))
    seen = [row.pk for page in [*reversed(back), pages[-1]] for row in page.rows]
    assert seen == expected
    if back:
        assert (list(back[-1].rows), back[-1].newer) == (list(pages[0].rows), None)


def expect_order(page: Page, filters: Filters) -> None:
    assert page.rows
    if filters.queue == "mine":
        keys = [(r.ticket.urgency, r.ticket.queue_at, r.ticket_id) for r in page.rows]
        assert keys == sorted(keys)
    else:
        moments = [(r.activity_at, r.ticket_id) for r in page.rows]
        assert moments == sorted(moments, reverse=True)


@settings(max_examples=15)
@given(
    moments=st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 1), st.integers(0, 2)), min_size=1, max_size=9
    ),
    size=st.integers(1, 6),
    queue=st.sampled_from(["", "mine"]),
)
@example(moments=[(0, 0, 0)] * 9, size=2, queue="mine")
@example(moments=[(0, 0, 0)] * 9, size=2, queue="")
def test_any_ties(cast: Cast, moments: list[tuple[int, int, int]], size: int, queue: str) -> None:
    while Ticket.objects.count() < len(moments):
        assign(cast.ticket().pk, cast.agent.person_id, by=cast.agent)
    sides = list(TicketSide.objects.filter(party=cast.operator).order_by("id"))
    shown = dict(zip(sides, moments, strict=False))
    for side, (activity, urgency, due) in shown.items():
        TicketSide.objects.filter(pk=side.pk).update(
            activity_at=START + timedelta(microseconds=activity)
        )
        Ticket.objects.filter(pk=side.ticket_id).update(
            urgency=urgency, queue_at=START + timedelta(microseconds=due)
        )
    filters = Filters(queue=queue)
    walk(cast.agent, filters, size, [r.pk for r in find(cast.agent, filters, size=100).rows])


def test_what_comes_while_one_reads_moves_nothing_one_has_read(cast: Cast) -> None:
    for _i in range(6):
        cast.ticket()
    first = find(cast.seller, Filters(), size=3)
    new = cast.ticket()
    assert first.older
    second = find(cast.seller, Filters(), cursor=first.older, size=3)
    seen = [row.ticket_id for row in (*first.rows, *second.rows)]
    assert len(set(seen)) == 6
    assert new.pk not in seen
    assert second.newer
    back = find(cast.seller, Filters(), cursor=second.newer, size=3)
    assert [row.ticket_id for row in back.rows] == [row.ticket_id for row in first.rows]
    assert back.newer, "there is something newer now"


def test_queues_are_counted_as_they_are_listed(cast: Cast, tickets: list[Ticket]) -> None:
    counts = queue_counts(cast.agent)
    for name, count in counts.items():
        assert count == len(find(cast.agent, Filters(queue=name), size=1_000).rows), name
    assert counts["mine"] == MANY


@pytest.mark.parametrize("text", ["", "lamp"])
def test_a_list_takes_a_fixed_number_of_queries(
    cast: Cast, tickets: list[Ticket], text: str, django_assert_max_num_queries: object
) -> None:
    for size in (2, 40):
        with django_assert_max_num_queries(3 if text else 1):  # type: ignore[operator]
            page = find(cast.seller, Filters(text=text), size=size)
            for row in page.rows:
                assert row.ticket.topic.category.name
                assert row.ticket.opener.name
                assert row.ticket.counterparty.name
                assert row.ticket.turn_party
                assert row.ticket.turn_party.name
                assert row.ticket.assignee
