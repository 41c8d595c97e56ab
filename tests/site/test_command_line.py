"""`parley`: one clear sentence and a code that isn't 0, whatever is wrong."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from parley.site import supervising

COMMANDS = (
    "serve",
    "worker",
    "migrate",
    "demo",
    "begin",
    "rescue",
    "token",
    "doctor",
    "ask",
    "figures",
    "shell",
    "manage",
)


def parley(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    ours.pop("DATABASE_URL", None)
    return subprocess.run(
        [sys.executable, "-m", "parley.site.cli", *words],
        env={**ours, **settings},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def refusal(*words: str, **settings: str) -> str:
    done = parley(*words, **settings)
    assert done.returncode != 0
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("parley: ")
    assert done.stderr.count("\n") == 1
    return done.stderr.removeprefix("parley: ").strip()


@pytest.fixture
def data(tmp_path: Path) -> str:
    return str(tmp_path / "data")


@pytest.fixture
def taken_port() -> Iterator[str]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield str(taken.getsockname()[1])


def test_help_names_every_command() -> None:
    done = parley("--help")
    assert done.returncode == 0
    assert all(f"\n    {command}" in done.stdout for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS[:-1])
def test_every_command_has_help(command: str) -> None:
    done = parley(command, "--help")
    assert done.returncode == 0
    assert f"usage: parley {command}" in done.stdout


def test_a_second_start_is_refused(data: str) -> None:
    with supervising.the_only_one(Path(data), 8000):
        said = refusal("demo", "--data", data)
    assert said == f"Parley is already running on the data folder {data} (process {os.getpid()})."


def test_a_taken_port_is_refused(data: str, taken_port: str) -> None:
    said = refusal("demo", "--data", data, "--port", taken_port)
    assert said == f"Port {taken_port} is taken by another program; choose another one with --port."


def test_a_wrong_database_url_is_refused(data: str) -> None:
    said = refusal("demo", "--data", data, DATABASE_URL="postgresql://me@127.0.0.1:1/parley")
    assert said == "The PostgreSQL server can't be reached: nothing answers at 127.0.0.1:1."


def test_junk_for_a_database_url_is_refused(data: str) -> None:
    said = refusal("demo", "--data", data, DATABASE_URL="parley")
    assert said.startswith("DATABASE_URL must be an address such as postgresql://")


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = refusal("demo", "--data", str(tmp_path / "file"))
    assert said == f"The data folder {tmp_path / 'file'} can't be used: File exists."


def test_a_fresh_start_leaves_other_peoples_folders_alone(tmp_path: Path) -> None:
    (tmp_path / "mail").mkdir()
    said = refusal("demo", "--data", str(tmp_path), "--fresh")
    assert said == f"The folder {tmp_path} was not made by the demo; --fresh leaves it alone."
    assert (tmp_path / "mail").exists()


def test_the_demo_is_not_for_production(data: str) -> None:
    said = refusal("demo", "--data", data, PARLEY_MODE="production")
    assert said == "PARLEY_MODE is production; the demo needs it to be demo."


def test_production_without_settings_says_each_thing_that_is_missing(data: str) -> None:
    done = parley("serve", "--data", data)
    assert done.returncode == 1
    assert "parley: PARLEY_SECRET_KEY is not set" in done.stderr
    assert "parley: PARLEY_ALLOWED_HOSTS is not set" in done.stderr
    assert not Path(data).exists()


def test_a_port_that_is_none_is_refused_by_the_command_line() -> None:
    done = parley("demo", "--port", "http")
    assert done.returncode == 2
    assert "a port is a whole number from 1 to 65535" in done.stderr


def test_an_unknown_word_is_refused() -> None:
    assert parley("demo", "--frehs").returncode == 2


def test_the_doctor_says_what_is_wrong_and_what_to_do(data: str) -> None:
    url = "postgresql://me@127.0.0.1:1/parley"
    done = parley("doctor", "--data", data, PARLEY_MODE="test", DATABASE_URL=url)
    assert done.returncode == 1
    assert "ok     Python: 3." in done.stdout
    assert "WRONG  PostgreSQL: The PostgreSQL server can't be reached" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("To put right: ")


def test_the_doctor_reads_out_refused_settings() -> None:
    done = parley("doctor", PARLEY_PROT="1")
    assert done.returncode == 1
    assert "WRONG  Settings: PARLEY_PROT is not a setting of Parley" in done.stdout
