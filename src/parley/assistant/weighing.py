"""How much each signal counts towards an article being the one that answers."""

from __future__ import annotations

import numpy as np

from parley.assistant.library import Numbers
from parley.assistant.matching import SIGNALS

WEIGHTS: dict[str, float] = {
    "meaning": 1.65,
    "meaning_of_phrase": 0.5,
    "meaning_of_passage": 3.7,
    "meaning_throughout": 7.5,
    "beyond_common": 6.3,
    "covered": 0.2,
    "covered_by_title": 0.2,
    "covered_by_passage": 0.4,
    "spelling": 0.5,
    "ranked_words": 0.9,
    "near_words": 9.2,
    "near_title_words": 3.3,
}
"""Learned: with them the article that answers is the likeliest (docs/assistant.md, how and on what)."""

_IN_ORDER = np.array([WEIGHTS[name] for name in SIGNALS], dtype=np.float32)


def scores(signals: Numbers) -> Numbers:
    """One score for each row of signals. Their exponents stand to each other as the chances do."""
    weighed: Numbers = signals @ _IN_ORDER
    return weighed
