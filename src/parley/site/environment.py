"""The settings of an installation: read from environment variables, typed and strict.

Everything an operator can set stands in one dataclass, `Environment`. Each field carries the name
of its variable and one sentence saying what it is for; `docs/operate.md` lists the same, checked by
a test. Junk is refused by name, and so is a `PARLEY_…` variable nobody knows: a misspelt setting
that is silently ignored is worse than a site that doesn't start.
"""

# ruff: noqa: RUF009  (`_setting` gives a dataclass field, made once for the class)

from __future__ import annotations

import difflib
import os
import secrets
import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import SplitResult, urlsplit

from parley.conversations.clamd import NoAddress, address_in

Mode = Literal["demo", "production", "test"]
LogFormat = Literal["json", "text"]

DEMO_SECRET_PREFIX = "demo-"  # noqa: S105  (it marks a secret, it is none)
SHORTEST_SECRET = 50
MAIL_BESIDE = 25
"""How far above its pages' port the demo listens for mail: 8025, for 8000."""
TEST_SECRET = "test-" + "only-for-the-test-suite-" * 3


class EnvironmentRefused(Exception):
    """The environment can't be used; `problems` holds one sentence for each thing that is wrong."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _text(value: str) -> str:
    return value


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read_whole(value: str) -> int:
        if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
            raise ValueError(f"a whole number from {least} to {most}")
        return int(value)

    return read_whole


def _yes_or_no(value: str) -> bool:
    word = value.lower()
    if word in {"yes", "true", "on", "1"}:
        return True
    if word in {"no", "false", "off", "0"}:
        return False
    raise ValueError("yes or no")


def _one_of(*words: str) -> Callable[[str], str]:
    def read_word(value: str) -> str:
        if value not in words:
            raise ValueError(" or ".join(words))
        return value

    return read_word


def _folder(value: str) -> Path:
    return Path(value).expanduser().absolute()


def _countries(value: str) -> tuple[str, ...]:
    codes = tuple(code.strip().upper() for code in value.split(",") if code.strip())
    if not codes or not all(len(code) == 2 and code.isascii() and code.isalpha() for code in codes):
        raise ValueError("country codes with commas between them, such as GB,IE")
    return codes


def _hosts(value: str) -> tuple[str, ...]:
    hosts = tuple(host.strip().lower() for host in value.split(",") if host.strip())
    if any("/" in host or " " in host or host == "*" for host in hosts):
        raise ValueError("host names with commas between them, such as desk.example.com")
    return hosts


def _address(*schemes: str) -> Callable[[str], str]:
    def read_address(value: str) -> str:
        wanted = " or ".join(f"{scheme}://…" for scheme in schemes)
        parts = _split(value)
        if parts is None or parts.scheme not in schemes or not parts.hostname:
            raise ValueError(f"an address beginning with {wanted}")
        return value

    return read_address


def _doors(value: str) -> tuple[str, ...]:
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


MAIL_PROVIDERS = (
    "amazon_ses", "brevo", "mailersend", "mailgun", "mailjet", "mailtrap", "mandrill", "postal",
    "postmark", "resend", "scaleway", "sendgrid", "sparkpost", "unisender_go",
)  # fmt: skip


def _keys(value: str) -> dict[str, str]:
    pairs = [pair.strip().partition("=") for pair in value.split(",") if pair.strip()]
    if not all(name.isidentifier() and name.isascii() and word for name, _is, word in pairs):
        raise ValueError("names and values such as API_KEY=abc,SENDER_DOMAIN=example.com")
    return {name.upper(): word for name, _is, word in pairs}


def _sign_in(value: str) -> str:
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


def _database(value: str) -> str:
    wanted = "an address such as postgresql://user:password@host:5432/parley"
    if not value.startswith(("postgresql://", "postgres://")):
        raise ValueError(wanted)
    words = _connection_words(value)
    ports = str(words.get("port", "")).split(",")  # one for each host, where there are several
    if not words.get("dbname") or not all(port.isdigit() for port in ports if port):
        raise ValueError(wanted)
    return value


def _connection_words(url: str) -> dict[str, Any]:
    import psycopg.conninfo

    try:
        return dict(psycopg.conninfo.conninfo_to_dict(url))
    except psycopg.ProgrammingError:
        return {}


def _model(value: str) -> str:
    maker, _colon, name = value.partition(":")
    if maker not in {"openai", "anthropic"} or not name.strip():
        raise ValueError("a model such as openai:gpt-5-mini or anthropic:claude-sonnet-5")
    return value


def _scanner(value: str) -> str:
    try:
        address_in(value)
    except NoAddress:
        raise ValueError("unix:/the/path/of/a/socket or host:port") from None
    return value


def _zone(value: str) -> str:
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("a time zone such as Europe/London") from None
    return value


def _setting(
    variable: str,
    reads: Callable[[str], Any],
    default: Any,
    says: str,
    *,
    secret: bool = False,
    default_in_words: str = "",
) -> Any:
    words = default_in_words or _in_words(default)
    about = {
        "variable": variable,
        "reads": reads,
        "says": says,
        "secret": secret,
        "default": words,
    }
    return field(default=default, metadata=about, repr=not secret)


def _in_words(default: Any) -> str:
    if default is None or default == ():
        return "none"
    if isinstance(default, bool):
        return "yes" if default else "no"
    return str(default)


@dataclass(frozen=True, slots=True)
class Environment:
    """All settings of one installation. Made by `read`; asked for by `environment()`."""

    mode: Mode = _setting(
        "PARLEY_MODE",
        _one_of("production", "demo", "test"),
        "production",
        "What this is: production, a demo with a made-up marketplace, or the test suite.",
        default_in_words="production (demo on a data folder that the demo made)",
    )
    data: Path = _setting(
        "PARLEY_DATA",
        _folder,
        Path("var"),
        "The folder for everything that is kept: database, attachments, logs.",
        default_in_words="var in the checkout",
    )
    secret_key: str = _setting(
        "PARLEY_SECRET_KEY",
        _text,
        "",
        f"Signs sessions and links; at least {SHORTEST_SECRET} random characters, and kept secret.",
        secret=True,
        default_in_words="none (the demo makes its own)",
    )
    allowed_hosts: tuple[str, ...] = _setting(
        "PARLEY_ALLOWED_HOSTS",
        _hosts,
        (),
        "The host names this site answers to, with commas between them.",
        default_in_words="none (the demo answers to localhost)",
    )
    public_url: str = _setting(
        "PARLEY_PUBLIC_URL",
        _address("https", "http"),
        "",
        "The address people type to reach the site; links in mails begin with it.",
        default_in_words="https:// and the first allowed host",
    )
    database_url: str | None = _setting(
        "DATABASE_URL",
        _database,
        None,
        "The PostgreSQL (15 or newer) to use instead of the one that comes along.",
        secret=True,
        default_in_words="none (the embedded PostgreSQL in the data folder)",
    )
    smtp_url: str | None = _setting(
        "PARLEY_SMTP_URL",
        _address("smtp", "smtps"),
        None,
        "The mail server, such as smtp://user:password@host:587 (STARTTLS) or smtps://host:465.",
        secret=True,
        default_in_words="none (mails are written to the data folder)",
    )
    mail_from: str = _setting(
        "PARLEY_MAIL_FROM",
        _text,
        "Parley <parley@localhost>",
        "The sender of the mails this site writes.",
    )
    mail_listen: tuple[str, ...] = _setting(
        "PARLEY_MAIL_LISTEN",
        _doors,
        (),
        "Where mail to the mailboxes is taken in from a mail server: lmtp://127.0.0.1:8024, smtp://…:8025.",
        default_in_words="none (the demo: SMTP, 25 above its port)",
    )
    mail_provider: str = _setting(
        "PARLEY_MAIL_PROVIDER",
        _one_of(*MAIL_PROVIDERS),
        "",
        "The mail provider that sends, where no mail server is set, and brings mail: mailgun, postmark, …",
        default_in_words="none",
    )
    mail_provider_keys: dict[str, str] | None = _setting(
        "PARLEY_MAIL_PROVIDER_KEYS",
        _keys,
        None,
        "What the provider asks for, by the names django-anymail gives it: API_KEY=…,SENDER_DOMAIN=….",
        secret=True,
    )
    mail_webhook_secret: str | None = _setting(
        "PARLEY_MAIL_WEBHOOK_SECRET",
        _sign_in,
        None,
        "The user:password with which the provider calls /mail/incoming/ and /mail/tracking/.",
        secret=True,
        default_in_words="none (they are not there)",
    )
    bind: str = _setting(
        "PARLEY_BIND",
        _text,
        "127.0.0.1",
        "The network address the web server listens on; 0.0.0.0 is every one of this machine.",
    )
    port: int = _setting(
        "PARLEY_PORT", _whole(1, 65535), 8000, "The port the web server listens on."
    )
    web_processes: int = _setting(
        "PARLEY_WEB_PROCESSES", _whole(1, 128), 1, "How many web processes serve pages."
    )
    web_threads: int = _setting(
        "PARLEY_WEB_THREADS",
        _whole(1, 256),
        4,
        "How many pages one web process works on at the same time.",
    )
    worker_jobs: int = _setting(
        "PARLEY_WORKER_JOBS",
        _whole(1, 128),
        4,
        "How many background jobs one worker runs at the same time.",
    )
    pool_min: int = _setting(
        "PARLEY_POOL_MIN",
        _whole(0, 256),
        1,
        "How many database connections each process keeps open.",
    )
    pool_max: int = _setting(
        "PARLEY_POOL_MAX",
        _whole(1, 256),
        12,
        "How many database connections each process opens at most.",
    )
    pool_timeout: int = _setting(
        "PARLEY_POOL_TIMEOUT",
        _whole(1, 600),
        10,
        "How many seconds a request waits for a free database connection.",
    )
    file_mb: int = _setting(
        "PARLEY_FILE_MB", _whole(1, 1000), 10, "The largest attachment, in megabytes."
    )
    message_mb: int = _setting(
        "PARLEY_MESSAGE_MB",
        _whole(1, 5000),
        50,
        "The most that all attachments of one message may weigh, in megabytes.",
    )
    mail_mb: int = _setting(
        "PARLEY_MAIL_LIMIT",
        _whole(1, 500),
        50,
        "The largest mail that is taken in, in megabytes.",
    )
    cool_down_minutes: int = _setting(
        "PARLEY_COOL_DOWN_MINUTES",
        _whole(0, 10080),
        15,
        "How many minutes a party waits before a second ticket on the same topic; 0 means none.",
    )
    auto_complete_days: int = _setting(
        "PARLEY_AUTO_COMPLETE_DAYS",
        _whole(1, 365),
        5,
        "After how many days an answered ticket that nobody rates or continues completes itself.",
    )
    countries_served: tuple[str, ...] = _setting(
        "PARLEY_COUNTRIES_SERVED",
        _countries,
        ("GB",),
        "The countries orders are shipped to, where a supplier names none (ISO 3166 codes).",
        default_in_words="GB",
    )
    matching_days: int = _setting(
        "PARLEY_MATCHING_DAYS",
        _whole(0, 30),
        4,
        "How many days an order with an unknown item stays hidden while a product is looked for.",
    )
    hand_over_minutes: int = _setting(
        "PARLEY_HAND_OVER_MINUTES",
        _whole(0, 10080),
        60,
        "How many minutes a paid order waits before its supplier gets it; till then it can be cancelled.",
    )
    allow_local_hosts: bool | None = _setting(
        "PARLEY_ALLOW_LOCAL_HOSTS",
        _yes_or_no,
        None,
        "Whether exports, imports and channels may reach servers on this very machine.",
        default_in_words="no (yes in the demo)",
    )
    export_folder: Path | None = _setting(
        "PARLEY_EXPORT_FOLDER",
        _folder,
        None,
        "The folder below which exports to a folder are written; each supplier has one of its own in it.",
        default_in_words="none (the demo has one in the data folder)",
    )
    time_zone: str = _setting(
        "PARLEY_TIME_ZONE",
        _zone,
        "UTC",
        "The operator's time zone, such as Europe/London; people choose their own in Settings.",
    )
    session_days: int = _setting(
        "PARLEY_SESSION_DAYS",
        _whole(1, 365),
        14,
        "After how many days without a visit a person has to sign in again.",
    )
    log_format: LogFormat = _setting(
        "PARLEY_LOG_FORMAT",
        _one_of("json", "text"),
        "text",
        "How log lines are written: text for people, json for machines.",
    )
    trusted_proxy: bool = _setting(
        "PARLEY_TRUSTED_PROXY",
        _yes_or_no,
        False,
        "Whether a proxy in front sets X-Forwarded-For and -Proto, so that they can be believed.",
    )
    metrics_token: str | None = _setting(
        "PARLEY_METRICS_TOKEN",
        _text,
        None,
        "Who shows it as Authorization: Bearer … is given /metrics, in the format of Prometheus.",
        secret=True,
        default_in_words="none (there is no such page)",
    )

    clamav: str = _setting(
        "PARLEY_CLAMAV",
        _scanner,
        "",
        "The ClamAV daemon that looks at every file: unix:/run/clamav/clamd.ctl, or host:port.",
        default_in_words="none (files are not scanned)",
    )
    sso_url: str | None = _setting(
        "PARLEY_SSO_URL",
        _address("https", "http"),
        None,
        "The OpenID Connect provider people may sign in with: its issuer, such as https://id.example.com.",
    )
    sso_client: str = _setting(
        "PARLEY_SSO_CLIENT",
        _text,
        "",
        "What this site is called there: the client ID.",
        default_in_words="none",
    )
    sso_secret: str | None = _setting(
        "PARLEY_SSO_SECRET", _text, None, "The client's secret there.", secret=True
    )
    sso_name: str = _setting(
        "PARLEY_SSO_NAME",
        _text,
        "your company's sign-in",
        "What the provider is called on the button: Sign in with …",
    )

    model: str = _setting(
        "PARLEY_MODEL",
        _model,
        "",
        "The language model the assistant writes with: openai:NAME (any server that speaks that protocol) "
        "or anthropic:NAME.",
        default_in_words="none (the assistant answers in the articles' own words)",
    )
    model_url: str | None = _setting(
        "PARLEY_MODEL_URL",
        _address("https", "http"),
        None,
        "Where the model is reached, such as http://127.0.0.1:11434/v1, if it isn't its maker's own server.",
    )
    model_key: str | None = _setting(
        "PARLEY_MODEL_KEY", _text, None, "The key to the model.", secret=True
    )
    model_seconds: int = _setting(
        "PARLEY_MODEL_SECONDS",
        _whole(1, 300),
        20,
        "How many seconds the model has for an answer; then the assistant answers without it.",
    )
    model_per_hour: int = _setting(
        "PARLEY_MODEL_PER_HOUR",
        _whole(0, 100_000),
        30,
        "How many questions of one person the model is asked in an hour; the others are answered without it.",
    )
    silent_hours: int = _setting(
        "PARLEY_SILENT_HOURS",
        _whole(1, 8760),
        24,
        "After how many hours without another word an answer of the assistant is counted as assumed to help.",
    )

    @property
    def is_demo(self) -> bool:
        """Whether this is the demo, with its made-up marketplace and its "sign in as"."""
        return self.mode == "demo"

    @property
    def is_production(self) -> bool:
        """Whether real people work here."""
        return self.mode == "production"

    @property
    def file_bytes(self) -> int:
        """The largest attachment, in bytes."""
        return self.file_mb * 1024 * 1024

    @property
    def mail_provider_settings(self) -> dict[str, str]:
        """What the provider asks for, as django-anymail's settings call it: MAILGUN_API_KEY."""
        prefix = f"{self.mail_provider.upper()}_"
        keys = self.mail_provider_keys or {}
        return {f"{prefix}{name.removeprefix(prefix)}": value for name, value in keys.items()}

    @property
    def mail_bytes(self) -> int:
        """The largest mail that is taken in, in bytes."""
        return self.mail_mb * 1024 * 1024

    @property
    def message_bytes(self) -> int:
        """The most all attachments of a message may weigh, in bytes."""
        return self.message_mb * 1024 * 1024


