"""How sure it is that the best article answers the question: a chance, from 0 to 1.

That an article is the best of all says little: there is always one. What tells is by how much it is
better than the next ones, and whether the question's words are there, above all names.
"""

from __future__ import annotations

import numpy as np

from parley.assistant.library import Numbers, Places
from parley.assistant.matching import SIGNALS, Asked, Matches

WEIGHTS: dict[str, float] = {
    "chance": 1.706,
    "ahead_of_next": 0.146,
    "ahead_of_five": 0.248,
    "score": 0.032,
    "near_words": 2.933,
    "near_title_words": 0.424,
    "covered_by_passage": -0.609,
    "missing_most": 0.485,
    "name_missing": -0.402,
    "words": 1.057,
}
"""Learned by logistic regression; docs/assistant.md says what each one is, how and on what."""
CONSTANT = -7.346

FURTHER = 5
"""Articles behind the best one that it is compared with."""
NEAR_ENOUGH = 0.9
"""From which likeness on another word stands for a name: another ending, or script."""


def confidence(asked: Asked, matches: Matches, ranked: Places, scores: Numbers) -> float:
    """The chance that the first of `ranked` (places of texts, best first) answers the question."""
    if not len(ranked) or not asked.words:
        return 0.0
    evidence = evidence_for(asked, matches, ranked, scores)
    weighed = CONSTANT + sum(WEIGHTS[name] * value for name, value in evidence.items())
    return float(1 / (1 + np.exp(-weighed)))


def evidence_for(
    asked: Asked, matches: Matches, ranked: Places, scores: Numbers
) -> dict[str, float]:
    """What speaks for and against the first of `ranked`, by name."""
    best = int(ranked[0])
    row = matches.signals[best]
    standing = scores[ranked].astype(np.float64)
    chances = np.exp(standing - standing[0])
    behind = standing[1 : 1 + FURTHER]
    rarity = np.minimum(1, matches.rarity / np.log(len(scores) + 1))
    missing = rarity * (1 - matches.near[:, best])
    return {
        "chance": float(1 / chances.sum()),
        "ahead_of_next": float(standing[0] - behind[0]) if len(behind) else 0.0,
        "ahead_of_five": float(standing[0] - behind.mean()) if len(behind) else 0.0,
        "score": float(standing[0]),
        "near_words": float(row[SIGNALS.index("near_words")]),
        "near_title_words": float(row[SIGNALS.index("near_title_words")]),
        "covered_by_passage": float(row[SIGNALS.index("covered_by_passage")]),
        "missing_most": float(missing.max()),
        "name_missing": _name_missing(asked, matches, best),
        "words": float(np.log1p(len(asked.words))),
    }


def _name_missing(asked: Asked, matches: Matches, text: int) -> float:
    """Whether the question names something that the text does not: a product, a channel, a number."""
    there = (matches.covered[:, text] > 0) | (matches.near[:, text] >= NEAR_ENOUGH)
    return float(
        any(word in asked.names and not has for word, has in zip(asked.words, there, strict=True))
    )
