"""What can happen to mail that comes in."""

from __future__ import annotations

from dataclasses import dataclass

from parley.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class MailEvent(Event):
    mail: int

    @property
    def subject(self) -> str:
        return f"mail:{self.mail}"


@dataclass(frozen=True, kw_only=True)
class MailTaken(MailEvent):
    """A mail was written into a ticket (`opened`: a new one), as one of `party`'s people.

    `verified` is how that person was known: see `RawMail`. `answered`: its sender, who is proven, may be
    told so by an automatic answer.
    """

    ticket: int
    message: int
    opened: bool
    verified: str
    answered: bool = False


@dataclass(frozen=True, kw_only=True)
class MailHeldForReview(MailEvent):
    """A mail waits until somebody has looked at it; `why` is a key of `mailboxes.reasons`."""

    why: str


@dataclass(frozen=True, kw_only=True)
class MailReviewed(MailEvent):
    """Somebody has looked at it: `let_in`, `opened` or `declined`."""

    outcome: str


@dataclass(frozen=True, kw_only=True)
class MailTriedAgain(MailEvent):
    """Somebody has it taken in anew."""


@dataclass(frozen=True, kw_only=True)
class MailDownloaded(MailEvent):
    """An administrator took the mail as it came."""


@dataclass(frozen=True, kw_only=True)
class MailCameBack(MailEvent):
    """A mail of ours did not arrive. `about` is its Message-ID (empty: none of ours is told).

    `people` are those at the address that is named, if one is (`named`); `words` is what the server said,
    without addresses. `proven`: a mail provider says so, who has shown who they are. Of what comes by
    mail anybody may be the writer: that counts only if `about` is a Message-ID that nobody but we could
    have made, for a mail to that address (`marked`), or of a mail that is known.
    """

    people: tuple[int, ...]
    named: bool
    status: str
    permanent: bool
    about: str
    words: str
    marked: bool = False
    proven: bool = False


@dataclass(frozen=True, kw_only=True)
class MailboxEvent(Event):
    mailbox: int

    @property
    def subject(self) -> str:
        return f"mailbox:{self.mailbox}"


@dataclass(frozen=True, kw_only=True)
class MailboxChanged(MailboxEvent):
    """What was set is in `before` and `after`, without any secret; a new one has no `before`."""

    before: dict[str, str]
    after: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class MailboxRemoved(MailboxEvent):
    address: str


@dataclass(frozen=True, kw_only=True)
class ReplyAddressesRevoked(Event):
    """What a person answered to so far (about one ticket, or all of it) takes no answers any more."""

    person: int
    ticket: int | None
    count: int

    @property
    def subject(self) -> str:
        return f"person:{self.person}"
