"""Text that a spreadsheet would take for a formula (CSV injection, see OWASP) is made plain text.

A name like `=HYPERLINK(…)` in an order would otherwise run on the machine of whoever opens the file.
Numbers stay numbers, and phone numbers stay as they can be dialled: `+44 20 7946 0958` can do nothing.
"""

from __future__ import annotations

import re

_STARTS = re.compile(r"^[\s\u200b\ufeff]*[=+\-@\t\r\n＝＋－＠|%]")
_HARMLESS = re.compile(r"(?a:[+-]?\d+(?:[.,]\d+)?|\+\d[\d ()/.-]*)\Z")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
"""What no XML may have (XML 1.0, 2.2), a spreadsheet refuses, and nobody can see."""


def defused(text: str) -> str:
    """The text as a cell that no spreadsheet computes: with an apostrophe before it, if need be."""
    if not _STARTS.match(text) or _HARMLESS.match(text):
        return text
    return f"'{text}"


def seen(text: str) -> str:
    """The text without characters that can't be seen and that no file format takes."""
    return _UNSEEN.sub("", text)
