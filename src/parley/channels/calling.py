"""Asking a shop over HTTPS: with a time limit, a size limit, and only where people's servers stand.

The address was typed by a seller. Its name is resolved once, looked at (`transfer.hosts`) and that very
address is connected to; redirects are not followed. Whatever goes wrong is a `Trouble`, in words.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from parley.channels.reasons import Trouble
from parley.transfer.hosts import HostRefused, HostUnknown
from parley.transfer.http import GuardedTransport

TIMEOUT = httpx.Timeout(20, connect=10)
LARGEST_ANSWER = 32 * 2**20
LONGEST_WAIT = 3600.0
_AGENT = "Parley (orders)"


@dataclass(frozen=True)
class Answer:
    """What came back: the JSON read, and the headers by their names in lower case."""

    told: Any
    headers: Mapping[str, str]


class Shop:
    """A shop's API below `base`; use it in a `with` block.

    `allows`: what a refused request (403) would have needed, for the words about it.
    """

    def __init__(
        self,
        base: str,
        *,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
    ) -> None:
        self.base = base
        self.host = urlsplit(base).hostname or base
        self._client = httpx.Client(
            transport=GuardedTransport(),
            headers={"User-Agent": _AGENT, "Accept": "application/json", **(headers or {})},
            auth=auth,
            timeout=TIMEOUT,
            follow_redirects=False,
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_about: object) -> None:
        self._client.close()

    def get(self, path: str, query: Mapping[str, str] | None = None, *, needs: str = "") -> Answer:
        """Ask for what is at `path`. Raises Trouble."""
        return self._ask("GET", path, needs, params=dict(query) if query else None)

    def send(self, method: str, path: str, told: Mapping[str, Any], *, needs: str = "") -> Answer:
        """Send JSON to `path`. Raises Trouble."""
        return self._ask(method, path, needs, json=told)

    def _ask(self, method: str, path: str, needs: str, **what: Any) -> Answer:
        try:
            with self._client.stream(method, f"{self.base}{path}", **what) as answer:
                body = _read(answer)
        except HostUnknown:
            raise Trouble("host_unknown", value=self.host) from None
        except HostRefused:
            raise Trouble("host_refused", value=self.host) from None
        except httpx.TimeoutException:
            raise Trouble("timeout") from None
        except httpx.ConnectError as error:
            raise _connect_trouble(error, self.host) from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError, OSError):
            raise Trouble("broken_off") from None
        _check(answer, needs)
        return Answer(_json(body), dict(answer.headers))


def base_of(typed: str) -> str:
    """The address of a shop as it is asked: `shop.example` is `https://shop.example`.

    Raises Trouble for what is none, and for one that is not encrypted (but on a machine of tests).
    """
    typed = typed.strip()
    address = (typed if "://" in typed else f"https://{typed}").rstrip("/")
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        raise Trouble("address", value=typed) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise Trouble("address", value=typed)
    if any(one.isspace() for one in address) or parts.query or parts.fragment:
        raise Trouble("address", value=typed)
    if parts.scheme == "http" and not settings.ALLOW_LOCAL_HOSTS:
        raise Trouble("plain_http")
    return address


def _read(answer: httpx.Response) -> bytes:
    pieces, size = [], 0
    for piece in answer.iter_bytes():
        size += len(piece)
        if size > LARGEST_ANSWER:
            raise Trouble("too_large")
        pieces.append(piece)
    return b"".join(pieces)


def _check(answer: httpx.Response, needs: str) -> None:
    status = answer.status_code
    if status < 300:
        return
    if status == 401:
        raise Trouble("sign_in")
    if status == 403:
        raise Trouble("permission", value=needs)
    if status == 404:
        raise Trouble("no_shop")
    if status == 429:
        raise Trouble("rate", wait=_seconds(answer.headers.get("Retry-After", "")))
    raise Trouble("status", value=status)


def _seconds(said: str) -> float:
    """Retry-After in seconds (RFC 9110, section 10.2.3); a minute where it says a date or nothing."""
    try:
        return max(0.0, min(float(said), LONGEST_WAIT))
    except ValueError:
        return 60.0


def _json(body: bytes) -> Any:
    try:
        return json.loads(body) if body.strip() else {}
    except (ValueError, RecursionError):
        raise Trouble("not_the_api") from None


def _connect_trouble(error: httpx.ConnectError, host: str) -> Trouble:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            said = getattr(cause, "verify_message", "") or cause.reason or ""
            return Trouble("certificate", value=said)
        cause = cause.__cause__ or cause.__context__
    return Trouble("no_connection", value=host)
