"""The demo's content holds together: topics exist, scripts are possible, words are real."""

from __future__ import annotations

import io
import re
from collections import Counter
from datetime import UTC, datetime
from random import Random
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from parley.demo.drawing import KINDS, VARIANTS, draw
from parley.demo.marketplace import accounts, parties
from parley.demo.reading_content import content
from parley.demo.scripts import Does, Script, scripts, states_of
from parley.demo.telling import Manners, Telling
from parley.demo.topics import categories, topics_by_key
from parley.parties.models import ROLES_OF
from parley.tickets.models import Outcome, Priority
from parley.tickets.opening import MAX_TITLE
from parley.tickets.states import Side

by_key = pytest.mark.parametrize("script", scripts(), ids=lambda script: script.key)


def told(script: Script, seed: int = 0) -> list[str]:
    """Everything a script says, with a ticket's own words in it."""
    telling = Telling(
        Random(seed),
        language=script.language,
        goods=[script.goods or "home"],
        products=script.products,
        opened_at=datetime(2026, 5, 5, tzinfo=UTC),
    )
    names = {"me": "Anna", "them": "Ben", "party": "Northwind Supply"}
    return [telling.tell(title, **names) for title in script.titles] + [
        telling.tell(turn.says, **names) for turn in script.turns
    ]


def test_the_marketplace_has_the_companies_and_people_it_promises() -> None:
    kinds = Counter(party.kind for party in parties())
    assert kinds == {"operator": 1, "seller": 12, "supplier": 8}
    people = [person for party in parties() for person in party.people]
    assert len(people) == pytest.approx(60, abs=3)
    assert len({person.email for person in people}) == len(people)
    assert all(person.email.endswith(".example") for person in people)
    assert {person.language for person in people} == {"en", "ru"}
    assert any(re.search("[а-яё]", person.name) for person in people)
    assert max(len(person.name) for person in people) > 35
    for person in people:
        ZoneInfo(person.time_zone)


def test_each_company_has_what_stands_on_invoices_and_its_vat_number_is_nobodys() -> None:
    numbers = [party.details["vat_number"] for party in parties()]
    assert len(set(numbers)) == len(numbers)
    for party in parties():
        assert len(party.details["address"].splitlines()) > 1
        assert party.details["country"] in ("GB", "RU")
        assert re.fullmatch(r"GB\d{9}", party.details["vat_number"])
        digits = [int(digit) for digit in party.details["vat_number"][2:]]
        # HMRC's check: weights 8 to 2 and the last two digits; in new numbers, 55 more.
        weighed = sum(n * w for n, w in zip(digits, range(8, 1, -1), strict=False))
        rest = weighed + 10 * digits[7] + digits[8]
        assert rest % 97
        assert (rest + 55) % 97


def test_each_company_has_one_owner_and_the_operator_its_team_of_six() -> None:
    for party in parties():
        roles = [person.role for person in party.people]
        assert set(roles) <= ROLES_OF[party.kind]
        if party.kind == "operator":
            assert sorted(roles) == ["admin", "agent", "agent", "agent", "agent", "lead"]
        else:
            assert roles.count("owner") == 1


def test_one_person_of_each_role_can_be_signed_in_as() -> None:
    roles = [role for role, _email, _password in accounts()]
    assert len(roles) == len(set(roles))
    assert {
        "seller owner", "seller member", "supplier owner", "supplier member",
        "operator agent", "operator lead", "operator admin",
    } <= set(roles)  # fmt: skip


def test_the_topics_have_two_levels_and_names_in_both_languages() -> None:
    assert len(categories()) == 10
    assert len(topics_by_key()) >= 40
    for topic in topics_by_key().values():
        assert topic.order in {"none", "optional", "required"}
        assert topic.goes_to in {"seller", "supplier", "operator"}
        assert topic.goes_to not in topic.opened_by
        for texts in (topic.names, topic.keywords):
            assert re.search("[а-яё]", texts["ru"])
            assert re.search("[a-z]", texts["en"])


def test_every_topic_has_a_story_and_both_languages_have_many() -> None:
    assert {script.topic for script in scripts()} == set(topics_by_key())
    assert len({script.key for script in scripts()}) == len(scripts()) >= 90
    languages = Counter(script.language for script in scripts())
    assert languages["ru"] == pytest.approx(len(scripts()) / 3, rel=0.15)
    between = Counter((script.opener, script.counterparty) for script in scripts())
    assert between["seller", "supplier"] == pytest.approx(len(scripts()) * 0.6, rel=0.15)
    assert len(between) == 6


@by_key
def test_a_script_is_one_the_state_machine_accepts(script: Script) -> None:
    topic = topics_by_key()[script.topic]
    assert script.opener in topic.opened_by
    assert script.counterparty == topic.goes_to
    first, *rest = script.turns
    assert (first.by, first.does) == (Side.OPENER, Does.OPENS)
    assert all(turn.does is not Does.OPENS for turn in rest)
    states_of(script.turns)


@by_key
def test_a_script_says_what_its_turns_need(script: Script) -> None:
    assert script.priority in Priority.values
    for turn in script.turns:
        assert (turn.stars is not None) == (turn.does is Does.RATES)
        assert (turn.outcome in Outcome.values) == (turn.does is Does.DECIDES)
        assert set(turn.files) <= set(KINDS)
        silent = {Does.CLOSES, Does.CANCELS, Does.RATES}
        assert turn.says or turn.does in silent


@by_key
def test_a_script_is_told_in_its_language_with_all_slots_filled(script: Script) -> None:
    for text in told(script):
        assert not re.search(r"[{}]", text)
        assert "lorem" not in text.lower()
    assert max(len(title) for title in told(script)[: len(script.titles)]) <= MAX_TITLE
    cyrillic = sum(len(re.findall("[А-яЁё]", text)) for text in told(script))
    assert (cyrillic > 40) == (script.language == "ru")


def test_the_same_script_is_told_differently_each_time() -> None:
    script = scripts()[0]
    assert told(script, 1) == told(script, 1)
    assert len({told(script, seed)[0] for seed in range(20)}) == 20


def test_people_greet_in_their_own_way_and_only_once() -> None:
    first, second = (Manners("Ivy Sparrow", "en").around("Text") for _ in range(2))
    assert first == second
    endings = {Manners(str(n), "en").around("Text") for n in range(60)}
    assert len(endings) > 10
    assert all(Manners(str(n), "en").around("Hello, x").count("ello") == 1 for n in range(60))


def test_every_kind_of_goods_that_suppliers_hold_has_products() -> None:
    products = content("words")["products"]
    held = {kind for party in parties() for kind in party.goods}
    assert held == set(products)
    for script in scripts():
        assert not script.goods or script.goods in held


@pytest.mark.parametrize("kind", KINDS)
def test_the_files_are_real_small_and_always_the_same(kind: str) -> None:
    drawn = draw(kind, 0, "ru")
    assert drawn == draw(kind, VARIANTS, "ru")
    assert 2_000 < len(drawn.content) < 100_000
    if drawn.name.endswith(".pdf"):
        assert drawn.content.startswith(b"%PDF-")
        return
    Image.open(io.BytesIO(drawn.content)).verify()
