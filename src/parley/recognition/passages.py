"""A passage of the plain text that one of the readers took for something."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Passage:
    """`start` and `end` are places in the plain text; `key` is what `known` is compared with."""

    kind: str
    start: int
    end: int
    key: str


def key(text: str) -> str:
    """`text` as it is compared: small letters and digits, nothing else."""
    return "".join(c for c in text.lower() if c.isalnum())
