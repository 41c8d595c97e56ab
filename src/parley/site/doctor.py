"""Looking over an installation: each finding in words, and for what is wrong what to do."""

from __future__ import annotations

import os
import shutil
import smtplib
import stat
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg

from parley.conversations.clamd import ScannerDown, address_in, version_of
from parley.postgres import reaching
from parley.postgres.trouble import PostgresTrouble
from parley.site import preparing, supervising
from parley.site.environment import Environment, database_settings

LEAST_FREE_MB = 1024
LARGEST_SKEW = 2.0
HEARTBEAT_SECONDS = 40
OPENAI = "https://api.openai.com/v1"
ANTHROPIC = "https://api.anthropic.com"

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about one subject; `remedy` says what to do, and is empty if all is well."""

    subject: str
    words: str
    remedy: str = ""

    @property
    def is_well(self) -> bool:
        """Whether there is nothing to do."""
        return not self.remedy

    def line(self) -> str:
        """The finding as a line for a terminal."""
        if self.is_well:
            return f"ok     {self.subject}: {self.words}"
        return f"WRONG  {self.subject}: {self.words} {self.remedy}"


def look_over(here: Environment) -> Iterator[Finding]:
    """Everything that can be seen without the database."""
    yield Finding("Python", sys.version.split()[0])
    yield Finding("Settings", f"understood; this is {_kind(here)}")
    yield _data_folder(here)
    yield _disk(here)
    yield _mail(here)
    yield _address(here)
    yield _scanner(here)
    yield _model(here)
    yield _web(here)


def look_over_database(here: Environment) -> Iterator[Finding]:
    """Everything that is seen through the database, which has to be at hand."""
    try:
        with reaching.connect(database_settings(here)) as connection:
            for look in _DATABASE_LOOKS:
                yield look(connection)
    except PostgresTrouble as trouble:
        yield no_database(trouble)


def no_database(trouble: PostgresTrouble) -> Finding:
    """The finding for a database that can't be reached at all."""
    return Finding("PostgreSQL", str(trouble), "Check DATABASE_URL, and that the server runs.")


def _kind(here: Environment) -> str:
    return "a demo" if here.is_demo else here.mode


def _data_folder(here: Environment) -> Finding:
    folder = here.data
    if not folder.is_dir():
        return Finding("Data folder", f"{folder} is not there yet.", "`parley migrate` makes it.")
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return Finding("Data folder", f"{folder} may not be written.", "Give it to this user.")
    if folder.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH):
        return Finding(
            "Data folder", f"everybody on this machine may look into {folder}.", "`chmod o-rw` it."
        )
    return Finding("Data folder", f"{folder} is ours to write")


def _disk(here: Environment) -> Finding:
    place = here.data if here.data.is_dir() else here.data.parent
    try:
        free_mb = shutil.disk_usage(place).free // (1024 * 1024)
    except OSError as error:
        return Finding("Disk", f"{place} can't be looked at.", f"{error.strerror}.")
    if free_mb < LEAST_FREE_MB:
        return Finding("Disk", f"only {free_mb} MB are free at {place}.", "Make room.")
    return Finding("Disk", f"{free_mb // 1024} GB are free")


def _mail(here: Environment) -> Finding:
    if here.smtp_url is None:
        if here.mail_provider:
            return Finding("Mail", f"mails go out by {here.mail_provider}")
        if here.is_production:
            return Finding(
                "Mail",
                "no mail leaves this site, unless a mailbox of the desk sends it.",
                "Set PARLEY_SMTP_URL, or let a mailbox send.",
            )
        return Finding("Mail", f"mails are written to {here.data / 'mail'}")
    if here.is_production and here.mail_from.rstrip(">").endswith("@localhost"):
        return Finding("Mail", "the sender is at localhost.", "Set PARLEY_MAIL_FROM.")
    where = urlsplit(here.smtp_url)
    door = smtplib.SMTP_SSL if where.scheme == "smtps" else smtplib.SMTP
    try:
        with door(where.hostname or "", where.port or 0, timeout=5) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        return Finding(
            "Mail", f"{where.hostname} does not answer ({error}).", "Check PARLEY_SMTP_URL."
        )
    return Finding("Mail", f"{where.hostname} answers")


def _scanner(here: Environment) -> Finding:
    if not here.clamav:
        return Finding("Virus scanner", "none; files are not looked at")
    try:
        version = version_of(address_in(here.clamav))
    except ScannerDown as trouble:
        words = (
            f"{here.clamav} does not answer ({trouble}), so files wait and nobody is given them."
        )
        return Finding("Virus scanner", words, "Start clamd, or check PARLEY_CLAMAV.")
    return Finding("Virus scanner", f"{version} answers")


