"""`bin/bench assistant`: how often the assistant finds the right article, and keeps quiet when there is none.

The questions are those of `questions.jsonl`: asked in people's own words of the demo's help centre
(known), of neighbouring matters that no article is about (near), and of something else altogether
(far). A throw-away database takes the articles in as `parley help import` does.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

if TYPE_CHECKING:
    from parley.assistant.retrieving import Retrieval
    from parley.parties.models import Membership

QUESTIONS = Path(__file__).with_name("questions.jsonl")
ROOT = Path(__file__).parents[1]
ARTICLES = ROOT / "src/parley/demo/help"
CURVE = ROOT / "src/parley/assistant/curve.json"
STEPS = [step / 20 for step in range(1, 20)]


@dataclass(frozen=True)
class Asked:
    """One question, and what came of it. `gone`: the same with its article left out."""

    article: str | None
    kind: str
    found: Retrieval
    ms: float

    @property
    def is_right(self) -> bool:
        """Whether the article that answers stands first."""
        return self.is_among(1)

    def is_among(self, first: int) -> bool:
        """Whether it is among so many."""
        return self.article in [hit.path for hit in self.found.hits[:first]]

    @property
    def outcome(self) -> str:
        """What was made of it."""
        return str(self.found.outcome)


def main(arguments: Sequence[str]) -> int:
    """Measure, and print what came of it."""
    asked = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        open_database(folder)
        results = _measured()
        rows = {name: _row(all_of) for name, all_of in results.items()}
        sys.stdout.write(_table(rows) + "\n")
        points = _curve([one for name in ("en", "ru") for one in results[name]])
        sys.stdout.write(_curve_table(points) + "\n")
        sys.stdout.write(f"memory: {psutil.Process().memory_info().rss / 1e6:.0f} MB\n")
        if asked.articles:
            sys.stdout.write(_at_size(asked.articles, Path(folder)) + "\n")
    if asked.json:
        asked.json.write_text(json.dumps({"settings": rows, "curve": points}, indent=1) + "\n")
    if asked.keep_curve:
        CURVE.write_text(json.dumps(points, indent=1) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bin/bench assistant",
        description="Measure the assistant on questions about the demo's help centre.",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    parser.add_argument(
        "--keep-curve",
        action="store_true",
        help="write the curve of thresholds to where Administration shows it from",
    )
    parser.add_argument(
        "--articles",
        type=int,
        metavar="N",
        help="measure how long a question takes among so many articles, too (made of the demo's)",
    )
    return parser


def open_database(folder: str) -> None:
    """Stand on a throw-away database from here on."""
    os.environ |= {
        "PARLEY_MODE": "test",
        "PARLEY_DATA": folder,
        "DJANGO_SETTINGS_MODULE": "parley.site.settings",
    }
    from parley.postgres import testing

    testing.start()
    import django

    django.setup()
    from django.db import connection

    connection.creation.create_test_db(verbosity=0)


def _measured() -> dict[str, list[Asked]]:
    """Every setting: English alone and asked in both languages, then both languages."""
    questions = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    english = [one for one in questions if one["language"] == "en"]
    russian = [one for one in questions if one["language"] == "ru"]
    _take_in(ARTICLES / "en", "en")
    results = {"ru → en": list(_ask(russian))}
    _take_in(ARTICLES / "ru", "ru")
    return {"en": list(_ask(english)), "ru": list(_ask(russian)), **results}


def _take_in(folder: Path, language: str) -> None:
    from parley.assistant.indexing import index_all
    from parley.help_centre.importing import import_folder

    import_folder(folder, language)
    index_all()


def _ask(questions: Iterable[dict[str, Any]]) -> Iterator[Asked]:
    """Ask each; the known ones again, as if their article were not there."""
    from parley.assistant.retrieving import readable_versions, retrieve, retrieve_among, warm_up

    reader = _operator()
    versions, of_article = readable_versions(reader), _versions_of_articles()
    warm_up()
    for one in questions:
        question, language = one["question"], one["language"]
        begun = time.perf_counter()
        found = retrieve(question, language=language, reader=reader)
        ms = (time.perf_counter() - begun) * 1000
        yield Asked(one["article"], one["kind"], found, ms)
        if one["article"]:
            others = versions - of_article[one["article"]]
            less = retrieve_among(question, language=language, versions=others)
            yield Asked(None, "gone", less, ms)


def _operator() -> Membership:
    from parley.parties.models import Membership, Role

    return Membership(role=Role.AGENT)


def _versions_of_articles() -> dict[str, set[int]]:
    from parley.help_centre.models import Version

    found: dict[str, set[int]] = {}
    for path, version in Version.objects.values_list("translation__article__path", "pk"):
        found.setdefault(path, set()).add(version)
    return found


def _row(asked: list[Asked]) -> dict[str, float]:
    known = [one for one in asked if one.kind == "known"]
    times = sorted(one.ms for one in asked if one.kind != "gone")
    answered = [one for one in known if one.outcome == "answer"]
    return {
        "questions": len(known),
        "recall@1": _share(one.is_right for one in known),
        "recall@3": _share(one.is_among(3) for one in known),
        "answered": _share(one.outcome == "answer" for one in known),
        "right of answered": _share(one.is_right for one in answered),
        "answered or offered": _share(one.outcome != "unknown" for one in known),
        **{
            f"false answers, {kind}": _share(
                one.outcome == "answer" for one in asked if one.kind == kind
            )
            for kind in ("near", "gone", "far")
        },
        "median ms": round(statistics.median(times), 1),
        "p95 ms": round(times[int(len(times) * 0.95)], 1),
    }


def _share(these: Iterable[bool]) -> float:
    counted = list(these)
    return round(sum(counted) / len(counted), 3) if counted else 0.0


def _table(rows: dict[str, dict[str, float]]) -> str:
    names = list(next(iter(rows.values())))
    lines = ["| | " + " | ".join(rows) + " |", "|---" * (len(rows) + 1) + "|"]
    lines += [
        f"| {n} | " + " | ".join(f"{row[n]:g}" for row in rows.values()) + " |" for n in names
    ]
    return "\n".join(lines)


def _curve(asked: list[Asked]) -> list[dict[str, float]]:
    """For each threshold: what share would be answered, by kind of question, and rightly of all known."""
    known = [one for one in asked if one.kind == "known"]
    return [
        {
            "confidence": step,
            "answered": _share(one.found.confidence >= step for one in known),
            "right": _share(one.found.confidence >= step and one.is_right for one in known),
            **{
                kind: _share(one.found.confidence >= step for one in asked if one.kind == kind)
                for kind in ("near", "gone", "far")
            },
        }
        for step in STEPS
    ]


def _curve_table(points: list[dict[str, float]]) -> str:
    lines = ["\n| " + " | ".join(points[0]) + " |", "|---" * len(points[0]) + "|"]
    lines += [
        "| " + " | ".join(f"{value:g}" for value in point.values()) + " |" for point in points
    ]
    return "\n".join(lines)


def _at_size(count: int, folder: Path) -> str:
    """How long a question takes among `count` articles, and what they take up."""
    from parley.assistant.retrieving import retrieve, warm_up

    _write_articles(count, folder / "many")
    _take_in(folder / "many", "en")
    operator = _operator()
    begun = time.perf_counter()
    warm_up()
    loading = time.perf_counter() - begun
    questions = [json.loads(line)["question"] for line in QUESTIONS.read_text("utf-8").splitlines()]
    times = []
    for question in questions[:: max(1, len(questions) // 300)]:
        begun = time.perf_counter()
        retrieve(question, language="en", reader=operator)
        times.append((time.perf_counter() - begun) * 1000)
    times.sort()
    return (
        f"{count} more articles: median {statistics.median(times):.1f} ms,"
        f" p95 {times[int(len(times) * 0.95)]:.1f} ms; read in {loading:.1f} s;"
        f" memory {psutil.Process().memory_info().rss / 1e6:.0f} MB"
    )


def _write_articles(count: int, folder: Path) -> None:
    """Articles whose paragraphs and titles are thrown together from the demo's."""
    chance = random.Random(1042)
    bodies = [p.read_text("utf-8").split("---\n", 2)[2] for p in ARTICLES.glob("en/*/[!_]*.md")]
    blocks = [block for body in bodies for block in body.split("\n\n") if "](" not in block]
    words = sorted({word for body in bodies for word in body.split() if word.isalpha()})
    folder.mkdir()
    for number in range(count):
        title = " ".join(chance.sample(words, 5)).capitalize()
        text = "\n\n".join(chance.sample(blocks, min(14, len(blocks))))
        (folder / f"thrown-together-{number}.md").write_text(
            f"---\ntitle: {json.dumps(title)}\n---\n\n{text}\n", "utf-8"
        )
