"""What an installation is, and the processes that serve it."""

# ruff: noqa: RUF009  (`setting` gives a dataclass field, made once for the class)

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from parley.site.environment.setting import setting
from parley.site.environment.values import (
    address,
    database,
    folder,
    hosts,
    one_of,
    text,
    whole,
    yes_or_no,
)

Mode = Literal["demo", "production", "test"]
LogFormat = Literal["json", "text"]
SHORTEST_SECRET = 50


@dataclass(frozen=True)
class Installation:
    """What an installation is, and the processes that serve it."""

    mode: Mode = setting(
        "PARLEY_MODE",
        one_of("production", "demo", "test"),
        "production",
        "What this is: production, a demo with a made-up marketplace, or the test suite.",
        default_in_words="production (demo on a data folder that the demo made)",
    )
    data: Path = setting(
        "PARLEY_DATA",
        folder,
        Path("var"),
        "The folder for everything that is kept: database, attachments, logs.",
        default_in_words="var in the checkout",
    )
    secret_key: str = setting(
        "PARLEY_SECRET_KEY",
        text,
        "",
        f"Signs sessions and links; at least {SHORTEST_SECRET} random characters, and kept secret.",
        secret=True,
        default_in_words="none (the demo makes its own)",
    )
    allowed_hosts: tuple[str, ...] = setting(
        "PARLEY_ALLOWED_HOSTS",
        hosts,
        (),
        "The host names this site answers to, with commas between them.",
        default_in_words="none (the demo answers to localhost)",
    )
    public_url: str = setting(
        "PARLEY_PUBLIC_URL",
        address("https", "http"),
        "",
        "The address people type to reach the site; links in mails begin with it.",
        default_in_words="https:// and the first allowed host",
    )
    database_url: str | None = setting(
        "DATABASE_URL",
        database,
        None,
        "The PostgreSQL (15 or newer) to use instead of the one that comes along.",
        secret=True,
        default_in_words="none (the embedded PostgreSQL in the data folder)",
    )
    bind: str = setting(
        "PARLEY_BIND",
        text,
        "127.0.0.1",
        "The network address the web server listens on; 0.0.0.0 is every one of this machine.",
    )
    port: int = setting("PARLEY_PORT", whole(1, 65535), 8000, "The port the web server listens on.")
    trusted_proxy: bool = setting(
        "PARLEY_TRUSTED_PROXY",
        yes_or_no,
        False,
        "Whether a proxy in front sets X-Forwarded-For and -Proto, so that they can be believed.",
    )
    web_processes: int = setting(
        "PARLEY_WEB_PROCESSES", whole(1, 128), 1, "How many web processes serve pages."
    )
    web_threads: int = setting(
        "PARLEY_WEB_THREADS",
        whole(1, 256),
        4,
        "How many pages one web process works on at the same time.",
    )
    worker_jobs: int = setting(
        "PARLEY_WORKER_JOBS",
        whole(1, 128),
        4,
        "How many background jobs one worker runs at the same time.",
    )
    pool_min: int = setting(
        "PARLEY_POOL_MIN",
        whole(0, 256),
        1,
        "How many database connections each process keeps open.",
    )
    pool_max: int = setting(
        "PARLEY_POOL_MAX",
        whole(1, 256),
        12,
        "How many database connections each process opens at most.",
    )
    pool_timeout: int = setting(
        "PARLEY_POOL_TIMEOUT",
        whole(1, 600),
        10,
        "How many seconds a request waits for a free database connection.",
    )
    log_format: LogFormat = setting(
        "PARLEY_LOG_FORMAT",
        one_of("json", "text"),
        "text",
        "How log lines are written: text for people, json for machines.",
    )
    metrics_token: str | None = setting(
        "PARLEY_METRICS_TOKEN",
        text,
        None,
        "Who shows it as Authorization: Bearer … is given /metrics, in the format of Prometheus.",
        secret=True,
        default_in_words="none (there is no such page)",
    )
    allow_local_hosts: bool | None = setting(
        "PARLEY_ALLOW_LOCAL_HOSTS",
        yes_or_no,
        None,
        "Whether exports, imports and channels may reach servers on this very machine.",
        default_in_words="no (yes in the demo)",
    )

    @property
    def is_demo(self) -> bool:
        """Whether this is the demo, with its made-up marketplace and its "sign in as"."""
        return self.mode == "demo"

    @property
    def is_production(self) -> bool:
        """Whether real people work here."""
        return self.mode == "production"
