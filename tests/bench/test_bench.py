"""The bench runs, and pages ask the database little. How long they take is not for a test to say."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
MOST_QUERIES_OF_A_PAGE = 6


@pytest.mark.slow
def test_the_bench_measures_everything_and_pages_ask_little(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"

    done = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", "--json", str(figures)],
        cwd=CHECKOUT,
        env={"PATH": "/usr/bin:/bin", "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    rows = json.loads(figures.read_text(encoding="utf-8"))["rows"]
    assert len({row["operation"] for row in rows}) == 15
    for row in rows:
        assert row["parley"]["cpu_ms"] > 0
        assert row["floor"]["cpu_ms"] > 0
        assert row["operation"] in done.stdout
        if row["operation"] not in ("open a ticket", "reply"):
            # What the process itself asks now and then falls on some page, as a fraction.
            assert int(row["queries"]) <= MOST_QUERIES_OF_A_PAGE, row