def read(environ: Mapping[str, str]) -> Environment:
    """Make an `Environment` of `environ` (names and values as in `os.environ`).

    Raises `EnvironmentRefused`, naming every variable that is wrong and why.
    """
    problems = _unknown(environ)
    values: dict[str, Any] = {}
    for setting in fields(Environment):
        try:
            value = _value_of(setting, environ)
        except ValueError as refusal:
            problems.append(str(refusal))
            continue
        if value is not None:
            values[setting.name] = value
    if problems:
        raise EnvironmentRefused(*problems)
    return _completed(values)


@cache
def environment() -> Environment:
    """The settings of this process, read from its environment once.

    Raises `EnvironmentRefused` as `read` does.
    """
    return read(os.environ)


def database_settings(environment: Environment) -> dict[str, Any]:
    """One entry for Django's DATABASES, pooled except in tests."""
    database: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,  # a server that was restarted costs nobody an error page
        "OPTIONS": {},
        **_where(environment),
    }
    # For the questions that are asked all the time (`postgres.questions`), and for them alone.
    database["OPTIONS"]["prepare_threshold"] = 5
    if environment.mode != "test":
        database["OPTIONS"]["pool"] = {
            "min_size": min(environment.pool_min, environment.pool_max),
            "max_size": environment.pool_max,
            "timeout": environment.pool_timeout,
        }
    return database


