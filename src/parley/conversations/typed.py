"""What people type, made fit to keep."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def typed(text: str) -> str:
    """`text` without what no database keeps: NUL, and single halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def typed_line(text: str) -> str:
    """`text` as one line, trimmed: a title, a number, a name, fit for a mail's header too."""
    line = " ".join(typed(text).split())
    seen = "".join(c for c in line if c.isprintable() or c in _JOINERS)
    # What stood between two blanks may be gone.
    return " ".join(seen.split())


def typed_fields(
    fields: dict[str, Any], fit: Callable[[str], str] = lambda text: text
) -> dict[str, Any]:
    """The texts among a form's fields made fit to keep, at any depth; and by `fit`, too."""
    return {typed(name): _typed(value, fit) for name, value in fields.items()}


# Persian and Indic words, and many emoji, are not spelt without them.
_JOINERS = "\u200c\u200d"


def _typed(value: Any, fit: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return fit(typed(value))
    if isinstance(value, dict):
        return typed_fields(value, fit)
    if isinstance(value, (list, tuple)):
        return [_typed(one, fit) for one in value]
    return value
