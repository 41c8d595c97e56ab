"""The threat model names tests; each of them is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE)))


def test_it_names_tests_for_what_it_says() -> None:
    assert len(NAMED) > 60


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_each_test_that_it_names_is_there(path: str, name: str) -> None:
    file = ROOT / path
    assert file.is_file()
    if name:
        assert re.search(rf"^def {name}\(", file.read_text(encoding="utf-8"), re.MULTILINE)


def test_each_attack_has_a_test() -> None:
    """In the tables of attacks, which come behind that of who might."""
    attacks = PAGE.partition("## Reading what is not one's own")[2]
    rows = [line for line in attacks.splitlines() if line.startswith("| ")]
    without = [row for row in rows if "`tests/" not in row and not row.startswith("| Attack")]
    assert without == []
