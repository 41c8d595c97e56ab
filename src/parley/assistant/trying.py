"""Trying a question: what the assistant would say to it, and from which numbers it comes to that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import translation

from parley.assistant import composing, small_talk
from parley.assistant.drafts import Draft
from parley.assistant.intents import intent_of
from parley.assistant.retrieving import Hit, retrieve
from parley.assistant.thresholds import Thresholds, thresholds
from parley.parties.models import Membership, Party, PartyKind, Role

LONGEST = 1_000
"""Characters of a question that are tried."""


@dataclass(frozen=True)
class Trial:
    """What came of it: `draft` is what would be said, None where it goes by the asker's own rows."""

    draft: Draft | None
    hits: Sequence[Hit]
    confidence: float | None
    limits: Thresholds


def try_question(text: str, *, language: str, kind: str) -> Trial:
    """What somebody of a `kind` of party (empty: a stranger) would be told, without a model.

    Nobody is told anything, and nothing is kept.
    """
    limits = thresholds()
    text = text[:LONGEST]
    with translation.override(language):
        if said := small_talk.answer(text):
            return Trial(said, (), None, limits)
        if intent_of(text):
            return Trial(None, (), None, limits)
        found = retrieve(text, language=language, reader=_somebody(kind))
        draft = composing.built_in(found, language, question=text)
        return Trial(draft, found.hits, found.confidence, limits)


def _somebody(kind: str) -> Membership | None:
    """A reader of this kind, who is nobody in particular."""
    if kind not in (PartyKind.SELLER, PartyKind.SUPPLIER):
        return None
    return Membership(party=Party(kind=kind), role=Role.MEMBER)
