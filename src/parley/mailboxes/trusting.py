"""Whether a mail is from where it says: nobody is believed who has not shown it."""

from __future__ import annotations

from dataclasses import dataclass

from parley.mail_parsing.understood import Understood
from parley.mailboxes.models import Mailbox


@dataclass(frozen=True)
class Proof:
    """By what a mail's From is proven: `dmarc`, `dkim`, or empty, and then `why` not.

    `temporary`: it could not be looked up now.
    """

    method: str
    why: str = ""
    temporary: bool = False


def proof_of(raw: bytes, understood: Understood, mailbox: Mailbox | None) -> Proof:
    """By what the mail is proven to be from the address in its From."""
    return Proof("", "unsigned")
