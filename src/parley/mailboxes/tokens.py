"""Tokens to sign in to mail servers with: asked for by the client credentials grant (RFC 6749, 4.4).

They are kept in this process's memory and nowhere else, and asked for anew before they end. An
administrator types the address: private networks and this machine are reached (`transfer.hosts`).
"""

from __future__ import annotations

import json
import re
import ssl
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote_plus

import httpx

from parley.journal.moment import now
from parley.transfer.hosts import HostRefused, HostUnknown
from parley.transfer.http import GuardedTransport
from parley.transfer.troubles import PlaceTrouble, Step, Trouble

SECONDS_TO_ANSWER = 10.0
"""For all of an answer, however slowly it comes."""
LARGEST_ANSWER = 256 * 1024
"""Bytes of an answer."""
LONGEST_TOKEN = 32 * 1024
SECONDS_UNLESS_SAID = 300
"""How long a token is used of which the server does not say when it ends."""
MOST_SECONDS = 24 * 3600
SECONDS_BEFORE_THE_END = 120
"""A token is asked for anew so long before the kept one ends, or a quarter of its time if that is less."""
REFUSALS = frozenset(
    {
        Trouble.CLIENT_UNKNOWN,
        Trouble.CLIENT_REFUSED,
        Trouble.GRANT_REFUSED,
        Trouble.SCOPE_REFUSED,
    }
)
"""Troubles that stay until somebody changes something, there or here."""


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a client shows for a token: where (`url`), its id and secret, and what the token is for."""

    url: str
    client: str
    secret: str = field(repr=False)
    scope: str = ""


@dataclass(frozen=True)
class Token:
    """A token, until when it is used, and whether it was asked for just now."""

    text: str = field(repr=False)
    until: datetime
    is_new: bool = True


_kept: dict[Grant, Token] = {}


def token_of(grant: Grant, *, seconds: float = SECONDS_TO_ANSWER) -> Token:
    """The token that is kept, or a new one. Raises PlaceTrouble."""
    kept = _kept.get(grant)
    if kept and now() < kept.until:
        return Token(kept.text, kept.until, is_new=False)
    return new_token(grant, seconds=seconds)


def new_token(grant: Grant, *, seconds: float = SECONDS_TO_ANSWER) -> Token:
    """A new token, whether one is kept or not; it is kept from now on. Raises PlaceTrouble."""
    token = _asked(grant, seconds)
    for other, one in list(_kept.items()):
        if one.until <= now():
            _kept.pop(other, None)
    _kept[grant] = token
    return token


def forget(grant: Grant, token: Token) -> None:
    """Keep a token no longer, since a server has refused it."""
    kept = _kept.get(grant)
    if kept and kept.text == token.text:
        _kept.pop(grant, None)


def _asked(grant: Grant, seconds: float) -> Token:
    """Ask with the secret in the form and then, for servers that want it there, in the header.

    All servers have to take the latter (RFC 6749, 2.3.1), and Microsoft's examples show the former.
    """
    form = {"grant_type": "client_credentials"} | ({"scope": grant.scope} if grant.scope else {})
    in_form = form | {"client_id": grant.client, "client_secret": grant.secret}
    transport = GuardedTransport(ssl.create_default_context(), this_machine=True, seconds=seconds)
    timeout = httpx.Timeout(seconds)
    with httpx.Client(transport=transport, timeout=timeout, trust_env=False) as client:
        try:
            return _posted(client, grant, in_form, {})
        except PlaceTrouble as trouble:
            if trouble.trouble != Trouble.CLIENT_REFUSED:
                raise
            try:
                return _posted(client, grant, form, {"Authorization": _basic(grant)})
            except PlaceTrouble:
                raise trouble from None


_HEADERS = {
    "User-Agent": "Parley (mail)",
    "Accept": "application/json",
    "Accept-Encoding": "identity",
}


def _posted(
    client: httpx.Client, grant: Grant, form: dict[str, str], headers: dict[str, str]
) -> Token:
    headers = {**_HEADERS, **headers}
    try:
        with client.stream(
            "POST", grant.url, data=form, headers=headers, follow_redirects=False
        ) as answer:
            return _read(answer, _body(answer), grant)
    except HostUnknown:
        raise PlaceTrouble(Step.GRANT, Trouble.NAME_UNKNOWN) from None
    except HostRefused:
        raise PlaceTrouble(Step.GRANT, Trouble.HOST_REFUSED) from None
    except httpx.TimeoutException:
        raise PlaceTrouble(Step.GRANT, Trouble.TIMED_OUT) from None
    except httpx.ConnectError as error:
        raise _not_connected(error) from None
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError):
        raise PlaceTrouble(Step.GRANT, Trouble.CONNECTION_LOST) from None


def _basic(grant: Grant) -> str:
    pair = f"{quote_plus(grant.client)}:{quote_plus(grant.secret)}"
    return f"Basic {b64encode(pair.encode()).decode()}"


def _body(answer: httpx.Response) -> bytes:
    body = b""
    for piece in answer.iter_raw():
        body += piece
        if len(body) > LARGEST_ANSWER:
            raise PlaceTrouble(Step.GRANT, Trouble.NOTHING_GRANTED, "…")
    return body


def _read(answer: httpx.Response, body: bytes, grant: Grant) -> Token:
    """The token in an answer (RFC 6749, 5.1). Raises PlaceTrouble, by what the error says (5.2)."""
    told = _json(body)
    if answer.status_code in _AT_THE_MOMENT or answer.status_code >= 500:
        raise PlaceTrouble(Step.GRANT, Trouble.NOT_NOW, f"HTTP {answer.status_code}")
    if error := told.get("error"):
        description = told.get("error_description")
        said = description if isinstance(description, str) and description else str(error)
        shown = said.replace(grant.secret, "…")  # whatever the server thinks fit to repeat
        raise PlaceTrouble(Step.GRANT, _refusal(str(error), said), shown)
    text = told.get("access_token")
    is_bearer = str(told.get("token_type") or "bearer").lower() == "bearer"
    if answer.status_code != 200 or not isinstance(text, str) or not is_bearer or not _fits(text):
        kind = answer.headers.get("Content-Type", "").partition(";")[0]
        raise PlaceTrouble(
            Step.GRANT, Trouble.NOTHING_GRANTED, f"HTTP {answer.status_code} {kind}".strip()
        )
    return Token(text, now() + timedelta(seconds=_usable(told.get("expires_in"))))


_AT_THE_MOMENT = {408, 429}


def _json(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _fits(text: str) -> bool:
    """Whether it is a token that a mail server may be told (RFC 6750, 2.1): no line, no blank."""
    return len(text) <= LONGEST_TOKEN and re.fullmatch(r"[!-~]+", text) is not None


def _usable(said: object) -> float:
    """For how many seconds a token of that `expires_in` is used."""
    is_number = re.fullmatch(r"[0-9]{1,15}(\.[0-9]*)?", str(said))
    seconds = min(float(str(said)), MOST_SECONDS) if is_number else SECONDS_UNLESS_SAID
    return seconds - min(SECONDS_BEFORE_THE_END, seconds / 4)


_MICROSOFT = {
    "700016": Trouble.CLIENT_UNKNOWN,
    "90002": Trouble.CLIENT_UNKNOWN,
    "900023": Trouble.CLIENT_UNKNOWN,
    "7000215": Trouble.CLIENT_REFUSED,
    "7000222": Trouble.CLIENT_REFUSED,
    "70011": Trouble.SCOPE_REFUSED,
    "1002012": Trouble.SCOPE_REFUSED,
    "500011": Trouble.SCOPE_REFUSED,
    "7000112": Trouble.GRANT_REFUSED,
}
"""What Entra's numbers mean, where its `error` says less. They may change: then `error` counts."""
_ERRORS = {
    "invalid_client": Trouble.CLIENT_REFUSED,
    "unauthorized_client": Trouble.GRANT_REFUSED,
    "unsupported_grant_type": Trouble.GRANT_REFUSED,
    "access_denied": Trouble.GRANT_REFUSED,
    "invalid_scope": Trouble.SCOPE_REFUSED,
    "invalid_target": Trouble.SCOPE_REFUSED,
    "temporarily_unavailable": Trouble.NOT_NOW,
    "server_error": Trouble.NOT_NOW,
}


def _refusal(error: str, said: str) -> Trouble:
    number = re.search(r"\bAADSTS(\d+)", said)
    if number and number[1] in _MICROSOFT:
        return _MICROSOFT[number[1]]
    if error == "unauthorized_client" and "secret" in said.lower():
        return Trouble.CLIENT_REFUSED  # as Keycloak said before version 20
    return _ERRORS.get(error, Trouble.REFUSED)


def _not_connected(error: httpx.ConnectError) -> PlaceTrouble:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            untrusted = Trouble.CERTIFICATE_UNTRUSTED
            return PlaceTrouble(Step.GRANT, untrusted, cause.verify_message)
        if isinstance(cause, ssl.SSLError):
            return PlaceTrouble(Step.GRANT, Trouble.NO_TLS, cause.reason or "")
        if isinstance(cause, ConnectionRefusedError):
            return PlaceTrouble(Step.GRANT, Trouble.CONNECTION_REFUSED)
        cause = cause.__cause__ or cause.__context__
    return PlaceTrouble(Step.GRANT, Trouble.CONNECTION_LOST)
