"""What is said when a server can't be reached."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from parley.postgres import reaching, testing
from parley.postgres.trouble import PostgresTrouble


@pytest.fixture(scope="module")
def where() -> Iterator[dict[str, Any]]:
    with testing.temporary() as cluster:
        yield cluster.database_settings()


def refusal(where: dict[str, Any]) -> str:
    with pytest.raises(PostgresTrouble) as caught:
        reaching.connect(where)
    return str(caught.value)


def test_nobody_answers() -> None:
    said = refusal({"NAME": "parley", "HOST": "127.0.0.1", "PORT": "1"})
    assert said == "The PostgreSQL server can't be reached: nothing answers at 127.0.0.1:1."


def test_no_such_host() -> None:
    said = refusal({"NAME": "parley", "HOST": "nowhere.invalid"})
    assert (
        said
        == "The PostgreSQL server can't be reached: the host name nowhere.invalid is not known."
    )


def test_no_such_socket() -> None:
    said = refusal({"NAME": "parley", "HOST": "/nowhere"})
    assert (
        said == "The PostgreSQL server can't be reached: there is no server's socket in /nowhere."
    )


def test_no_such_database(where: dict[str, Any]) -> None:
    said = refusal({**where, "NAME": "elsewhere"})
    assert said == "The PostgreSQL server has no database called elsewhere."


def test_no_such_user(where: dict[str, Any]) -> None:
    said = refusal({**where, "USER": "stranger"})
    assert said == "The PostgreSQL server has no user called stranger."


def test_an_old_server_is_refused(where: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reaching, "OLDEST_VERSION", 99)
    with (
        reaching.connect(where) as connection,
        pytest.raises(PostgresTrouble, match=r"is version 18; Parley needs 99 or newer\.$"),
    ):
        reaching.check_version(connection)
