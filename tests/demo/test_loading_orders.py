"""Loaded orders stand as the rules of the house would have left them, and are found like any."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction

from parley.demo.loading_orders import load_orders
from parley.orders.auditing import audit_of
from parley.orders.axes import together
from parley.orders.finding import Filters, find
from parley.orders.models import Consignment, Order, OrderLine, Stage
from parley.orders.words import words_of
from parley.parties.models import Membership
from parley.tickets.calling_off import topic_to_cancel
from parley.tickets.models import Topic

LOADED = 600

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Some orders, loaded twice into a database that was empty."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        load_orders(LOADED - 50)
        load_orders(50, seed=7)
        yield
        transaction.set_rollback(True)


def test_they_are_whole(loaded: None) -> None:
    assert Order.objects.count() == LOADED
    for order in Order.objects.prefetch_related("consignments", "lines"):
        parts, lines = list(order.consignments.all()), list(order.lines.all())
        assert lines
        if order.stage == Stage.NOT_LINKED:
            assert not parts
            continue
        assert order.cost_minor == sum(part.total_minor for part in parts)
        standings = [part.standing_in(order) for part in parts]
        assert together(standings, order.standing) == order.standing
        assert {line.consignment_id for line in lines} == {part.pk for part in parts}


def test_the_demos_own_topic_asks_to_cancel(loaded: None) -> None:
    topics = Topic.objects.count()
    assert topic_to_cancel().names["en"] == "Cancel before dispatch"
    assert Topic.objects.count() == topics


def test_their_words_are_those_the_house_would_keep(loaded: None) -> None:
    for order in Order.objects.exclude(stage=Stage.NOT_LINKED)[:30]:
        kept = order.words
        lines = list(OrderLine.objects.filter(order=order).select_related("product"))
        Order.objects.filter(pk=order.pk).update(words=words_of(order, lines))
        assert Order.objects.get(pk=order.pk).words == kept


def test_they_are_found_and_have_an_audit(loaded: None) -> None:
    order = Order.objects.filter(stage=Stage.PASSED).order_by("id")[7]
    part = Consignment.objects.filter(order=order).order_by("id")[0]
    readers = Membership.objects.select_related("party", "person")
    for party in (order.seller_id, part.supplier_id):
        reader = readers.filter(party=party)[0]
        for text in (str(order.number), order.channel_number):
            page = find(reader, Filters(text=text))
            assert [row.order.pk for row in page.rows] == [order.pk]
        audit = audit_of(reader, order.pk)
        assert audit is not None
        assert audit.lines
