"""What can happen in the help centre. `changed` holds, of each thing changed, what it was and is now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from parley.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class ArticleEvent(Event):
    article: int

    @property
    def subject(self) -> str:
        return f"article:{self.article}"


@dataclass(frozen=True, kw_only=True)
class ArticleChanged(ArticleEvent):
    """For whom it is, where it lies, or what it is related to, was changed."""

    changed: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class TextSetAside(ArticleEvent):
    """A draft gave way to another text: it is kept whole, here.

    `why` is `replaced` (somebody else's came in its place), `discarded`, or `restored` (an old
    version came in its place). `whose` is the person who had written it, if that is known.
    """

    language: str
    why: str
    whose: int | None
    title: str
    summary: str
    body: str
    also_asked_as: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ArticleRemoved(ArticleEvent):
    """It never was published, and its last draft was thrown away."""

    path: str


@dataclass(frozen=True, kw_only=True)
class ArticleImageAdded(ArticleEvent):
    path: str


@dataclass(frozen=True, kw_only=True)
class CollectionsChanged(Event):
    """`what` is `added`, `changed`, `moved` or `removed`."""

    collection: int
    what: str
    changed: dict[str, Any]

    @property
    def subject(self) -> str:
        return f"collection:{self.collection}"


@dataclass(frozen=True, kw_only=True)
class MissedSearchSettled(Event):
    """An editor has seen to what people searched for and did not find."""

    missed: int
    words: str

    @property
    def subject(self) -> str:
        return f"missed_search:{self.missed}"


@dataclass(frozen=True, kw_only=True)
class ArticleAdded(ArticleEvent):
    path: str


@dataclass(frozen=True, kw_only=True)
class DraftKept(ArticleEvent):
    """What is being written in one language was changed; readers see what is published."""

    language: str


@dataclass(frozen=True, kw_only=True)
class ArticlePublished(ArticleEvent):
    """Readers see this version from now on, in this language."""

    language: str
    version: int
    path: str
    title: str


@dataclass(frozen=True, kw_only=True)
class ArticleWithdrawn(ArticleEvent):
    """Readers see it no more: in this language, or, where that is empty, in any."""

    path: str
    language: str = ""


@dataclass(frozen=True, kw_only=True)
class ArticleRestored(ArticleEvent):
    """What was withdrawn is there again, as it was."""

    path: str


@dataclass(frozen=True, kw_only=True)
class ArticleRenamed(ArticleEvent):
    """It has another address; the one before leads to it."""

    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class OpinionGiven(ArticleEvent):
    """Somebody said whether it helped."""

    language: str
    helped: bool
    reason: str
