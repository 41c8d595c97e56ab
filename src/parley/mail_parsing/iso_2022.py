"""ISO-2022-JP as Japanese mail programs write it (CP50221): JIS X 0208 with NEC's rows, half-width kana."""

from __future__ import annotations

import re

_ESCAPE = re.compile(rb"\x1b(\$\(?[@BDA-Z]|\([A-Z]|\.[AF])")
_ASCII = b"(B"
_LONGEST = 1_000_000
"""Bytes of a text that is read letter by letter where Python's own codec refuses it."""


def decode_iso_2022_jp(content: bytes) -> str:
    """The text in these seven-bit bytes; what does not fit becomes U+FFFD. Never raises."""
    try:
        return content.decode("iso2022_jp_ext")
    except UnicodeDecodeError:
        pass
    if len(content) > _LONGEST:
        return content.decode("iso2022_jp_ext", "replace")
    pieces, at, mode = [], 0, _ASCII
    for escape in _ESCAPE.finditer(content):
        pieces.append(_piece(content[at : escape.start()], mode))
        at, mode = escape.end(), escape[1]
    pieces.append(_piece(content[at:], mode))
    return "".join(pieces)


def _piece(content: bytes, mode: bytes) -> str:
    if mode in (b"$B", b"$@", b"$(B", b"$(@"):
        # A line's end goes back to ASCII, whether the escape for it is there or not.
        first, newline, rest = content.partition(b"\n")
        return _double(first) + (newline + rest).decode("ascii", "replace")
    if mode == b"$(D":
        return (
            (b"\x8f" + b"\x8f".join(_pairs(content))).decode("euc_jp", "replace") if content else ""
        )
    if mode == b"(I":
        return bytes(byte | 0x80 if 0x20 < byte < 0x60 else byte for byte in content).decode(
            "cp932", "replace"
        )
    return content.decode("ascii", "replace")


def _pairs(content: bytes) -> list[bytes]:
    high = bytes(byte | 0x80 for byte in content)
    return [high[at : at + 2] for at in range(0, len(high) - 1, 2)]


def _double(content: bytes) -> str:
    """Two bytes a character, by way of Shift JIS, which knows NEC's and IBM's rows."""
    shifted = bytearray()
    at = 0
    while at < len(content):
        first = content[at]
        if not 0x21 <= first <= 0x7E or at + 1 >= len(content):
            shifted.append(first if first < 0x80 else 0x3F)
            at += 1
            continue
        second = content[at + 1]
        row = first - 0x21
        shifted.append((0x81 if row < 62 else 0xC1) + row // 2)
        if row % 2:
            shifted.append(min(second + 0x7E, 0xFC))
        else:
            shifted.append(second + (0x1F if second < 0x60 else 0x20))
        at += 2
    return bytes(shifted).decode("cp932", "replace")
