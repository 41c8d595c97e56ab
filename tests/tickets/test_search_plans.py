"""PostgreSQL goes the right way through a search: along the list for a common word, through the word
index for a rare one, and never by a plan that does not know the word (T11)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection

from cast import Cast
from parley.parties.models import Membership, Party, PartyKind, Person
from parley.tickets.finding import Filters, find

MANY = 8_000


@dataclass
class Walk:
    """What a search did: the indexes it used, and how many rows it looked at on its way."""

    indexes: set[str]
    rows: float
    sorts: bool

    @property
    def along_the_list(self) -> bool:
        return "tickets_of_party" in self.indexes

    @property
    def through_the_words(self) -> bool:
        return "words_everyone" in self.indexes


@pytest.fixture
def many(cast: Cast) -> Cast:
    """Eight thousand tickets of two sellers, and forty of a third one."""
    template = cast.ticket()
    small = Party.objects.create(kind=PartyKind.SELLER, name="Tiny Shop")
    person = Person.objects.create(email="tiny@tiny.example", name="Tina Tiny")
    Membership.objects.create(person=person, party=small, role="owner")
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO conversations_conversation (id, created_at)
            SELECT 1000000 + i, now() FROM generate_series(1, %(many)s) AS i;

            INSERT INTO tickets_ticket (
                id, conversation_id, topic_id, title, order_number, priority, opener_id,
                opener_person_id, counterparty_id, status, turn, turn_party_id, dispute, outcome,
                operator_speaks, created_at, urgency, queue_at, rating_comment, ended_at,
                asks_to_cancel
            )
            SELECT 1000000 + i, 1000000 + i, topic_id, 'Title', '', priority,
                CASE WHEN i %% 200 = 0 THEN %(small)s WHEN i %% 2 = 0 THEN opener_id
                     ELSE %(other)s END,
                opener_person_id, counterparty_id,
                CASE WHEN i %% 7 = 0 THEN status ELSE 'completed' END,
                CASE WHEN i %% 7 = 0 THEN turn ELSE '' END,
                CASE WHEN i %% 7 = 0 THEN turn_party_id END,
                dispute, outcome, operator_speaks,
                now() - i * interval '1 hour', urgency, queue_at, '', NULL, asks_to_cancel
            FROM tickets_ticket, generate_series(1, %(many)s) AS i WHERE id = %(template)s;

            INSERT INTO tickets_ticketside (ticket_id, party_id, side, activity_at, attachments)
            SELECT id, party, side, created_at, 0
            FROM tickets_ticket, LATERAL (VALUES
                ('opener', opener_id), ('counterparty', counterparty_id), ('operator', %(operator)s)
            ) AS sides (side, party) WHERE id > 1000000;

            INSERT INTO tickets_words (ticket_id, everyone, operator)
            SELECT id, words, CASE WHEN id %% 499 = 0 THEN words || to_tsvector('parley', 'note') END
            FROM (
                SELECT id, to_tsvector('parley', concat_ws(' ',
                    'word' || id, 'filler' || id %% 97,
                    CASE WHEN id %% 5 < 3 THEN 'parcel' END,
                    CASE WHEN id %% 3 = 0 THEN 'посылка' END,
                    CASE WHEN id %% 19 = 0 THEN 'depot' END,
                    CASE WHEN id %% 2503 = 0 THEN 'zebra' END
                )) AS words FROM tickets_ticket WHERE id > 1000000
            ) AS said;

            -- What waits to be put into an index makes it dear: how much it is depends on other tests.
            SELECT gin_clean_pending_list(name::regclass) FROM unnest(ARRAY[
                'words_everyone', 'words_opener', 'words_counterparty', 'words_operator'
            ]) AS name;
            ANALYZE tickets_ticket; ANALYZE tickets_ticketside; ANALYZE tickets_words;
            ANALYZE parties_party; ANALYZE parties_person;
            """,
            {
                "many": MANY,
                "small": small.pk,
                "other": cast.second_seller.pk,
                "operator": cast.operator.pk,
                "template": template.pk,
            },
        )
    return cast


