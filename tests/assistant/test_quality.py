"""That the assistant does not get worse: a few shelves of the demo, and questions in people's own words.

`bin/bench assistant` measures all of it; docs/assistant.md has the figures.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from parley.assistant.indexing import index_all
from parley.assistant.retrieving import Retrieval, readable_versions, retrieve_among
from parley.help_centre.importing import import_folder
from parley.parties.models import Membership, Role

ROOT = Path(__file__).parents[2]
SHELVES = ("orders", "invoices-and-balance")
EVERY = 3
"""One question of so many is asked."""


@pytest.fixture
def questions(tmp_path: Path) -> list[dict[str, Any]]:
    for shelf in SHELVES:
        shutil.copytree(ROOT / "src/parley/demo/help/en" / shelf, tmp_path / shelf)
    import_folder(tmp_path, "en")
    index_all()
    lines = (ROOT / "bench/questions.jsonl").read_text("utf-8").splitlines()
    every = [json.loads(line) for line in lines]
    return [
        one
        for one in every
        if one["kind"] != "known" or one["article"].startswith(tuple(f"{s}/" for s in SHELVES))
    ][::EVERY]


@pytest.mark.django_db
def test_it_finds_what_is_there_and_keeps_quiet_otherwise(questions: list[dict[str, Any]]) -> None:
    versions = readable_versions(Membership(role=Role.AGENT))
    found = [
        (one, retrieve_among(one["question"], language=one["language"], versions=versions))
        for one in questions
    ]

    def of(kind: str, language: str) -> list[tuple[dict[str, Any], Retrieval]]:
        return [
            pair for pair in found if (pair[0]["kind"], pair[0]["language"]) == (kind, language)
        ]

    def right(language: str) -> float:
        known = of("known", language)
        return sum(hits.hits[0].path == one["article"] for one, hits in known) / len(known)

    def answered(kind: str) -> float:
        asked = of(kind, "en") + of(kind, "ru")
        return sum(hits.outcome == "answer" for _, hits in asked) / len(asked)

    # Of English questions, and of Russian ones, to articles that are in English alone.
    assert right("en") >= 0.6
    assert right("ru") >= 0.45
    figures = {kind: round(answered(kind), 3) for kind in ("known", "near", "far")}
    assert figures["known"] >= 0.2, figures
    assert figures["near"] <= 0.12, figures
    assert figures["far"] <= 0.05, figures