def _where(environment: Environment) -> dict[str, Any]:
    """Which server and database: the embedded one's socket folder, or what DATABASE_URL says."""
    if environment.database_url is None:
        from parley.postgres import places

        return {
            "NAME": places.DATABASE,
            "USER": places.USER,
            "HOST": str(places.socket_folder(environment.data)),
        }
    words = _connection_words(environment.database_url)
    return {
        "NAME": words.pop("dbname"),
        "USER": words.pop("user", ""),
        "PASSWORD": words.pop("password", ""),
        "HOST": words.pop("host", ""),
        "PORT": str(words.pop("port", "")),
        "OPTIONS": words,
    }


def variables() -> dict[str, Field[Any]]:
    """Every variable an operator can set, and the field of `Environment` it fills."""
    return {setting.metadata["variable"]: setting for setting in fields(Environment)}


def _unknown(environ: Mapping[str, str]) -> list[str]:
    known = variables()
    names = set(known)
    names |= {f"{name}_FILE" for name, setting in known.items() if setting.metadata["secret"]}
    ours = sorted(name for name in environ if name.startswith("PARLEY_"))
    return [_nobody_knows(name, names) for name in ours if name not in names]


def _nobody_knows(name: str, names: set[str]) -> str:
    near = difflib.get_close_matches(name, sorted(names), n=1, cutoff=0.6)
    meant = f"; did you mean {near[0]}?" if near else "."
    return f"{name} is not a setting of Parley{meant}"


