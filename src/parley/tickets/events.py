"""What can happen to a ticket. `seen` are the parties that may know of it: nobody else is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from parley.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class TicketEvent(Event):
    ticket: int
    seen: tuple[int, ...]

    @property
    def subject(self) -> str:
        return f"ticket:{self.ticket}"

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(
            topic
            for party in self.seen
            for topic in (f"ticket/{self.ticket}/{party}", f"party/{party}")
        )


@dataclass(frozen=True, kw_only=True)
class Moved(TicketEvent):
    """The root of the events that are transitions.

    They say where the ticket stands afterwards, whether a clock has to start or stop, and whose turn
    it was before.
    """

    status: str
    turn: str
    dispute: str
    clock_moved: bool
    was: str = ""


@dataclass(frozen=True, kw_only=True)
class TicketOpened(Moved):
    """`via` says by which way it came in, where the parties and the topic don't tell: `api`, `mail`."""

    message: int
    via: str = ""


@dataclass(frozen=True, kw_only=True)
class ReplyPosted(Moved):
    message: int


@dataclass(frozen=True, kw_only=True)
class InformationAsked(Moved):
    message: int
    asked: str


@dataclass(frozen=True, kw_only=True)
class MessagePosted(TicketEvent):
    """A message for one side and the operator, or an internal note: it moves nobody's turn."""

    message: int


@dataclass(frozen=True, kw_only=True)
class TicketCancelled(Moved):
    pass


@dataclass(frozen=True, kw_only=True)
class TicketClosed(Moved):
    pass


@dataclass(frozen=True, kw_only=True)
class TicketRated(Moved):
    stars: int


@dataclass(frozen=True, kw_only=True)
class TicketExpired(Moved):
    """Neither continued nor rated in time: completed by itself."""


@dataclass(frozen=True, kw_only=True)
class OperatorAsked(Moved):
    """A party asked the operator to decide."""

    message: int


@dataclass(frozen=True, kw_only=True)
class OperatorSteppedIn(Moved):
    message: int


@dataclass(frozen=True, kw_only=True)
class DisputeDecided(Moved):
    message: int
    outcome: str


@dataclass(frozen=True, kw_only=True)
class TicketAssigned(TicketEvent):
    assignee: int | None


@dataclass(frozen=True, kw_only=True)
class TicketPassed(TicketEvent):
    """It is another team's now, or no team's; `name` is what that one is called."""

    team: int | None
    was: int | None
    name: str


@dataclass(frozen=True, kw_only=True)
class PriorityChanged(TicketEvent):
    priority: str
    was: str


@dataclass(frozen=True, kw_only=True)
class CompletionReminded(TicketEvent):
    """It will complete by itself in a day."""

    completes_at: str


@dataclass(frozen=True, kw_only=True)
class FileReady(TicketEvent):
    """A file that the message has sent was looked at, and may be had from now on."""

    message: int
    file: str


@dataclass(frozen=True, kw_only=True)
class FileKeptBack(TicketEvent):
    """A file that the message of `party` has sent is kept from everyone; `found`: what is in it."""

    message: int
    file: str
    name: str
    found: str
    party: int


@dataclass(frozen=True, kw_only=True)
class EvidenceTaken(TicketEvent):
    """Somebody took the evidence file; the hash is that of its list of hashes."""

    sha256: str


@dataclass(frozen=True, kw_only=True)
class PersonVerified(TicketEvent):
    """An agent was told a person's support PIN, and it was right; only the operator knows."""

    person: int


@dataclass(frozen=True, kw_only=True)
class TicketTagged(TicketEvent):
    """A tag was put on, or taken off."""

    tag: int
    name: str
    on: bool


@dataclass(frozen=True, kw_only=True)
class TagsChanged(Event):
    """The operator changed its list of tags: `what` is added or changed.

    `changed`: field → (before, after).
    """

    tag: int
    what: str
    changed: dict[str, Any]

    @property
    def subject(self) -> str:
        return f"tag:{self.tag}"


@dataclass(frozen=True, kw_only=True)
class TicketLinked(TicketEvent):
    """It was said how the ticket stands to the `other`, or that it does so no more."""

    other: int
    link: str
    on: bool


@dataclass(frozen=True, kw_only=True)
class TicketMerged(Moved):
    """All that was said on the ticket is on another one now; its number leads there."""

    into: int
    messages: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class TicketTookIn(Moved):
    """What was said on `source` is on this ticket now.

    `known` are the parties that may know of it, those of `source`; `narrowed` are the messages that
    everyone on `source` could read, and of which `audience` is now the one party beside the operator.
    """

    source: int
    known: tuple[int, ...]
    messages: tuple[int, ...]
    narrowed: tuple[int, ...] = ()
    audience: int | None = None


@dataclass(frozen=True, kw_only=True)
class TicketSplit(TicketEvent):
    """These messages are on a ticket of their own now, `into`."""

    into: int
    messages: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class TicketSnoozed(TicketEvent):
    """Put aside until then (ISO 8601), or empty: until somebody outside the operator says something."""

    until: str
    was: str = ""


@dataclass(frozen=True, kw_only=True)
class TicketWoken(TicketEvent):
    """Back in the queues; `why` is time, reply, end or hand. `person` is who had put it aside."""

    why: str
    person: int | None
    was: str = ""


@dataclass(frozen=True, kw_only=True)
class ReplyNotSent(TicketEvent):
    """A reply that waited to be sent could not be: `why`. It waits for its `sender` (a person)."""

    sender: int
    why: str


@dataclass(frozen=True, kw_only=True)
class OpenedWithFields(TicketEvent):
    """What was filled in of a topic's custom fields when the ticket was opened.

    `fields`: the id of each → its `names` by language, and in words, by language where they differ,
    what it `was` and is `now`. So it reads the same when a field or an option is renamed.
    """

    fields: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class FieldsChanged(TicketEvent):
    """What stands in fields that everyone on the ticket reads was changed; `fields` as above."""

    fields: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class FieldsChangedApart(TicketEvent):
    """The same, of fields that one side and the operator read, or the operator alone."""

    fields: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class CategoryKept(Event):
    """The operator added or changed (`what`) a category of topics; `changed`: field → (before, after)."""

    category: int
    what: str
    changed: dict[str, Any]

    @property
    def subject(self) -> str:
        return f"category:{self.category}"


@dataclass(frozen=True, kw_only=True)
class TopicKept(Event):
    """The operator added or changed (`what`) a topic; `changed`: field → (before, after)."""

    topic: int
    what: str
    changed: dict[str, Any]

    @property
    def subject(self) -> str:
        return f"topic:{self.topic}"


@dataclass(frozen=True, kw_only=True)
class CustomFieldKept(Event):
    """The operator added, changed or moved (`what`) a custom field of a topic.

    `changed`: field → (before, after).
    """

    topic: int
    field: int
    what: str
    changed: dict[str, Any]

    @property
    def subject(self) -> str:
        return f"field:{self.field}"
