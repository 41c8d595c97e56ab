"""What can happen to a chat. `party` and `asker` are its asker's: nobody else is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from parley.journal.events import Event


def chat_topic(conversation: int, party: int) -> str:
    """The live topic of a chat, as a party sees it: before it is handed over, and after."""
    return f"chat/{conversation}/{party}"


def typing_topic(conversation: int, party: int) -> str:
    """The live topic of who is typing in a chat or a ticket, as a party sees it."""
    return f"typing/{conversation}/{party}"


def own_topic(membership: int) -> str:
    """The live topic of all that somebody has in the messenger: for the list, and its number."""
    return f"chats/{membership}"


@dataclass(frozen=True, kw_only=True)
class ChatEvent(Event):
    conversation: int
    party: int
    asker: int

    @property
    def subject(self) -> str:
        return f"chat:{self.conversation}"

    @property
    def topics(self) -> tuple[str, ...]:
        return chat_topic(self.conversation, self.party), own_topic(self.asker)


@dataclass(frozen=True, kw_only=True)
class QuestionAsked(ChatEvent):
    """The asker said something to the assistant."""

    message: int
    language: str


@dataclass(frozen=True, kw_only=True)
class AssistantAnswered(ChatEvent):
    message: int


@dataclass(frozen=True, kw_only=True)
class ChatHelped(ChatEvent):
    """The asker says that this was the answer."""


@dataclass(frozen=True, kw_only=True)
class ChatHandedOver(ChatEvent):
    """The chat is with people from now on: a ticket on the same conversation."""

    ticket: int
    priority: str


@dataclass(frozen=True, kw_only=True)
class VisitorCame(Event):
    """Somebody without an account has said something for the first time."""

    visitor: int
    site: int | None

    @property
    def subject(self) -> str:
        return f"visitor:{self.visitor}"


@dataclass(frozen=True, kw_only=True)
class SiteChanged(Event):
    """Something of a site was set. Secrets are said to have been changed, and not what they are."""

    site: int
    fields: dict[str, Any]

    @property
    def subject(self) -> str:
        return f"site:{self.site}"
