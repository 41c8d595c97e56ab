"""Settings: strict, typed, and safe to be wrong about."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.site.environment import (
    DEMO_SECRET_PREFIX,
    EnvironmentRefused,
    database_settings,
    read,
    variables,
)

SECRET = "kT8#mZ2!qW7$xR4&vB9*nL5@cF3%hJ6^pD1+sG0~yA-eU=iO"[:48] + "zQ"
PRODUCTION = {
    "PARLEY_MODE": "production",
    "PARLEY_SECRET_KEY": SECRET,
    "PARLEY_ALLOWED_HOSTS": "desk.example.com, help.example.com",
}


@pytest.fixture
def production(tmp_path: Path) -> dict[str, str]:
    return {**PRODUCTION, "PARLEY_DATA": str(tmp_path / "data")}


def refusal(environ: dict[str, str]) -> str:
    with pytest.raises(EnvironmentRefused) as refused:
        read(environ)
    return str(refused.value)


def problems(environ: dict[str, str]) -> str:
    try:
        read(environ)
    except EnvironmentRefused as refused:
        return str(refused)
    return ""


def test_production_needs_a_secret_and_a_host(tmp_path: Path) -> None:
    said = refusal({"PARLEY_DATA": str(tmp_path)})
    assert "PARLEY_SECRET_KEY is not set" in said
    assert "PARLEY_ALLOWED_HOSTS is not set" in said


def test_production_takes_good_settings(production: dict[str, str]) -> None:
    made = read(production)
    assert made.is_production
    assert made.allowed_hosts == ("desk.example.com", "help.example.com")
    assert made.public_url == "https://desk.example.com"


@pytest.mark.parametrize("secret", ["short", "a" * 80, DEMO_SECRET_PREFIX + SECRET])
def test_production_refuses_a_weak_or_a_demo_secret(
    production: dict[str, str], secret: str
) -> None:
    said = refusal({**production, "PARLEY_SECRET_KEY": secret})
    assert said.startswith("PARLEY_SECRET_KEY is ")
    assert secret not in said


def test_production_refuses_every_host_at_once(production: dict[str, str]) -> None:
    assert "PARLEY_ALLOWED_HOSTS must be" in refusal({**production, "PARLEY_ALLOWED_HOSTS": "*"})


def test_production_refuses_a_folder_the_demo_made(tmp_path: Path) -> None:
    read({"PARLEY_MODE": "demo", "PARLEY_DATA": str(tmp_path)})
    assert "a folder the demo made" in refusal({**PRODUCTION, "PARLEY_DATA": str(tmp_path)})


def test_the_demo_refuses_a_folder_that_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    said = refusal({"PARLEY_MODE": "demo", "PARLEY_DATA": str(tmp_path)})
    assert said.endswith("is not the demo's; give the demo one of its own.")
    assert not (tmp_path / "secret").exists()


def test_the_demo_keeps_its_secret_to_itself_and_for_good(tmp_path: Path) -> None:
    demo = {"PARLEY_MODE": "demo", "PARLEY_DATA": str(tmp_path / "demo")}
    first = read(demo)
    assert first.secret_key.startswith(DEMO_SECRET_PREFIX)
    assert read(demo).secret_key == first.secret_key
    assert (tmp_path / "demo" / "secret").stat().st_mode & 0o077 == 0
    assert read({"PARLEY_DATA": str(tmp_path / "demo")}).is_demo


def test_secrets_never_show() -> None:
    made = read({"PARLEY_MODE": "test", "DATABASE_URL": "postgresql://me:hush@host/parley"})
    assert "hush" not in repr(made)
    assert made.secret_key not in repr(made)


def test_an_unknown_variable_is_refused_with_its_nearest_relative() -> None:
    said = refusal({"PARLEY_MODE": "test", "PARLEY_FILE_MG": "3"})
    assert said == "PARLEY_FILE_MG is not a setting of Parley; did you mean PARLEY_FILE_MB?"


def test_a_file_for_what_is_no_secret_is_unknown() -> None:
    assert "PARLEY_PORT_FILE is not a setting" in refusal({"PARLEY_PORT_FILE": "/port"})


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PARLEY_PORT", "http"),
        ("PARLEY_PORT", "70000"),
        ("PARLEY_PORT", "-1"),
        ("PARLEY_PORT", "８０"),
        ("PARLEY_MODE", "debug"),
        ("PARLEY_TRUSTED_PROXY", "maybe"),
        ("PARLEY_TIME_ZONE", "Mars/Olympus"),
        ("PARLEY_TIME_ZONE", "../etc/passwd"),
        ("PARLEY_PUBLIC_URL", "desk.example.com"),
        ("PARLEY_SMTP_URL", "http://mail"),
        ("PARLEY_MAIL_LISTEN", "127.0.0.1:8024"),
        ("PARLEY_MAIL_LISTEN", "lmtp://127.0.0.1"),
        ("PARLEY_MAIL_LISTEN", "lmtp://127.0.0.1:8024, imap://127.0.0.1:8025"),
        ("PARLEY_MAIL_PROVIDER", "carrier-pigeon"),
        ("PARLEY_MAIL_PROVIDER_KEYS", "abc"),
        ("PARLEY_MAIL_WEBHOOK_SECRET", "desk:short"),
        ("PARLEY_LOG_FORMAT", "xml"),
        ("PARLEY_ALLOWED_HOSTS", "https://desk.example.com"),
        ("DATABASE_URL", "mysql://host/parley"),
        ("DATABASE_URL", "postgresql://host:port/parley"),
        ("DATABASE_URL", "postgresql://host"),
    ],
)
def test_junk_is_refused_by_name(variable: str, value: str) -> None:
    said = refusal({"PARLEY_MODE": "test", variable: value})
    assert said.startswith(f"{variable} must be ")
    assert said.endswith(".")
    assert "\n" not in said


@given(
    st.sampled_from(sorted({*variables()} - {"PARLEY_MODE"})),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30),
)
def test_no_text_does_worse_than_be_refused(variable: str, value: str) -> None:
    environ = {"PARLEY_MODE": "test", "PARLEY_DATA": "/nowhere", variable: value}
    assert not problems(environ) or variable in problems(environ)


def test_an_empty_variable_is_not_set() -> None:
    assert read({"PARLEY_MODE": "test", "PARLEY_PORT": ""}).port == 8000


def test_secrets_come_from_files_too(tmp_path: Path, production: dict[str, str]) -> None:
    (tmp_path / "key").write_text(f"{SECRET}\n")
    del production["PARLEY_SECRET_KEY"]
    production["PARLEY_SECRET_KEY_FILE"] = str(tmp_path / "key")
    assert read(production).secret_key == SECRET


def test_a_secret_is_given_once(tmp_path: Path, production: dict[str, str]) -> None:
    said = refusal({**production, "PARLEY_SECRET_KEY_FILE": str(tmp_path / "key")})
    assert "are both set" in said


def test_a_file_that_can_not_be_read_is_named() -> None:
    said = refusal({"PARLEY_MODE": "test", "DATABASE_URL_FILE": "/nowhere/url"})
    assert said == (
        "DATABASE_URL_FILE names /nowhere/url, which can't be read: No such file or directory."
    )


def test_the_embedded_database_is_a_socket_in_the_data_folder(tmp_path: Path) -> None:
    made = database_settings(read({"PARLEY_MODE": "demo", "PARLEY_DATA": str(tmp_path)}))
    assert made["NAME"] == "parley"
    assert made["HOST"] == str(tmp_path / "run" / "postgres")
    assert made["OPTIONS"]["pool"]["max_size"] == 12
    assert made["CONN_MAX_AGE"] == 0


def test_a_database_url_is_taken_apart() -> None:
    url = "postgresql://me:p%40ss@db.example.com:6432/desk?sslmode=require"
    made = database_settings(read({"PARLEY_MODE": "test", "DATABASE_URL": url}))
    words = {name: made[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    assert words == {
        "NAME": "desk",
        "USER": "me",
        "PASSWORD": "p@ss",
        "HOST": "db.example.com",
        "PORT": "6432",
    }
    assert made["OPTIONS"]["sslmode"] == "require"


def test_a_mail_provider_is_told_by_the_names_of_its_library() -> None:
    here = read(
        {
            "PARLEY_MODE": "test",
            "PARLEY_MAIL_PROVIDER": "mailgun",
            "PARLEY_MAIL_PROVIDER_KEYS": "api_key=key-1,MAILGUN_SENDER_DOMAIN=market.example",
            "PARLEY_MAIL_LISTEN": "lmtp://127.0.0.1:8024, smtp://[::1]:8025",
        }
    )
    assert here.mail_provider_settings == {
        "MAILGUN_API_KEY": "key-1",
        "MAILGUN_SENDER_DOMAIN": "market.example",
    }
    assert here.mail_listen == ("lmtp://127.0.0.1:8024", "smtp://[::1]:8025")
