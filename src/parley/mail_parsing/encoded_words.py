"""Encoded words in headers (RFC 2047, RFC 2231 5), as they should be and as they are."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass

from parley.mail_parsing.charsets import decode

_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?((?:[^?=]|=(?!\?[^=])|\?(?!=)){0,8000}?)\?=")
_CUT_OFF = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?\s]{1,2000})\??$")
_HEXADECIMAL = re.compile(rb"=([0-9A-Fa-f]{2})")
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]")


@dataclass
class _Run:
    """Words that stand side by side in one charset: a character may begin in one and end in the next."""

    charset: str
    words: list[tuple[str, str]]

    def text(self, hint: str) -> str:
        content, open_base64 = bytearray(), ""
        for encoding, payload in self.words:
            if encoding == "b":
                # Padding ends a piece, also in the middle of a word.
                *pieces, last = payload.rstrip("= ").split("=")
                for piece in pieces:
                    content += _base64(open_base64 + _NOT_BASE64.sub("", piece))
                    open_base64 = ""
                open_base64 += _NOT_BASE64.sub("", last)
                if payload.endswith("=") or len(open_base64) % 4 == 0:
                    content += _base64(open_base64)
                    open_base64 = ""
                continue
            content += _base64(open_base64) + _quoted(payload)
            open_base64 = ""
        content += _base64(open_base64)
        return decode(bytes(content), self.charset, hint)


def decode_words(text: str, hint: str = "") -> str:
    """The text of a header's value, its encoded words decoded; linear, never raises.

    `hint` is the charset of the mail, for words whose own charset nobody knows.
    """
    if "=?" not in text:
        return text
    pieces: list[str] = []
    run: _Run | None = None
    at = 0
    for word in _WORD.finditer(text):
        between = text[at : word.start()]
        at = word.end()
        charset, encoding = word[1].partition("*")[0].lower(), word[2].lower()
        if run and not between.strip():
            if run.charset == charset:
                run.words.append((encoding, word[3]))
                continue
            between = ""
        if run:
            pieces.append(run.text(hint))
        pieces.append(between)
        run = _Run(charset, [(encoding, word[3])])
    if run:
        pieces.append(run.text(hint))
    pieces.append(_last(text[at:], hint, bool(run)))
    return "".join(pieces)


def _last(rest: str, hint: str, after_a_word: bool) -> str:
    """What follows the last whole word; a word that was cut off is read as far as it goes."""
    cut = _CUT_OFF.search(rest)
    if not cut:
        return rest
    before = rest[: cut.start()]
    if after_a_word and not before.strip():
        before = ""
    return before + _Run(cut[1].lower(), [(cut[2].lower(), cut[3])]).text(hint)


def _base64(letters: str) -> bytes:
    if not letters:
        return b""
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    try:
        return binascii.a2b_base64(letters + "=" * (-len(letters) % 4))
    except (binascii.Error, ValueError):
        return letters.encode("ascii", "replace")


def _quoted(payload: str) -> bytes:
    raw = payload.replace("_", " ").encode("utf-8", "surrogateescape")
    return _HEXADECIMAL.sub(lambda found: bytes((int(found[1], 16),)), raw)
