"""Starting the demo afresh: all of it goes, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from parley.site import preparing
from parley.site.cli import demo
from parley.site.environment import Environment, read
from parley.site.supervising import CannotRun


@pytest.fixture
def here(tmp_path: Path) -> Environment:
    made = read({"PARLEY_MODE": "demo", "PARLEY_DATA": str(tmp_path)})
    for name in ("postgres", "files", "mail", "log", "run", "a-file-of-mine"):
        (tmp_path / name).mkdir()
    (tmp_path / "run" / "prepared.json").write_text("{}")
    return made


def test_what_the_demo_made_is_thrown_away(here: Environment) -> None:
    demo._check_it_is_the_demos(here.data)
    demo._throw_away(here)
    assert {path.name for path in here.data.iterdir()} == {"run", "secret", "a-file-of-mine"}
    assert not preparing.is_prepared(here)


def test_another_database_is_not_thrown_away(here: Environment) -> None:
    other = read(
        {
            "PARLEY_MODE": "demo",
            "PARLEY_DATA": str(here.data),
            "DATABASE_URL": "postgresql://db.example.com/parley",
        }
    )
    with pytest.raises(CannotRun, match="empties the embedded database only"):
        demo._throw_away(other)
    assert (here.data / "files").exists()


def test_a_new_folder_is_fresh_already(tmp_path: Path) -> None:
    demo._check_it_is_the_demos(tmp_path / "new")
    demo._check_it_is_the_demos(tmp_path)


def test_the_accounts_stand_under_the_address(
    here: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    demo._announce(here)
    first, *accounts, mail = capsys.readouterr().out.splitlines()
    assert first == "Parley is ready at http://127.0.0.1:8000"
    assert len(accounts) >= 8
    assert all("@" in account for account in accounts)
    assert mail.split()[-4:] == ["--server", "127.0.0.1:8025", "--to", "support@harbour.example"]


def test_mail_is_taken_in_where_one_says(tmp_path: Path) -> None:
    door = "smtp://127.0.0.1:2525"
    said = {"PARLEY_MODE": "demo", "PARLEY_DATA": str(tmp_path), "PARLEY_MAIL_LISTEN": door}
    assert read(said).mail_listen == (door,)
