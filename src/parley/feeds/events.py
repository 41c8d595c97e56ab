"""What can happen to imports of stock, prices and products."""

from __future__ import annotations

from dataclasses import dataclass

from parley.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class FeedEvent(Event):
    supplier: int

    @property
    def subject(self) -> str:
        return f"supplier:{self.supplier}"


@dataclass(frozen=True, kw_only=True)
class FeedSetUp(FeedEvent):
    """A file is fetched on a schedule from now on, or by other rules than before."""

    feed: int
    name: str


@dataclass(frozen=True, kw_only=True)
class FeedSwitched(FeedEvent):
    feed: int
    active: bool


@dataclass(frozen=True, kw_only=True)
class FileImported(FeedEvent):
    """A file was applied: so many products were added and changed, so many rows refused.

    Changes of stock alone are recorded by this entry, all others each by its own.
    """

    run: int
    added: int
    changed: int
    refused: int


@dataclass(frozen=True, kw_only=True)
class ImportFailed(FeedEvent):
    run: int
    trouble: str
