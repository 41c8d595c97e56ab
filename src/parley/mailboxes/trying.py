"""Trying the servers of a mailbox out before anything is saved: each step, and what went wrong at which."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from parley.mailboxes.connecting import (
    Server,
    close_imap,
    imap_at,
    open_imap,
    open_smtp,
    seconds_left,
    sign_in,
    sign_in_smtp,
)
from parley.mailboxes.models import Security
from parley.mailboxes.tokens import Grant, new_token
from parley.transfer.troubles import PlaceTrouble, Trouble, in_words
from parley.transfer.troubles import Step as At

SECONDS_FOR_ALL = 25.0
"""For every step of both servers together: a person waits for it."""
SECONDS_FOR_ONE = 10.0


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a trial.

    `name`: `token`, `imap_connection`, `imap_tls`, `imap_sign_in`, `imap_folder`, `imap_idle`, and
    `smtp_connection`, `smtp_tls`, `smtp_sign_in`. `words_code`: the Trouble where it is not `ok`,
    else `""`, or `no_idle` (it is looked into each half minute instead) and `not_encrypted`, which
    are no failures. `value`: a number or a name that belongs to it. `trouble` as it is kept.
    """

    name: str
    ok: bool = True
    words_code: str = ""
    value: str = ""
    trouble: dict[str, Any] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """What went wrong, in the language of whoever reads it now; empty where nothing did."""
        return in_words(self.trouble)


def try_token(grant: Grant, *, end: float) -> Step:
    """Ask for a token to sign in with, also where one is kept; `end` as of `try_imap`."""
    try:
        new_token(grant, seconds=min(SECONDS_FOR_ONE, seconds_left(end)))
    except PlaceTrouble as trouble:
        return _failed("token", trouble)
    return Step(name="token", value=urlsplit(grant.url).hostname or "")


def try_imap(server: Server, folder: str, *, end: float) -> Iterator[Step]:
    """Connect, secure, sign in, open the folder, ask for IDLE; ends at the first that fails.

    `end` (of `time.monotonic`) is when it has to be over.
    """
    yield from _until_one_fails("imap", _imap(server, folder, end))


def try_smtp(server: Server, *, end: float) -> Iterator[Step]:
    """Connect, secure, sign in; ends at the first that fails. Nothing is sent."""
    yield from _until_one_fails("smtp", _smtp(server, end))


def _until_one_fails(protocol: str, steps: Iterator[Step]) -> Iterator[Step]:
    try:
        for step in steps:
            yield replace(step, name=f"{protocol}_{step.name}")
    except PlaceTrouble as trouble:
        yield _failed(f"{protocol}_{_NAMES.get(trouble.step, 'connection')}", trouble)


def _failed(name: str, trouble: PlaceTrouble) -> Step:
    kept = trouble.kept()
    code, said = kept["trouble"], kept["detail"]
    return Step(name=name, ok=False, words_code=code, value=said, trouble=kept)


_NAMES = {
    At.CERTIFICATE: "tls",
    At.GRANT: "sign_in",
    At.SIGN_IN: "sign_in",
    At.FOLDER: "folder",
}


def _imap(server: Server, folder: str, end: float) -> Iterator[Step]:
    client = _opened(open_imap, server, end)
    try:
        yield Step(name="connection", value=f"{server.host}:{server.port}")
        yield _secured(server)
        client.socket().settimeout(min(SECONDS_FOR_ONE, seconds_left(end)))
        sign_in(client)
        yield Step(name="sign_in", value=server.user)
        with imap_at(At.FOLDER):
            opened = client.select_folder(folder, readonly=True)
        if opened.get(b"UIDVALIDITY") is None:
            raise PlaceTrouble(At.FOLDER, Trouble.OTHER_LANGUAGE)
        yield Step(name="folder", value=str(opened.get(b"EXISTS", 0)))
        with imap_at(At.CONNECTION):
            idles = client.has_capability("IDLE")
        yield Step(name="idle", words_code="" if idles else "no_idle")
    finally:
        close_imap(client)


def _smtp(server: Server, end: float) -> Iterator[Step]:
    client = _opened(open_smtp, server, end)
    try:
        yield Step(name="connection", value=f"{server.host}:{server.port}")
        yield _secured(server)
        if server.user:
            assert client.sock is not None
            client.sock.settimeout(min(SECONDS_FOR_ONE, seconds_left(end)))
            sign_in_smtp(client, server)
            yield Step(name="sign_in", value=server.user)
    finally:
        client.close()


def _opened(opens: Callable[[Server], Any], server: Server, end: float) -> Any:
    if time.monotonic() >= end:
        raise PlaceTrouble(At.CONNECTION, Trouble.TIMED_OUT)
    return opens(replace(server, timeout=min(SECONDS_FOR_ONE, seconds_left(end))))


def _secured(server: Server) -> Step:
    bare = server.security == Security.NONE
    return Step(name="tls", words_code="not_encrypted" if bare else "")
