"""Compressing pages on their way out.

A page of 40 kB becomes 6 to 13, for 0.05 to 0.35 ms of processor time at zlib's first level; the
sixth costs three times that for a tenth fewer bytes.

Compressing a secret beside what a stranger can make appear tells the secret by the length
(BREACH). The secret here is the CSRF token, which Django masks anew in each page, so that its bytes
are never the same twice; the session's cookie is not in the page, and stays at home on requests from
other sites; and each answer is made longer by a random number of bytes, as by Django's own
GZipMiddleware, which hides the few bytes a right guess would save.
"""

from __future__ import annotations

import re
import secrets
import struct
import zlib

from parley.web.front.wire import Headers

WORTH_IT = 1400
"""Bytes: what fits in one packet gains nothing."""

LEVEL = 1
_RANDOM_BYTES = 100
_TEXT = re.compile(r"(text/(?!event-stream)|application/(problem\+)?json|image/svg)", re.IGNORECASE)
_ACCEPTED = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", re.IGNORECASE)
_NAMED = struct.pack("<BBBBLBB", 0x1F, 0x8B, 8, 8, 0, 4, 255)


def is_text(media_type: str) -> bool:
    """Whether it is of a kind that compresses well."""
    return bool(_TEXT.match(media_type))


def compressed(headers: Headers, body: bytes, accepts: str) -> tuple[Headers, bytes]:
    """The same answer, compressed where that helps and the browser `accepts` it."""
    about = {name.lower(): value for name, value in headers}
    if len(body) < WORTH_IT or "content-encoding" in about or not is_text(about["content-type"]):
        return headers, body
    headers = _with(headers, "Vary", _and(about.get("vary", ""), "Accept-Encoding"))
    if not _ACCEPTED.search(accepts):
        return headers, body
    small = _gzip(body)
    headers = _with(headers, "Content-Length", str(len(small)))
    if "etag" in about and not about["etag"].startswith("W/"):
        headers = _with(headers, "ETag", "W/" + about["etag"])
    return [*headers, ("Content-Encoding", "gzip")], small


def _gzip(body: bytes) -> bytes:
    """A gzip file whose name, which nobody reads, is of random length."""
    name = secrets.token_hex(_RANDOM_BYTES // 2)[: secrets.randbelow(_RANDOM_BYTES) + 1].encode()
    press = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = press.compress(body) + press.flush()
    return b"".join(
        (_NAMED, name, b"\0", packed, struct.pack("<LL", zlib.crc32(body), len(body) & 0xFFFFFFFF))
    )


def _with(headers: Headers, name: str, value: str) -> Headers:
    kept = [header for header in headers if header[0].lower() != name.lower()]
    return [*kept, (name, value)]


def _and(vary: str, word: str) -> str:
    return vary if word.lower() in vary.lower() else f"{vary}, {word}" if vary else word
