"""The note of what was prepared spares the next start the work, and is not believed too long."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from parley.site import preparing
from parley.site.environment import Environment, read


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Environment:
    monkeypatch.setattr(preparing, "_applied", lambda where: 70)
    return read({"PARLEY_MODE": "test", "PARLEY_DATA": str(tmp_path)})


def test_nothing_is_prepared_at_first(here: Environment) -> None:
    assert not preparing.is_prepared(here)


def test_what_was_prepared_is_remembered(here: Environment) -> None:
    preparing._remember(here)
    assert preparing.is_prepared(here)


def test_a_database_that_was_replaced_is_noticed(
    here: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    preparing._remember(here)
    monkeypatch.setattr(preparing, "_applied", lambda where: 0)
    assert not preparing.is_prepared(here)


def test_another_database_is_another_matter(here: Environment) -> None:
    preparing._remember(here)
    other = replace(here, database_url="postgresql://somewhere.example/parley")
    assert not preparing.is_prepared(other)


def test_a_note_that_was_cut_short_counts_for_nothing(here: Environment) -> None:
    preparing._remember(here)
    note = here.data / "run" / "prepared.json"
    note.write_text(note.read_text()[:20])
    assert not preparing.is_prepared(here)


def test_what_is_thrown_away_is_forgotten(here: Environment) -> None:
    preparing._remember(here)
    preparing.forget(here)
    assert not preparing.is_prepared(here)
