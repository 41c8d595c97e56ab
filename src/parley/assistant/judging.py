"""How sure it is that the best article answers the question: a chance, from 0 to 1."""

from __future__ import annotations

from parley.assistant.library import Numbers, Places
from parley.assistant.matching import Asked, Matches


def confidence(asked: Asked, matches: Matches, ranked: Places, scores: Numbers) -> float:
    """The chance that the first of `ranked` (places of texts, best first) answers the question."""
    if not len(ranked):
        return 0.0
    best = ranked[0]
    return float(min(1.0, max(0.0, matches.signals[best, 0])))
