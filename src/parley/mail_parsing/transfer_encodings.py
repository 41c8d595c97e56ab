"""Content-Transfer-Encoding (RFC 2045 6, and uuencode), with the damage that mails have."""

from __future__ import annotations

import binascii
import re
from itertools import islice

_SOFT_BREAK = re.compile(rb"=[ \t]+(?=\r?\n)")
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_NOT_BASE64 = bytes(byte for byte in range(256) if byte not in _LETTERS)
_PADDED = re.compile(rb"=+")
_EMPTY_LINE = re.compile(rb"\n[ \t]*\r?\n")
_WORDS = re.compile(rb"[A-Za-z]{2,} [A-Za-z]{2,}")
_BETWEEN_WORDS = re.compile(rb"[A-Za-z]{2} [A-Za-z]{2}")  # one try a letter, however long the word
_SAMPLE = 4_000
_MOST_BLOCKS = 1_000
"""So many pieces of base64, each with its own end, are told apart in one part."""
UU_BEGIN = re.compile(rb"(?:^|(?<=\n))begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n")
_UU_NAMES = frozenset({"x-uuencode", "uuencode", "x-uue", "uue", "x-uu"})


def decode_transfer(content: bytes, encoding: str) -> bytes:
    """The content that was wrapped for its way; one whose encoding nobody knows is as it came."""
    name = encoding.strip().strip("\"'").lower().partition(";")[0].partition(" ")[0]
    if name in ("base64", "b", "base-64", "x-base64"):
        return _base64(content)
    if name in ("quoted-printable", "quotedprintable", "q", "quoted_printable"):
        return _quoted_printable(content)
    if name in _UU_NAMES:
        return uudecode(content)
    return content


def _quoted_printable(content: bytes) -> bytes:
    if b"\r" in content and b"\n" not in content:
        content = content.replace(b"\r", b"\n")
    return binascii.a2b_qp(_SOFT_BREAK.sub(b"=", content))


def _base64(content: bytes) -> bytes:
    if not _looks_like_base64(content):
        return content
    footer = _footer(content)
    body = content[: footer.start()] if footer else content
    letters = body.translate(None, _NOT_BASE64)
    *blocks, last = _PADDED.split(letters, maxsplit=_MOST_BLOCKS)
    decoded = b"".join(map(_block, (*blocks, last.replace(b"=", b""))))
    if footer and _BETWEEN_WORDS.search(content, footer.end()) and _is_text(decoded):
        return decoded.rstrip() + b"\n\n" + content[footer.end() :]  # what a mailing list adds
    return decoded


def _footer(content: bytes) -> re.Match[bytes] | None:
    """The empty line before text that stands after the base64."""
    for found in islice(_EMPTY_LINE.finditer(content), _MOST_BLOCKS):
        line = content[found.end() : found.end() + 200].partition(b"\n")[0].strip()
        if line.translate(None, _LETTERS):
            return found
    return None


def _block(letters: bytes) -> bytes:
    whole = len(letters) - (len(letters) % 4 == 1)
    try:
        return binascii.a2b_base64(letters[:whole] + b"=" * (-whole % 4))
    except (binascii.Error, ValueError):
        return b""


def _looks_like_base64(content: bytes) -> bool:
    """Whether it is at least roughly base64: text that only claims to be has blanks between words."""
    sample = content[:_SAMPLE]
    return len(_WORDS.findall(sample)) * 40 <= len(sample)


def _is_text(decoded: bytes) -> bool:
    return b"\0" not in decoded[:_SAMPLE]


def uudecode(content: bytes) -> bytes:
    """What stands between `begin` and `end`, or all of it where they are missing."""
    begin = UU_BEGIN.search(content)
    pieces = []
    for line in content[begin.end() if begin else 0 :].splitlines():
        if line == b"end":
            break
        if line.strip(b"` "):
            pieces.append(_uu_line(line))
    return b"".join(pieces)


def _uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        # Some encoders write more than the length says.
        length = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0
        try:
            return binascii.a2b_uu(line[:length])
        except binascii.Error:
            return b""
