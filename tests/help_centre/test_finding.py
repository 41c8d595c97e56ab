"""Searching the help centre (H2): words in any order and language, begun or mistyped."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cast import Cast
from help_centre.articles import article, translate
from parley.help_centre.finding import search
from parley.parties.models import Membership


@pytest.fixture
def shelves(cast: Cast) -> Cast:
    ship = article(
        cast,
        "orders/ship-an-order",
        "Ship an order and enter the tracking",
        "Type the tracking number.\n\n## Two parcels\n\nLower the quantities.",
        audience=("supplier",),
        also=("mark as dispatched",),
    )
    translate(cast, ship, "ru", "Отгрузить заказ и внести трек", "Впишите трек-номер посылки.")
    article(
        cast,
        "orders/cancel-an-order",
        "Cancel an order",
        "Before it is handed over, <b>cancel</b> it.",
    )
    article(
        cast,
        "money/top-up",
        "Top up the balance",
        "By card or bank transfer.",
        audience=("seller",),
    )
    return cast


def paths(reader: Membership | None, text: str, language: str = "en") -> list[str]:
    return [found.path for found in search(reader, text, language)]


def test_a_word_in_the_title_counts_more_than_one_in_the_text(shelves: Cast) -> None:
    article(shelves, "orders/z", "Late parcels", "Ask the supplier to cancel.")
    assert paths(shelves.seller, "cancel")[0] == "orders/cancel-an-order"


def test_what_is_being_typed_is_found_before_the_word_is_whole(shelves: Cast) -> None:
    assert paths(shelves.seller, "canc") == ["orders/cancel-an-order"]


def test_mistyped_words_are_found(shelves: Cast) -> None:
    assert paths(shelves.seller, "cancle order") == ["orders/cancel-an-order"]
    assert paths(shelves.seller, "balanse") == ["money/top-up"]


def test_it_is_found_by_what_people_say_instead(shelves: Cast) -> None:
    assert paths(shelves.supplier, "dispatched") == ["orders/ship-an-order"]


def test_a_word_of_either_language_finds_the_article_in_the_readers(shelves: Cast) -> None:
    [found] = search(shelves.supplier, "трек-номер", "en")
    assert (found.title, found.language) == ("Ship an order and enter the tracking", "en")
    [found] = search(shelves.supplier, "tracking", "ru")
    assert (found.title, found.address) == (
        "Отгрузить заказ и внести трек",
        "/help/ru/orders/ship-an-order/",
    )


def test_what_is_for_others_is_not_found(shelves: Cast) -> None:
    assert paths(None, "tracking") == paths(shelves.seller, "tracking") == []
    assert paths(shelves.supplier, "balance") == []
    assert paths(shelves.agent, "balance") == ["money/top-up"]


def test_the_words_are_marked_and_nothing_in_the_text_is_html(shelves: Cast) -> None:
    [found] = search(shelves.seller, "handed cancel", "en")
    assert "<mark>handed</mark>" in found.snippet
    assert "<b>" not in found.snippet


@pytest.mark.parametrize(
    "text", ["", "   ", "how do i", "''\"\\ & | ! ( ) :*", "-", "\x00", "a" * 5000]
)
def test_whatever_is_typed_it_answers(shelves: Cast, text: str) -> None:
    search(shelves.seller, text, "en")


@pytest.mark.parametrize(
    "text", ["cancel", "cancle ordr", "nothing like that", "ship order tracking"]
)
def test_it_asks_five_times_at_most(shelves: Cast, text: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        search(shelves.seller, text, "en")
    assert len(asked) <= 5
