"""What is within an S/MIME signature (CMS, RFC 5652): the content that was signed. Checks no signature.

Reads BER as far as it is needed for that: definite and indefinite lengths, strings in pieces.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from dataclasses import dataclass

_SIGNED = bytes.fromhex("2a864886f70d010702")
_DATA = bytes.fromhex("2a864886f70d010701")
_COMPRESSED = bytes.fromhex("2a864886f70d0109100109")
_ARMOUR = re.compile(rb"-----BEGIN [A-Z0-9 ]{2,30}-----(.*?)-----END", re.DOTALL)
_SEQUENCE, _SET, _OID, _OCTETS, _PIECES, _OUTER = 0x30, 0x31, 0x06, 0x04, 0x24, 0xA0
_MOST_PIECES = 200_000
_DEEPEST = 30
_MOST = 100_000_000


class _Broken(Exception):
    """These bytes are no BER."""


@dataclass(frozen=True)
class _Element:
    """One element: its tag, where its content begins and ends, and where the next one begins."""

    tag: int
    start: int
    end: int
    following: int


def content_of_signed(content: bytes) -> bytes | None:
    """The bytes that were signed (or compressed); `None`: it is neither, or cannot be read."""
    if armour := _ARMOUR.search(content):
        try:
            content = base64.b64decode(armour[1])
        except (binascii.Error, ValueError):
            return None
    try:
        return _inside(content)
    except (_Broken, IndexError, zlib.error):
        return None


def _inside(der: bytes) -> bytes | None:
    outer = _element(der, 0, len(der), 0)
    kind = _element(der, outer.start, outer.end, 0)
    name = der[kind.start : kind.end]
    if outer.tag != _SEQUENCE or kind.tag != _OID or name not in (_SIGNED, _COMPRESSED):
        return None
    explicit = _element(der, kind.following, outer.end, 0)
    signed = _element(der, explicit.start, explicit.end, 0)
    at = signed.start
    while at < signed.end:  # version, algorithms, and then the content
        element = _element(der, at, signed.end, 0)
        inner = der[element.start : element.start + 1]
        if element.tag == _SEQUENCE and inner == bytes((_OID,)):
            found = _encapsulated(der, element)
            if found is not None:
                return _unpacked(found) if name == _COMPRESSED else found
        at = element.following
    return None


def _encapsulated(der: bytes, sequence: _Element) -> bytes | None:
    kind = _element(der, sequence.start, sequence.end, 0)
    if der[kind.start : kind.end] != _DATA or kind.following >= sequence.end:
        return None
    explicit = _element(der, kind.following, sequence.end, 0)
    if explicit.tag != _OUTER:
        return None
    octets = _element(der, explicit.start, explicit.end, 0)
    if octets.tag == _OCTETS:
        return der[octets.start : octets.end]
    if octets.tag != _PIECES:
        return None
    pieces: list[bytes] = []
    at = octets.start
    while at < octets.end and len(pieces) < _MOST_PIECES:
        piece = _element(der, at, octets.end, 0)
        if piece.tag == _OCTETS:
            pieces.append(der[piece.start : piece.end])
        at = piece.following
    return b"".join(pieces)


def _unpacked(content: bytes) -> bytes:
    return zlib.decompressobj().decompress(content, _MOST)


def _element(der: bytes, at: int, end: int, depth: int) -> _Element:
    if at + 2 > end or depth > _DEEPEST:
        raise _Broken
    tag, length, start = der[at], der[at + 1], at + 2
    if tag & 0x1F == 0x1F:
        raise _Broken
    if length == 0x80:
        return _without_length(der, tag, start, end, depth)
    if length & 0x80:
        count = length & 0x7F
        if count > 8 or start + count > end:
            raise _Broken
        length = int.from_bytes(der[start : start + count], "big")
        start += count
    stop = min(start + length, end)  # one that was cut off is read as far as it goes
    return _Element(tag, start, stop, start + length)


def _without_length(der: bytes, tag: int, start: int, end: int, depth: int) -> _Element:
    at = start
    while at < end and der[at : at + 2] != b"\0\0":
        at = _element(der, at, end, depth + 1).following
    return _Element(tag, start, min(at, end), at + 2)
