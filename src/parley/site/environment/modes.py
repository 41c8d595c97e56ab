"""What depends on the mode: what the demo and the tests fill in, and what production refuses."""

from __future__ import annotations

import os
import secrets
from dataclasses import replace
from pathlib import Path
from typing import Any

from parley.site.environment.everything import Environment, EnvironmentRefused
from parley.site.environment.installation import SHORTEST_SECRET

DEMO_SECRET_PREFIX = "demo-"  # noqa: S105  (it marks a secret, it is none)
MAIL_BESIDE = 25
"""How far above its pages' port the demo listens for mail: 8025, for 8000."""
TEST_SECRET = "test-" + "only-for-the-test-suite-" * 3


def completed(values: dict[str, Any]) -> Environment:
    """The settings given, with what depends on others filled in.

    Raises EnvironmentRefused for what can't be served.
    """
    data = values.setdefault("data", default_data())
    made_by_demo = _is_there(data / "secret")
    values.setdefault("mode", "demo" if made_by_demo else "production")
    made = Environment(**values)
    if made.mode == "demo":
        return _for_demo(made)
    if made.mode == "test":
        return _for_tests(made)
    return _for_production(made, made_by_demo=made_by_demo)


def default_data() -> Path:
    """The data folder when PARLEY_DATA names none."""
    checkout = Path(__file__).parents[4]
    home = checkout if (checkout / "pyproject.toml").exists() else Path.cwd()
    return home / "var"


def _for_demo(made: Environment) -> Environment:
    if _is_there(made.data / "postgres") and not _is_there(made.data / "secret"):
        raise EnvironmentRefused(
            f"The data folder {made.data} is not the demo's; give the demo one of its own."
        )
    hosts = made.allowed_hosts or ("localhost", "127.0.0.1", "[::1]")
    return replace(
        made,
        secret_key=made.secret_key or _demo_secret(made.data),
        allowed_hosts=hosts,
        public_url=made.public_url or f"http://127.0.0.1:{made.port}",
        allow_local_hosts=made.allow_local_hosts is not False,
        export_folder=made.export_folder or made.data / "exports",
        mail_listen=made.mail_listen or (_mail_beside(made.port),),
    )


def _mail_beside(port: int) -> str:
    above, below = port + MAIL_BESIDE, port - MAIL_BESIDE
    return f"smtp://127.0.0.1:{above if above < 65536 else below}"


def _demo_secret(data: Path) -> str:
    """The demo's own secret, made on its first start; it marks a data folder as the demo's."""
    path = data / "secret"
    secret = DEMO_SECRET_PREFIX + secrets.token_urlsafe(50)
    try:
        if not path.exists():
            data.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write_once(path, secret)
        return path.read_text(encoding="utf-8").strip()
    except OSError as trouble:
        reason = trouble.strerror or str(trouble)
        raise EnvironmentRefused(f"The data folder {data} can't be used: {reason}.") from None


def _write_once(path: Path, text: str) -> None:
    """Write a private file, unless another process was quicker."""
    try:
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(made, "w", encoding="utf-8") as file:
        file.write(text)


def _for_tests(made: Environment) -> Environment:
    return replace(
        made,
        secret_key=made.secret_key or TEST_SECRET,
        allowed_hosts=made.allowed_hosts or ("localhost", "127.0.0.1", "testserver"),
        public_url=made.public_url or f"http://127.0.0.1:{made.port}",
    )


def _for_production(made: Environment, *, made_by_demo: bool) -> Environment:
    problems = []
    if made_by_demo:
        problems.append(
            f"PARLEY_DATA is {made.data}, a folder the demo made; production needs one of its own."
        )
    if weakness := _weakness(made.secret_key):
        problems.append(weakness)
    if not made.allowed_hosts:
        problems.append(
            "PARLEY_ALLOWED_HOSTS is not set; name the host this site answers to, "
            "such as desk.example.com."
        )
    if problems:
        raise EnvironmentRefused(*problems)
    first = made.allowed_hosts[0].lstrip(".")
    return replace(made, public_url=made.public_url or f"https://{first}")


def _weakness(secret: str) -> str:
    """What is wrong with a secret for production, in a sentence; empty if nothing is."""
    if not secret:
        return (
            f"PARLEY_SECRET_KEY is not set; it takes {SHORTEST_SECRET} random characters or more."
        )
    if secret.startswith((DEMO_SECRET_PREFIX, "test-")):
        return "PARLEY_SECRET_KEY is the secret of a demo or of the tests; make a new one."
    if len(secret) < SHORTEST_SECRET or len(set(secret)) < 10:
        return (
            f"PARLEY_SECRET_KEY is too easy to guess; it needs at least {SHORTEST_SECRET} "
            "random characters."
        )
    return ""


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a folder we may not enter; whoever uses it says so
        return False
