"""One setting: the variable that holds it, how it is read, and what it is for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import Any


def setting(
    variable: str,
    reads: Callable[[str], Any],
    default: Any,
    says: str,
    *,
    secret: bool = False,
    default_in_words: str = "",
) -> Any:
    """A field of the settings' dataclass.

    `reads` makes its value of the variable's text and raises ValueError with what is wanted in words;
    a `secret` may stand in a file (`<variable>_FILE`) and is never shown.
    """
    words = default_in_words or _in_words(default)
    about = {
        "variable": variable,
        "reads": reads,
        "says": says,
        "secret": secret,
        "default": words,
    }
    return field(default=default, metadata=about, repr=not secret)


def _in_words(default: Any) -> str:
    if default is None or default == ():
        return "none"
    if isinstance(default, bool):
        return "yes" if default else "no"
    return str(default)
