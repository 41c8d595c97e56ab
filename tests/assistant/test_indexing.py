"""Reading what was published: once, however many read it at the same time."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from cast import Cast
from crowd import crowd, failures
from help_centre.articles import article
from parley.assistant import indexing
from parley.assistant.models import Passage


@pytest.mark.django_db(transaction=True)
def test_two_that_read_a_text_at_once_read_it_once(
    cast: Cast, transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    article(cast, "orders/ship", "Ship an order", "Open the order and click **Ship**.")
    Passage.objects.all().delete()
    both_have_read = threading.Barrier(2, timeout=30)
    give_vectors = indexing._give_vectors

    def wait_for_the_other(*rows: Any) -> None:
        give_vectors(*rows)
        both_have_read.wait()

    monkeypatch.setattr(indexing, "_give_vectors", wait_for_the_other)
    assert not failures(crowd(2, indexing.index_all))
    assert Passage.objects.count() == 1
