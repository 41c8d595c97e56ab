"""Which of two alternatives says what was written: the plain text, unless it stands in for the HTML."""

from __future__ import annotations

import re

from parley.mail_parsing.html_text import as_text

_MARKUP = re.compile(r"\s*<(?:!doctype|html|head|body|div|p|table|meta)\b", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:div|p|br|span|td|tr|table|font|a|b|html|body)\b[^>]{0,300}>", re.IGNORECASE
)
_WORD = re.compile(r"\w+")
_LOST_LETTERS = re.compile("\\?{3,}|\ufffd")
_STAND_IN = 1_500
"""A plain text longer than this is no stand-in."""
_FAR_SHORTER = 4
_LEAST = 120


def is_better_read_as_html(plain: str, html: str) -> bool:
    """Whether the plain text is empty, HTML itself, without its letters, or only a hint at the HTML."""
    if not plain.strip():
        return True
    if looks_like_markup(plain):
        return True
    if len(plain) > _STAND_IN and not _LOST_LETTERS.search(plain, 0, _STAND_IN):
        return False
    shown = as_text(html)
    if _lost(plain) > _lost(shown) and _lost(plain) * 8 > len(_WORD.findall(plain)):
        return True
    written, seen = _size(plain), _size(shown)
    return seen > _LEAST and written * _FAR_SHORTER < seen


def looks_like_markup(plain: str) -> bool:
    """Whether what is said to be plain text is HTML."""
    return bool(_MARKUP.match(plain)) and len(_TAG.findall(plain[:4_000])) >= 2


def says_the_same(plain: str, html: str) -> bool:
    """Whether the two are one text twice, though the mail does not call them alternatives."""
    written, seen = _WORD.findall(plain), _WORD.findall(as_text(html))
    if not written or not seen:
        return False
    known = set(seen)
    shared = sum(word in known for word in written)
    return shared * 10 >= len(written) * 9 and len(written) * 2 >= len(seen)


def _lost(text: str) -> int:
    return len(_LOST_LETTERS.findall(text))


def _size(text: str) -> int:
    return sum(map(len, _WORD.findall(text)))
