"""How the text of one variable becomes a value. Each raises ValueError with what is wanted, in words."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from parley.conversations.clamd import NoAddress, address_in


def text(value: str) -> str:
    """The words themselves."""
    return value


def whole(least: int, most: int) -> Callable[[str], int]:
    """A whole number, both ends among them."""

    def read_whole(value: str) -> int:
        if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
            raise ValueError(f"a whole number from {least} to {most}")
        return int(value)

    return read_whole


def yes_or_no(value: str) -> bool:
    """Yes or no, in the words people use for it."""
    word = value.lower()
    if word in {"yes", "true", "on", "1"}:
        return True
    if word in {"no", "false", "off", "0"}:
        return False
    raise ValueError("yes or no")


def one_of(*words: str) -> Callable[[str], str]:
    """One of these words."""

    def read_word(value: str) -> str:
        if value not in words:
            raise ValueError(" or ".join(words))
        return value

    return read_word


def folder(value: str) -> Path:
    """A folder; `~` is the home."""
    return Path(value).expanduser().absolute()


def countries(value: str) -> tuple[str, ...]:
    """Two-letter codes of ISO 3166, commas between them."""
    codes = tuple(code.strip().upper() for code in value.split(",") if code.strip())
    if not codes or not all(len(code) == 2 and code.isascii() and code.isalpha() for code in codes):
        raise ValueError("country codes with commas between them, such as GB,IE")
    return codes


def hosts(value: str) -> tuple[str, ...]:
    """Host names, commas between them."""
    hosts = tuple(host.strip().lower() for host in value.split(",") if host.strip())
    if any("/" in host or " " in host or host == "*" for host in hosts):
        raise ValueError("host names with commas between them, such as desk.example.com")
    return hosts


def address(*schemes: str) -> Callable[[str], str]:
    """An address with one of these schemes and a host."""

    def read_address(value: str) -> str:
        wanted = " or ".join(f"{scheme}://…" for scheme in schemes)
        parts = _split(value)
        if parts is None or parts.scheme not in schemes or not parts.hostname:
            raise ValueError(f"an address beginning with {wanted}")
        return value

    return read_address


def doors(value: str) -> tuple[str, ...]:
    """Where mail is taken in: LMTP or SMTP, host and port."""
    doors = tuple(door.strip() for door in value.split(",") if door.strip())
    for door in doors:
        parts = _split(door)
        if parts is None or parts.scheme not in {"lmtp", "smtp"}:
            break
        if not parts.hostname or not parts.port or parts.path.strip("/") or parts.username:
            break
    else:
        return doors
    raise ValueError("addresses such as lmtp://127.0.0.1:8024, with commas between them")


def keys(value: str) -> dict[str, str]:
    """Names and values, commas between them; names in capitals."""
    pairs = [pair.strip().partition("=") for pair in value.split(",") if pair.strip()]
    if not all(name.isidentifier() and name.isascii() and word for name, _is, word in pairs):
        raise ValueError("names and values such as API_KEY=abc,SENDER_DOMAIN=example.com")
    return {name.upper(): word for name, _is, word in pairs}


def sign_in(value: str) -> str:
    """A user and a password that nobody guesses."""
    user, colon, password = value.partition(":")
    if not user or not colon or len(password) < 16:
        raise ValueError("a user, a colon and a password of at least 16 characters")
    return value


def _split(value: str) -> SplitResult | None:
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018  (reading it is what checks it)
    except ValueError:
        return None
    return parts


def database(value: str) -> str:
    """A database's address, as libpq writes it, with its name."""
    wanted = "an address such as postgresql://user:password@host:5432/parley"
    if not value.startswith(("postgresql://", "postgres://")):
        raise ValueError(wanted)
    words = connection_words(value)
    ports = str(words.get("port", "")).split(",")  # one for each host, where there are several
    if not words.get("dbname") or not all(port.isdigit() for port in ports if port):
        raise ValueError(wanted)
    return value


def connection_words(url: str) -> dict[str, Any]:
    """What a database's address says, word by word; nothing, where it can't be read."""
    import psycopg.conninfo

    try:
        return dict(psycopg.conninfo.conninfo_to_dict(url))
    except psycopg.ProgrammingError:
        return {}


def model(value: str) -> str:
    """Who makes a model, and its name there."""
    maker, _colon, name = value.partition(":")
    if maker not in {"openai", "anthropic"} or not name.strip():
        raise ValueError("a model such as openai:gpt-5-mini or anthropic:claude-sonnet-5")
    return value


def scanner(value: str) -> str:
    """The address of a ClamAV daemon."""
    try:
        address_in(value)
    except NoAddress:
        raise ValueError("unix:/the/path/of/a/socket or host:port") from None
    return value


def zone(value: str) -> str:
    """A time zone of the IANA database."""
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("a time zone such as Europe/London") from None
    return value