@contextmanager
def watched() -> Iterator[list[Walk]]:
    """Each search through the words as PostgreSQL really went through it."""
    walks: list[Walk] = []

    def watch(execute: Any, statement: str, params: Any, many: bool, context: Any) -> Any:
        if "@@" in statement and not statement.startswith("EXPLAIN"):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", params)
                told = cursor.fetchone()[0]  # type: ignore[index]
            plan = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
            walks.append(_walk(plan))
        return execute(statement, params, many, context)

    with connection.execute_wrapper(watch):
        yield walks


def _walk(plan: dict[str, Any]) -> Walk:
    nodes = list(_nodes(plan))
    return Walk(
        indexes={
            node["Index Name"]
            for node in nodes
            if node.get("Actual Loops") and "Index Name" in node
        },
        rows=sum(
            node["Actual Loops"] * (node["Actual Rows"] + node.get("Rows Removed by Filter", 0))
            for node in nodes
            if "Plans" not in node
        ),
        sorts=any(node["Node Type"] == "Sort" for node in nodes),
    )


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)


def search(reader: Membership, text: str, **filters: Any) -> tuple[list[int], Walk]:
    with watched() as walks:
        page = find(reader, Filters(text=text, **filters))
    (walk,) = walks
    return [row.ticket_id for row in page.rows], walk


def test_common_words_are_looked_for_along_the_list(many: Cast) -> None:
    for who in (many.agent, many.seller, many.supplier):
        for words in ("parcel", "посылки", "parcel посылка"):
            rows, walk = search(who, words)
            assert len(rows) == 25
            assert walk.along_the_list, (who, words, walk)
            assert not walk.through_the_words, (who, words, walk)
            assert walk.rows < 1_000, (who, words, walk)


def test_rare_words_are_looked_for_in_the_word_index(many: Cast) -> None:
    for who in (many.agent, many.seller, many.supplier):
        for words in ("zebra", "zebras parcel", "parcel zebra посылка", "word1000007"):
            _rows, walk = search(who, words)
            assert walk.through_the_words, (who, words, walk)
            assert walk.rows < 300, (who, words, walk)
    for who in (many.agent, many.seller, many.other_seller):
        with watched() as walks:
            assert not find(who, Filters(text="quagga")).rows
        assert all(walk.rows < 100 for walk in walks), walks


def test_a_seller_with_few_tickets_and_filters(many: Cast) -> None:
    tiny = Membership.objects.get(party__name="Tiny Shop")
    for words in ("parcel", "depot", "zebra", "word1000200"):
        _rows, walk = search(tiny, words)
        assert walk.rows < 1_000, (words, walk)
    for filters in (
        {"statuses": ("created",)},
        {"statuses": ("completed",)},
        {"topic": many.late_parcel.pk},
        {"party": many.second_seller.pk},
        {"queue": "urgent"},
    ):
        for words in ("parcel", "depot", "zebra"):
            _rows, walk = search(many.agent, words, **filters)
            # At this size, a look at each ticket and its words may be the cheapest way there is.
            assert walk.rows < 2.5 * MANY, (words, filters, walk)


def test_the_words_of_a_note_are_found_in_their_own_index(many: Cast) -> None:
    rows, walk = search(many.agent, "note")
    assert len(rows) == 16
    assert "words_operator" in walk.indexes or walk.rows < 300
    assert search(many.supplier, "note")[0] == []


def test_page_after_page_walks_on_from_where_it_was(many: Cast) -> None:
    page = find(many.agent, Filters(text="parcel"))
    for _i in range(60):
        assert page.older
        page = find(many.agent, Filters(text="parcel"), cursor=page.older)
    assert page.older
    with watched() as walks:
        find(many.agent, Filters(text="parcel"), cursor=page.older)
    assert walks[0].along_the_list
    assert walks[0].rows < 1_000, walks


def test_asked_often_on_one_connection_the_plan_still_knows_the_word(many: Cast) -> None:
    for _i in range(12):
        find(many.agent, Filters(text="parcel"))
    for _i in range(12):
        find(many.agent, Filters(text="zebra"))
    assert search(many.agent, "zebra")[1].through_the_words
    assert search(many.agent, "parcel")[1].along_the_list
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%@@%'")
        assert cursor.fetchall() == [], "a search is never a prepared statement"