def _model(here: Environment) -> Finding:
    if not here.model:
        return Finding("Model", "none; the assistant answers in the articles' own words")
    maker, _colon, name = here.model.partition(":")
    address = here.model_url or {"openai": OPENAI, "anthropic": ANTHROPIC}[maker]
    host = urlsplit(address).hostname
    if here.model_key is None and here.model_url is None:
        return Finding("Model", f"{host} wants a key.", "Set PARLEY_MODEL_KEY.")
    key = here.model_key or "none"
    headers = {"Authorization": f"Bearer {key}"}
    if maker == "anthropic":
        headers = {"x-api-key": key, "anthropic-version": "2023-06-01"}
        address = f"{address.rstrip('/')}/v1"
    try:
        answer = httpx.get(f"{address.rstrip('/')}/models", headers=headers, timeout=5)
    except httpx.HTTPError as error:
        words = f"{host} does not answer ({type(error).__name__})."
        return Finding("Model", words, "Check PARLEY_MODEL_URL.")
    if answer.status_code in (401, 403):
        return Finding("Model", f"{host} refuses the key.", "Check PARLEY_MODEL_KEY.")
    return Finding("Model", f"{name} at {host}, which answers")


def _address(here: Environment) -> Finding:
    if here.is_production and here.public_url.startswith("http://"):
        return Finding(
            "Address",
            f"{here.public_url} is not encrypted, so passwords could be read on the way.",
            "Put a proxy with a certificate in front and set PARLEY_PUBLIC_URL to https://….",
        )
    return Finding("Address", f"people reach it at {here.public_url}")


def _web(here: Environment) -> Finding:
    port = supervising.port_of_the_running(here.data) or here.port
    if supervising.answers(here.bind, port):
        return Finding("Web server", f"answers at port {port}")
    return Finding(
        "Web server",
        f"nothing answers at {here.bind}:{port}.",
        f"Start it with `parley {'demo' if here.is_demo else 'serve'}`.",
    )


def _version(connection: Connection) -> Finding:
    version = connection.info.server_version
    words = f"version {version // 10000}.{version % 10000}"
    try:
        reaching.check_version(connection)
    except PostgresTrouble as trouble:
        return Finding("PostgreSQL", str(trouble), "Upgrade it.")
    return Finding("PostgreSQL", words)


def _extensions(connection: Connection) -> Finding:
    there = {row[0] for row in connection.execute("SELECT extname FROM pg_extension")}
    missing = [name for name in reaching.EXTENSIONS if name not in there]
    if missing:
        return Finding(
            "Extensions",
            f"{', '.join(missing)} are missing.",
            "Let `parley migrate` add them, or have an administrator run CREATE EXTENSION.",
        )
    return Finding("Extensions", ", ".join(sorted(there - {"plpgsql"})))


def _migrations(connection: Connection) -> Finding:
    waiting = preparing.waiting()
    if waiting:
        return Finding("Migrations", f"{waiting} are waiting.", "Run `parley migrate`.")
    return Finding("Migrations", "all applied")


def _worker(connection: Connection) -> Finding:
    try:
        row = connection.execute(
            "SELECT count(*) FILTER (WHERE last_heartbeat > now() - make_interval(secs => %s)) "
            "FROM procrastinate_workers",
            [HEARTBEAT_SECONDS],
        ).fetchone()
    except psycopg.Error:
        return Finding("Worker", "its tables are not there.", "Run `parley migrate`.")
    living = int(row[0]) if row else 0
    if living == 0:
        return Finding("Worker", "none is alive, so no mail leaves.", "Start `parley worker`.")
    return Finding("Worker", f"{living} alive")


def _clock(connection: Connection) -> Finding:
    before = time.time()
    row = connection.execute("SELECT extract(epoch FROM clock_timestamp())").fetchone()
    ours = (before + time.time()) / 2
    skew = abs(float(row[0]) - ours) if row else 0.0
    if skew > LARGEST_SKEW:
        return Finding(
            "Clock",
            f"this machine and the database differ by {skew:.0f} s.",
            "Set both by NTP: deadlines depend on it.",
        )
    return Finding("Clock", "agrees with the database's")


_DATABASE_LOOKS: tuple[Callable[[Connection], Finding], ...] = (
    _version,
    _extensions,
    _migrations,
    _worker,
    _clock,
)
