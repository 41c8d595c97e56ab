"""What can happen to a channel. `seen` is its seller; the operator reads all of it in the journal."""

from __future__ import annotations

from dataclasses import dataclass

from parley.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class ChannelEvent(Event):
    channel: int
    seen: tuple[int, ...]

    @property
    def subject(self) -> str:
        return f"channel:{self.channel}"

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(f"channels/{party}" for party in self.seen)


@dataclass(frozen=True, kw_only=True)
class ChannelAdded(ChannelEvent):
    kind: str
    name: str


@dataclass(frozen=True, kw_only=True)
class ChannelChanged(ChannelEvent):
    """`fields` names what was changed; secrets are only named, never said."""

    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ChannelSwitched(ChannelEvent):
    """On or off."""

    active: bool


@dataclass(frozen=True, kw_only=True)
class ChannelLost(ChannelEvent):
    """The channel can't be reached; told once, until it can be again."""

    code: str


@dataclass(frozen=True, kw_only=True)
class ChannelFound(ChannelEvent):
    """It can be reached again."""


@dataclass(frozen=True, kw_only=True)
class DeliveryFailed(ChannelEvent):
    """What was sent can't be made into an order; it stands in the list, to be tried again."""

    delivery: int
    code: str


@dataclass(frozen=True, kw_only=True)
class DeliveryTriedAgain(ChannelEvent):
    delivery: int


@dataclass(frozen=True, kw_only=True)
class FileUploaded(ChannelEvent):
    file: int
    name: str


@dataclass(frozen=True, kw_only=True)
class FileStarted(ChannelEvent):
    file: int


@dataclass(frozen=True, kw_only=True)
class FileTakenIn(ChannelEvent):
    file: int
    made: int
    known: int
    refused: int


@dataclass(frozen=True, kw_only=True)
class FileFailed(ChannelEvent):
    file: int
