"""Signing in with a token instead of a password: SASL OAUTHBEARER (RFC 7628), and XOAUTH2.

The latter is Google's and Microsoft's own, from before there was a standard. A token that was kept and
is refused is asked for anew, once: it may have been revoked, or made before something was permitted.
"""

from __future__ import annotations

import imaplib
import smtplib
from collections.abc import Callable, Collection
from typing import Any

from parley.mailboxes.tokens import Grant, Token, forget, new_token, token_of
from parley.transfer.troubles import PlaceTrouble, Step, Trouble

STANDARD, EARLIER = "OAUTHBEARER", "XOAUTH2"


class Bearer:
    """What is answered to a server that asks who is there: `mechanism`'s words for `user` and `token`."""

    def __init__(self, mechanism: str, user: str, token: str) -> None:
        self._answers = [_first_words(mechanism, user, token)]
        # A server that refuses says why, in JSON, and waits for this before it says no.
        self._acknowledged = "\x01" if mechanism == STANDARD else ""

    def __call__(self, challenge: bytes | None = None) -> str:
        """The next answer, before it is put into base64."""
        return self._answers.pop() if self._answers else self._acknowledged


def mechanism_of(offered: Collection[str]) -> str:
    """The one to use, of those a server offers (in capitals). Raises PlaceTrouble: it offers neither."""
    for mechanism in (STANDARD, EARLIER):
        if mechanism in offered:
            return mechanism
    raise PlaceTrouble(Step.SIGN_IN, Trouble.NO_OAUTH)


def bear_to_imap(client: imaplib.IMAP4, user: str, grant: Grant) -> None:
    """Sign in to an IMAP server. Raises PlaceTrouble, and what imaplib does when the line is cut."""
    mechanism = mechanism_of([one.removeprefix("AUTH=") for one in client.capabilities])

    def bear(token: str) -> None:
        try:
            client.authenticate(mechanism, Bearer(mechanism, user, token))  # type: ignore[arg-type]
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            raise _refused(str(error), for_now="[UNAVAILABLE]" in str(error)) from None

    _borne(grant, bear)


def bear_to_smtp(client: smtplib.SMTP, user: str, grant: Grant) -> None:
    """Sign in to an SMTP server that was greeted. Raises PlaceTrouble, and what smtplib does."""
    mechanism = mechanism_of(client.esmtp_features.get("auth", "").upper().split())

    def bear(token: str) -> None:
        try:
            # With the command itself, a token would be too long for its line (RFC 4954, 4).
            answers: Any = Bearer(mechanism, user, token)
            client.auth(mechanism, answers, initial_response_ok=False)
        except smtplib.SMTPAuthenticationError as error:
            said = error.smtp_error
            words = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
            raise _refused(words, for_now=error.smtp_code < 500) from None

    _borne(grant, bear)


def _refused(said: str, *, for_now: bool) -> PlaceTrouble:
    return PlaceTrouble(Step.SIGN_IN, Trouble.REFUSED if for_now else Trouble.NOT_LET_IN, said)


def _borne(grant: Grant, bear: Callable[[str], None]) -> None:
    token = token_of(grant)
    try:
        _once(grant, token, bear)
    except PlaceTrouble as trouble:
        if token.is_new or trouble.trouble != Trouble.NOT_LET_IN:
            raise
        _once(grant, new_token(grant), bear)


def _once(grant: Grant, token: Token, bear: Callable[[str], None]) -> None:
    try:
        bear(token.text)
    except PlaceTrouble as trouble:
        if trouble.trouble == Trouble.NOT_LET_IN:
            forget(grant, token)
        raise


def _first_words(mechanism: str, user: str, token: str) -> str:
    if mechanism == EARLIER:
        return f"user={user}\x01auth=Bearer {token}\x01\x01"
    name = user.replace("=", "=3D").replace(",", "=2C")  # RFC 5801, 4
    return f"n,a={name},\x01auth=Bearer {token}\x01\x01"
