"""How much each signal counts towards an article being the one that answers."""

from __future__ import annotations

import numpy as np

from parley.assistant.library import Numbers
from parley.assistant.matching import SIGNALS

WEIGHTS: dict[str, float] = {
    "meaning": 1.54,
    "meaning_of_phrase": 0.5,
    "meaning_of_passage": 2.99,
    "meaning_throughout": 8.77,
    "beyond_common": 6.97,
    "covered": 0.0,
    "covered_by_title": 0.0,
    "covered_by_passage": 0.6,
    "spelling": 0.2,
    "ranked_words": 0.71,
    "near_words": 9.51,
    "near_title_words": 3.62,
}
"""Learned: with them the article that answers is the likeliest (docs/assistant.md, how and on what)."""

_IN_ORDER = np.array([WEIGHTS[name] for name in SIGNALS], dtype=np.float32)


def scores(signals: Numbers) -> Numbers:
    """One score for each row of signals. Their exponents stand to each other as the chances do."""
    weighed: Numbers = signals @ _IN_ORDER
    return weighed