def _value_of(setting: Field[Any], environ: Mapping[str, str]) -> Any:
    """The value of one setting, or None where it isn't set. An empty variable counts as not set."""
    about = setting.metadata
    raw = _raw(about["variable"], environ, from_file=about["secret"])
    if not raw:
        return None
    try:
        return about["reads"](raw)
    except ValueError as wanted:
        shown = "what it holds" if about["secret"] else f"“{raw}”"
        raise ValueError(f"{about['variable']} must be {wanted}, not {shown}.") from None


def _raw(variable: str, environ: Mapping[str, str], *, from_file: bool) -> str:
    value = environ.get(variable, "").strip()
    path = environ.get(f"{variable}_FILE", "").strip() if from_file else ""
    if not path:
        return value
    if value:
        raise ValueError(f"{variable} and {variable}_FILE are both set; keep one of them.")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as trouble:
        reason = getattr(trouble, "strerror", None) or "it is not text"
        raise ValueError(f"{variable}_FILE names {path}, which can't be read: {reason}.") from None


def _completed(values: dict[str, Any]) -> Environment:
    """Fill in what depends on other settings, and refuse what can't be served."""
    data = values.setdefault("data", default_data())
    made_by_demo = _is_there(data / "secret")
    values.setdefault("mode", "demo" if made_by_demo else "production")
    made = Environment(**values)
    if made.mode == "demo":
        return _for_demo(made)
    if made.mode == "test":
        return _for_tests(made)
    return _for_production(made, made_by_demo=made_by_demo)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a folder we may not enter; whoever uses it says so
        return False


def default_data() -> Path:
    """The data folder when PARLEY_DATA names none."""
    checkout = Path(__file__).parents[3]
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
