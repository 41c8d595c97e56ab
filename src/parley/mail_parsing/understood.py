"""What a mail means: what `understanding.understand` gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from typing import Any


@dataclass(frozen=True)
class Address:
    """A mailbox as a header names it: the name decoded, the address with its domain in lower case."""

    address: str
    name: str = ""

    def __str__(self) -> str:
        if not self.name:
            return self.address
        plain = self.name.replace("\\", "").replace('"', "")
        shown = f'"{plain}"' if any(c in '()<>[]:;@,."' for c in self.name) else self.name
        return f"{shown} <{self.address}>"

    @classmethod
    def of(cls, typed: str) -> Address:
        """The address in `Anna <anna@shop.example>`."""
        name, address = parseaddr(typed)
        return cls(address, name)


@dataclass(frozen=True, kw_only=True)
class File:
    """An attachment. `name` is fit to show, never empty; `content_id` without its angle brackets.

    `inline`: it stands in the text (a picture that the HTML shows), and is not a file of its own.
    """

    name: str
    media_type: str
    content: bytes
    content_id: str = ""
    inline: bool = False

    @property
    def size(self) -> int:
        """In bytes, decoded."""
        return len(self.content)


@dataclass(frozen=True)
class Automatic:
    """No person wrote this mail now. `why` is a key of `automatic.REASONS`; `evidence` the header's line."""

    why: str
    evidence: str = ""


@dataclass(frozen=True, kw_only=True)
class Bounce:
    """A mail of ours that did not arrive (RFC 3464, or what servers say without it).

    `status` is an enhanced status code (RFC 3463, `5.1.1`; empty: none is told). `about` is the
    Message-ID of the mail that did not arrive, where it is told. `words` is what the server said.
    """

    address: str
    status: str
    permanent: bool
    about: str = ""
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Understood:
    """One mail, understood.

    `text` is what its writer wrote in it; `folded` what they quoted, `signature` how they signed:
    nothing is in none of the three. `delivered_to` are the addresses that the servers on the way
    name as those it went to. `authentication` are the values of its Authentication-Results headers,
    topmost first (RFC 8601), not yet trusted. `own_mark` is the value of X-Parley. `troubles` are
    words about what was broken in it, for people who look for a cause.
    """

    sender: Address | None
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    delivered_to: tuple[str, ...] = ()
    subject: str = ""
    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    date: datetime | None = None
    text: str = ""
    folded: str = ""
    signature: str = ""
    files: tuple[File, ...] = ()
    automatic: Automatic | None = None
    bounce: Bounce | None = None
    authentication: tuple[str, ...] = ()
    own_mark: str = ""
    troubles: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As `parley mail understand` prints it."""
        return {
            "from": str(self.sender) if self.sender else "",
            "to": [str(one) for one in self.to],
            "cc": [str(one) for one in self.cc],
            "subject": self.subject,
            "message_id": self.message_id,
            "in_reply_to": " ".join(self.in_reply_to),
            "references": list(self.references),
            "date": self.date.isoformat() if self.date else None,
            "text": self.text,
            "folded": self.folded,
            "signature": self.signature,
            "attachments": [
                {"name": one.name, "type": one.media_type, "size": one.size, "inline": one.inline}
                for one in self.files
            ],
            "automatic": {"why": self.automatic.why, "evidence": self.automatic.evidence}
            if self.automatic
            else None,
            "bounce": {
                "address": self.bounce.address,
                "status": self.bounce.status,
                "permanent": self.bounce.permanent,
                "about": self.bounce.about,
                "words": self.bounce.words,
            }
            if self.bounce
            else None,
            "troubles": list(self.troubles),
        }
