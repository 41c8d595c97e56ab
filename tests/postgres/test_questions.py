"""A question gives what its query would, and is written and planned once."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from cast import Cast
from parley.parties.models import Membership, Party, Person
from parley.postgres.questions import Given, Question, one_of
from parley.tickets.models import Ticket


def test_it_gives_what_its_query_gives(cast: Cast) -> None:
    members = Membership.objects.select_related("person", "party").order_by("pk")
    asked = Question(members.filter(party_id=Given("party")))

    for party in (cast.bright_home, cast.operator):
        expected = list(members.filter(party=party))
        answer = asked.ask(party=party.pk)
        assert answer == expected
        assert [m.person.created_at for m in answer] == [m.person.created_at for m in expected]


def test_an_answer_is_one_query(cast: Cast) -> None:
    asked = Question(Membership.objects.select_related("person").filter(party_id=Given("party")))

    with CaptureQueriesContext(connection) as captured:
        assert [m.person.name for m in asked.ask(party=cast.bright_home.pk)]

    assert len(captured) == 1


def test_rows_of_the_same_row_share_their_object(cast: Cast) -> None:
    asked = Question(Membership.objects.select_related("party").filter(party_id=Given("party")))

    first, second, *_more = asked.ask(party=cast.operator.pk)

    assert first.party is second.party


def test_a_relation_without_a_row_is_none(cast: Cast) -> None:
    asked = Question(Ticket.objects.select_related("assignee").filter(pk=Given("ticket")))

    found = asked.ask_one(ticket=cast.ticket().pk)

    assert found is not None
    assert found.assignee is None


def test_nothing_found_is_none(cast: Cast) -> None:
    assert Question(Party.objects.filter(pk=Given("party"))).ask_one(party=0) is None


def test_annotations_come_along(cast: Cast) -> None:
    asked = Question(Party.objects.annotate(said=F("name")).filter(pk=Given("party")))

    found = asked.ask_one(party=cast.operator.pk)

    assert found is not None
    assert found.said == "Harbour Market"  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["100% cotton", "%s", "O'Neill \\ Söhne", "%(party)s"])
def test_what_else_stands_in_it_is_part_of_its_text(cast: Cast, name: str) -> None:
    party = Party.objects.create(kind="seller", name=name)
    asked = Question(Party.objects.filter(name=name, pk=Given("party")))

    assert asked.ask_one(party=party.pk) == party
    assert asked.ask_one(party=cast.operator.pk) is None


def test_values_are_values_and_never_text(cast: Cast) -> None:
    asked = Question(Party.objects.filter(name=Given("name")))

    assert asked.ask(name="' OR true --") == []


def test_one_of_several_keys(cast: Cast) -> None:
    asked = Question(Party.objects.filter(one_of("ids")).order_by("pk"))

    ids = sorted([cast.operator.pk, cast.northwind.pk])
    assert [party.pk for party in asked.ask(ids=ids)] == ids
    assert asked.ask(ids=[]) == []


def test_the_database_keeps_its_plan(cast: Cast) -> None:
    asked = Question(Person.objects.filter(email=Given("email")))

    for _time in range(8):
        asked.ask(email=cast.seller.person.email)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%email%%'"
        )
        assert cursor.fetchone() == (1,)
