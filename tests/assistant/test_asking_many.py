"""`parley ask --jsonl`: one answer a line, whatever stands in a line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cast import Cast
from help_centre.articles import article
from parley.assistant.indexing import index_all
from parley.site.cli import asking
from parley.site.supervising import CannotRun

pytestmark = pytest.mark.django_db


def _written(line: str | bytes | dict[str, Any]) -> bytes:
    if isinstance(line, dict):
        return json.dumps(line).encode()
    return line.encode() if isinstance(line, str) else line


def asked(*lines: str | bytes | dict[str, Any], as_operator: bool = False) -> list[dict[str, Any]]:
    index_all()
    written = [_written(line) for line in lines]
    answers = asking._answers(written, as_operator=as_operator)
    return [json.loads(asking._line(answer)) for answer in answers]


def test_an_answer_names_articles_passages_and_how_long_it_took(cast: Cast) -> None:
    article(cast, "orders/ship", "Ship an order", "## Parcels\n\nClick **Ship**.")
    (answer,) = asked({"question": "How do I ship an order?", "id": [7]})
    assert answer["id"] == [7]
    assert answer["question"] == "How do I ship an order?"
    assert answer["outcome"] in {"answer", "offer", "unknown"}
    assert 0 <= answer["confidence"] <= 1
    assert answer["ms"] > 0
    assert [one["id"] for one in answer["articles"]] == ["orders/ship"]
    passage = answer["passages"][0]
    assert passage["article"] == "orders/ship"
    assert (passage["anchor"], passage["text"]) == ("s-parcels", "Click Ship.")


def test_lines_that_are_no_questions_are_told_and_the_next_ones_read() -> None:
    answers = asked(
        "not json", "", "[1]", '{"question": NaN}', '{"question": 5}', "{}", b"\xff\xfe",
        '{"question": "a", "person": "nobody@example.com"}', '{"question": "a", "language": "x-very-long"}',
        '{"question": "\\ud800 hm"}', "[" * 100_000, {"question": "still here"},
    )  # fmt: skip
    assert ["error" in answer for answer in answers] == [True] * 8 + [False, True, False]
    assert [answer["line"] for answer in answers if "error" in answer] == [
        1,
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        11,
    ]
    assert answers[-1]["outcome"] == "unknown"


def test_who_asks_sees_what_is_for_them(cast: Cast) -> None:
    article(cast, "orders/accept", "Accept an order", "Click it.", audience=("supplier",))
    question = {"question": "accept an order"}
    person = cast.supplier.person.email
    stranger, supplier = asked(question, {**question, "person": person})
    (operator,) = asked(question, as_operator=True)
    found = [[one["id"] for one in each["articles"]] for each in (stranger, supplier, operator)]
    assert found == [[], ["orders/accept"], ["orders/accept"]]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CannotRun):
        list(asking._lines(str(tmp_path / "none.jsonl")))
    (tmp_path / "some.jsonl").write_text('{"question": "a"}\n{"question": "b"}\n')
    assert len(list(asking._lines(str(tmp_path / "some.jsonl")))) == 2
