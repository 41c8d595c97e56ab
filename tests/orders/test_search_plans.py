"""PostgreSQL goes the right way through lists of orders: along the index that a list is in the order
of, through the word index for a rare word, and never by a plan that does not know the word (O1)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from cast import Cast
from parley.orders.finding import STATUSES, STATUSES_OF_SUPPLIERS, Filters, Page, find
from parley.parties.models import Membership, Party, PartyKind, Person
from parley.tickets.finding import orders_with_open_tickets
from stall import made_order

MANY = 8_000


@dataclass
class Walk:
    """How a list was found: the indexes used, and how many rows were looked at on the way."""

    indexes: set[str]
    rows: float

    @property
    def through_the_words(self) -> bool:
        return bool(self.indexes & {"words_of_orders", "words_of_consignments"})


@pytest.fixture
def many(cast: Cast) -> Cast:
    """Eight thousand orders of two sellers, shipped by two suppliers, and forty of a third seller."""
    template = made_order(cast)
    small = Party.objects.create(kind=PartyKind.SELLER, name="Tiny Shop")
    person = Person.objects.create(email="tiny@tiny.example", name="Tina Tiny")
    Membership.objects.create(person=person, party=small, role="owner")
    with connection.cursor() as cursor:
        cursor.execute(_FILL, {
            "many": MANY, "template": template.pk, "small": small.pk,
            "one": cast.bright_home.pk, "other": cast.second_seller.pk,
            "northwind": cast.northwind.pk, "second": cast.second_supplier.pk,
        })  # fmt: skip
    return cast


_FILL = """
    INSERT INTO orders_order (
        id, number, seller_id, channel_id, channel_number, stage, payment, fulfilment, cancellation,
        open_tickets, why_held, cancel_reason, outside, currency, sale_currency, cost_minor,
        paid_minor, refunded_minor, note, notes, placed_at, arrived_at, passed_at, to_name,
        to_company, to_street, to_city, to_region, to_postcode, to_country, to_phone, to_email, words
    )
    SELECT 1000000 + i,
        CASE WHEN i %% 400 IN (1, 2, 3) THEN NULL ELSE 1000000 + i END,
        CASE WHEN i %% 200 = 0 THEN %(small)s WHEN i %% 2 = 0 THEN %(one)s ELSE %(other)s END,
        channel_id, '#' || i,
        CASE i %% 400 WHEN 1 THEN 'queued' WHEN 2 THEN 'held' WHEN 3 THEN 'not_linked'
            ELSE 'passed' END,
        CASE WHEN i %% 400 = 1 THEN 'unpaid' WHEN i %% 400 IN (2, 3) THEN 'queued'
            WHEN i %% 300 = 7 THEN 'refunded' ELSE 'paid' END,
        CASE WHEN i %% 400 IN (1, 2, 3) OR i %% 300 IN (7, 9) OR i %% 160 = 11 THEN 'unshipped'
            WHEN i %% 500 = 13 THEN 'returned' ELSE 'delivered' END,
        CASE i %% 300 WHEN 7 THEN 'cancelled' WHEN 9 THEN 'asked' ELSE 'none' END,
        CASE WHEN i %% 250 = 17 THEN 1 ELSE 0 END,
        '[]', '', '{}', 'GBP', '', 1200, 1200, 0, '', 0,
        now() - i * interval '1 hour', now(),
        CASE WHEN i %% 400 IN (1, 2, 3) THEN NULL ELSE now() - i * interval '1 hour' END,
        '', '', '', '', '', '', 'GB', '', '',
        to_tsvector('parley', concat_ws(' ', 'sku' || i, 'filler' || i %% 97,
            CASE WHEN i %% 5 < 3 THEN 'kettle' END, CASE WHEN i %% 2503 = 0 THEN 'zebra' END))
    FROM orders_order, generate_series(1, %(many)s) AS i WHERE id = %(template)s;

    INSERT INTO orders_consignment (
        order_id, supplier_id, shipping_minor, shipping_vat_bp, net_minor, vat_minor,
        refunded_minor, fulfilment, cancellation, passed_at, words
    )
    SELECT id, CASE WHEN id %% 3 = 0 THEN %(second)s ELSE %(northwind)s END, 0, 0, 1000, 200, 0,
        fulfilment, cancellation, passed_at, words
    FROM orders_order WHERE id > 1000000;

    INSERT INTO orders_orderline (
        order_id, consignment_id, position, listing_id, sku, title, quantity, cost_minor, vat_bp,
        shipped, declined, why_declined
    )
    SELECT order_id, id, 0, '', 'SKU' || order_id, 'Kettle', 1, 1000, 2000, 0, 0, ''
    FROM orders_consignment WHERE order_id > 1000000;

    -- What waits to be put into an index makes it dear: how much it is depends on other tests.
    SELECT gin_clean_pending_list('words_of_orders');
    SELECT gin_clean_pending_list('words_of_consignments');
    ANALYZE orders_order; ANALYZE orders_consignment; ANALYZE orders_orderline;
    ANALYZE parties_party;
