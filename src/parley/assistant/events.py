"""What can happen with the assistant's answers, and with what is learnt from them."""

from __future__ import annotations

from dataclasses import dataclass

from parley.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class AnswerHelped(Event):
    """The asker says that the answer to a question helped."""

    chat: int
    question: int
    party: int

    @property
    def subject(self) -> str:
        return f"chat:{self.chat}"


@dataclass(frozen=True, kw_only=True)
class GapEvent(Event):
    gap: int
    label: str

    @property
    def subject(self) -> str:
        return f"gap:{self.gap}"


@dataclass(frozen=True, kw_only=True)
class GapSettled(GapEvent):
    """Somebody has seen to an article to write; `times` is how often it had been asked."""

    times: int


@dataclass(frozen=True, kw_only=True)
class GapReopened(GapEvent):
    """It is to be written after all."""


@dataclass(frozen=True, kw_only=True)
class ArticleDrafted(Event):
    """A draft was made from what people ask (`gap`), or from how a ticket was resolved (`ticket`)."""

    article: int
    gap: int | None = None
    ticket: int | None = None

    @property
    def subject(self) -> str:
        return f"article:{self.article}"


@dataclass(frozen=True, kw_only=True)
class WordingDecided(Event):
    """An editor lets a way of asking for an article count from now on (`taken`), or not."""

    question: int
    article: int
    language: str
    text: str
    taken: bool

    @property
    def subject(self) -> str:
        return f"article:{self.article}"


@dataclass(frozen=True, kw_only=True)
class ThresholdsChanged(Event):
    """From which confidence on it answers and offers, and what that was before."""

    answer: float
    offer: float
    answer_was: float
    offer_was: float

    @property
    def subject(self) -> str:
        return "assistant:thresholds"
