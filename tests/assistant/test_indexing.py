"""Reading what was published: once, however many read it at the same time."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from cast import Cast
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
    troubles: list[BaseException] = []

    def read() -> None:
        try:
            indexing.index_all()
        except BaseException as error:  # noqa: BLE001 - shown below
            troubles.append(error)
        finally:
            connection.close()

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert not troubles
    assert Passage.objects.count() == 1