"""


@contextmanager
def watched() -> Iterator[list[Walk]]:
    """Each question of orders as PostgreSQL really answered it."""
    walks: list[Walk] = []

    def watch(execute: Any, statement: str, params: Any, many: bool, context: Any) -> Any:
        if "orders_" in statement and not statement.startswith("EXPLAIN"):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", params)
                told = cursor.fetchone()[0]  # type: ignore[index]
            walks.append(_walk((json.loads(told) if isinstance(told, str) else told)[0]["Plan"]))
        return execute(statement, params, many, context)

    with connection.execute_wrapper(watch):
        yield walks


def _walk(plan: dict[str, Any]) -> Walk:
    nodes = [node for node in _nodes(plan) if node.get("Actual Loops")]
    return Walk(
        indexes={node["Index Name"] for node in nodes if "Index Name" in node},
        rows=sum(
            node["Actual Loops"] * (node["Actual Rows"] + node.get("Rows Removed by Filter", 0))
            for node in nodes
            if "Plans" not in node
        ),
    )


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)


def walked(reader: Membership, cursor: str = "", **filters: Any) -> tuple[Page, Walk]:
    """The page, and how it was found: the last question, which a search asks after it has parsed."""
    with watched() as walks:
        disputed = orders_with_open_tickets(reader)
        page = find(reader, Filters(**filters), cursor=cursor, disputed=disputed)
    return page, Walk(set.union(*(w.indexes for w in walks)), sum(w.rows for w in walks))


def everyone(cast: Cast) -> list[Membership]:
    tiny = Membership.objects.select_related("party", "person").get(party__name="Tiny Shop")
    return [cast.agent, cast.seller, cast.supplier, tiny]


def test_each_status_is_read_along_an_index(many: Cast) -> None:
    for who in everyone(many):
        is_supplier = who.party.kind == PartyKind.SUPPLIER
        for status in STATUSES_OF_SUPPLIERS if is_supplier else STATUSES:
            _page, walk = walked(who, statuses=(status,))
            assert walk.rows < 600, (who, status, walk)


def test_several_statuses_at_once_cost_their_sum(many: Cast) -> None:
    for who in (many.agent, many.seller):
        page, walk = walked(who, statuses=("held", "not_linked", "delivered", "returned"))
        assert len(page.rows) == 25
        assert walk.rows < 1_200, (who, walk)


def test_each_payment_and_party_and_day_is_read_along_an_index(many: Cast) -> None:
    for who in (many.agent, many.seller):
        for payment in ("unpaid", "queued", "refunded", "paid", "failed"):
            _page, walk = walked(who, payments=(payment,))
            assert walk.rows < 600, (who, payment, walk)
        for party in (many.northwind, many.second_supplier):
            _page, walk = walked(who, party=party.pk)
            assert walk.rows < 1_000, (who, party, walk)
    middle = datetime.now(UTC) - timedelta(hours=MANY // 2)
    for who in (many.agent, many.seller, many.supplier):
        page, walk = walked(who, day_from=middle - timedelta(days=7), day_to=middle)
        assert len(page.rows) == 25
        assert walk.rows < 600, (who, walk)


def test_a_common_word_is_looked_for_along_the_list(many: Cast) -> None:
    for who in (many.agent, many.seller, many.supplier):
        page, walk = walked(who, text="kettles")
        assert len(page.rows) == 25
        assert not walk.through_the_words, (who, walk)
        assert walk.rows < 600, (who, walk)


def test_a_rare_word_is_looked_for_in_the_word_index(many: Cast) -> None:
    for who in (many.agent, many.seller, many.supplier):
        for words in ("zebra", "zebra kettle", "sku2503", "quagga"):
            _page, walk = walked(who, text=words)
            assert walk.through_the_words, (who, words, walk)
            assert walk.rows < 300, (who, words, walk)


def test_a_number_is_looked_up(many: Cast) -> None:
    for who in (many.agent, many.seller, many.supplier):
        for number in ("1000502", "#502"):
            page, walk = walked(who, text=number)
            assert len(page.rows) == 1
            assert not walk.through_the_words
            assert walk.rows < 100, (who, number, walk)


def test_page_after_page_walks_on_from_where_it_was(many: Cast) -> None:
    for who in (many.agent, many.seller, many.supplier):
        cursor = ""
        for _i in range(60):
            page = find(who, Filters(statuses=("delivered",)), cursor=cursor)
            assert page.older
            cursor = page.older
        _page, walk = walked(who, cursor, statuses=("delivered",))
        assert walk.rows < 600, (who, walk)
        _page, walk = walked(who, cursor, text="kettle")
        assert walk.rows < 600, (who, walk)


def test_asked_often_on_one_connection_the_plan_still_knows_the_word(many: Cast) -> None:
    for word in ("kettle", "zebra"):
        for _i in range(12):
            find(many.agent, Filters(text=word))
    assert walked(many.agent, text="zebra")[1].through_the_words
    assert not walked(many.agent, text="kettle")[1].through_the_words
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%@@%'")
        assert cursor.fetchall() == [], "a search is never a prepared statement"


def test_the_whole_list_is_a_prepared_question_that_reads_one_page(many: Cast) -> None:
    for name in ("agent", "seller", "supplier"):
        who = many.everybody[name]
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan; DEALLOCATE ALL")
        older = find(who, Filters()).older
        assert older
        for _i in range(8):
            find(who, Filters(), cursor=older)
        walk = _generic(who, older)
        assert walk.indexes & {"orders_by_date", "orders_of_seller", "orders_of_supplier"}, walk
        assert walk.rows < 400, (name, walk)


def _generic(who: Membership, older: str) -> Walk:
    """How the prepared plan goes, which does not know whose list it is or where it begins."""
    moment, key = older.split(".")
    after = [f"'{datetime.fromtimestamp(int(moment) / 1e6, UTC).isoformat()}'", key]
    values = after if who.is_operator else [str(who.party_id), *after]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM pg_prepared_statements WHERE statement LIKE %s", ["%orders_%$2%"]
        )
        ((prepared,),) = cursor.fetchall()
        cursor.execute(f'EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE "{prepared}" ({", ".join(values)})')
        told = cursor.fetchone()[0]  # type: ignore[index]
    return _walk((json.loads(told) if isinstance(told, str) else told)[0]["Plan"])
