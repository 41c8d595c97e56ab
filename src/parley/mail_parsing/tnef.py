"""Outlook's winmail.dat (TNEF, MS-OXTNEF): the files and the words in it, as far as it can be read."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from parley.mail_parsing.charsets import decode
from parley.mail_parsing.names import tidy_name
from parley.mail_parsing.rtf import decompressed, text_of_rtf
from parley.mail_parsing.understood import File

_SIGNATURE = 0x223E9F78
_HEAD = 6
_BODY, _CODEPAGE, _PROPERTIES = 0x2800C, 0x69007, 0x69003
_RENDERING, _TITLE, _DATA, _OF_ATTACHMENT = 0x69002, 0x18010, 0x6800F, 0x69005
_P_BODY, _P_RTF, _P_HTML = 0x1000, 0x1009, 0x1013
_P_DATA, _P_SHORT, _P_LONG, _P_TYPE, _P_ID = 0x3701, 0x3704, 0x3707, 0x370E, 0x3712
_P_SHOWN = 0x3001
_FIXED = {0x0001: 0, 0x0002: 2, 0x0003: 4, 0x0004: 4, 0x000A: 4, 0x000B: 2}
_EIGHT = frozenset({0x0005, 0x0006, 0x0007, 0x0014, 0x0040})
_VARIABLE = frozenset({0x000D, 0x001E, 0x001F, 0x0102})
_MANY = 0x1000
_MOST_VALUES = 20_000
_MOST_FILES = 500
_DEEPEST = 3
_OBJECT_ID = 16
"""An object begins with the id of its interface; a mail within the mail is TNEF again after it."""


@dataclass
class Packed:
    """What was in it. `is_whole`: it could be read to its end."""

    files: list[File] = field(default_factory=list)
    text: str = ""
    html: str = ""
    is_whole: bool = False


@dataclass
class _Attachment:
    title: str = ""
    name: str = ""
    media_type: str = ""
    content_id: str = ""
    content: bytes = b""
    inner: bytes = b""


class _Broken(Exception):
    """It ends before what it announces."""


def unpack(content: bytes, depth: int = 0) -> Packed:
    """The files and the text in a winmail.dat; of a broken one what comes before the break."""
    packed = Packed()
    if len(content) < _HEAD or struct.unpack_from("<I", content)[0] != _SIGNATURE:
        return packed
    attachments: list[_Attachment] = []
    label = "cp1252"
    try:
        for name, data in _attributes(content):
            if name == _CODEPAGE and len(data) >= 4:
                label = f"cp{struct.unpack_from('<I', data)[0]}"
            elif name == _BODY:
                packed.text = packed.text or decode(data.rstrip(b"\0"), label)
            elif name == _PROPERTIES:
                _read_mail(data, packed, label)
            else:
                _read_attachment(name, data, attachments, label)
        packed.is_whole = True
    except (_Broken, struct.error):
        pass
    for attachment in attachments[:_MOST_FILES]:
        packed.files.extend(_files_of(attachment, depth))
    return packed


def _attributes(content: bytes) -> Iterator[tuple[int, bytes]]:
    at = _HEAD
    while at + 9 <= len(content):
        _, name, length = struct.unpack_from("<BII", content, at)
        at += 9
        if at + length > len(content):
            if name == _DATA:
                yield name, content[at:]
            raise _Broken
        yield name, content[at : at + length]
        at += length + 2
    if at == _HEAD or content[at:].strip(b"\0"):
        raise _Broken


def _read_mail(data: bytes, packed: Packed, label: str) -> None:
    for prop, kind, value in _properties(data):
        if prop == _P_BODY and not packed.text:
            packed.text = _string(value, kind, label)
        elif prop == _P_HTML and not packed.html:
            packed.html = _string(value, kind, label)
        elif prop == _P_RTF:
            text, is_html = text_of_rtf(decompressed(value))
            if is_html:
                packed.html = packed.html or text
            else:
                packed.text = packed.text or text


def _read_attachment(name: int, data: bytes, found: list[_Attachment], label: str) -> None:
    if name == _RENDERING or (name in (_TITLE, _DATA, _OF_ATTACHMENT) and not found):
        found.append(_Attachment())
    if name == _TITLE:
        found[-1].title = decode(data.rstrip(b"\0"), label)
    elif name == _DATA:
        found[-1].content = data
    elif name == _OF_ATTACHMENT:
        _read_properties(data, found[-1], label)


def _read_properties(data: bytes, attachment: _Attachment, label: str) -> None:
    short = shown = ""
    for prop, kind, value in _properties(data):
        if prop == _P_LONG:
            attachment.name = _string(value, kind, label)
        elif prop == _P_SHORT:
            short = _string(value, kind, label)
        elif prop == _P_SHOWN:
            shown = _string(value, kind, label)
        elif prop == _P_TYPE:
            attachment.media_type = _string(value, kind, label).lower()
        elif prop == _P_ID:
            attachment.content_id = _string(value, kind, label).strip("<> ")
        elif prop == _P_DATA:
            if kind == 0x000D:
                attachment.inner = value[_OBJECT_ID:]
            elif not attachment.content:
                attachment.content = value
    attachment.name = attachment.name or short or attachment.title or shown


def _files_of(attachment: _Attachment, depth: int) -> list[File]:
    name = tidy_name(attachment.name or attachment.title)
    if (
        attachment.inner
        and depth < _DEEPEST
        and attachment.inner[:4] == _SIGNATURE.to_bytes(4, "little")
    ):
        inner = unpack(attachment.inner, depth + 1)
        words = inner.text or inner.html
        ending, media_type = ("txt", "text/plain") if inner.text else ("html", "text/html")
        made = [
            File(
                name=f"{name or 'message'}.{ending}", media_type=media_type, content=words.encode()
            )
        ]
        return (made if words else []) + inner.files
    content = attachment.content or attachment.inner
    if not content and not name:
        return []
    return [
        File(
            name=name,
            media_type=attachment.media_type
            if "/" in attachment.media_type
            else "application/octet-stream",
            content=content,
            content_id=attachment.content_id,
        )
    ]


def _string(value: bytes, kind: int, label: str) -> str:
    if kind == 0x001F:
        return value.decode("utf-16-le", "replace").rstrip("\0")
    return decode(value.rstrip(b"\0"), label if kind == 0x001E else "", label)


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """The properties in a list of them: id, type, and the (first) value; as far as it can be read."""
    if len(data) < 4:
        return
    count, at = struct.unpack_from("<I", data)[0], 4
    for _ in range(min(count, _MOST_VALUES)):
        if at + 4 > len(data):
            return
        kind, prop = struct.unpack_from("<HH", data, at)
        at += 4
        if prop >= 0x8000:
            at = _after_name(data, at)
        values, at = _values(data, at, kind)
        if at < 0:
            return
        if values:
            yield prop, kind & ~_MANY, values[0]


def _after_name(data: bytes, at: int) -> int:
    at += 16
    if at + 8 > len(data):
        return len(data)
    by_name, length = struct.unpack_from("<II", data, at)
    return at + 8 + ((length + 3) // 4 * 4 if by_name else 0)


def _values(data: bytes, at: int, kind: int) -> tuple[list[bytes], int]:
    """The values of one property, and where the next one begins; -1: it cannot be told."""
    plain, many = kind & ~_MANY, bool(kind & _MANY)
    count = 1
    if many or plain in _VARIABLE:
        if at + 4 > len(data):
            return [], -1
        count, at = struct.unpack_from("<I", data, at)[0], at + 4
    values: list[bytes] = []
    for _ in range(min(count, _MOST_VALUES)):
        if plain in _VARIABLE:
            if at + 4 > len(data):
                return values, -1
            length, at = struct.unpack_from("<I", data, at)[0], at + 4
        elif plain in _EIGHT:
            length = 8
        elif plain == 0x0048:
            length = 16
        elif plain in _FIXED:
            length = _FIXED[plain]
        else:
            return values, -1
        if at + length > len(data):
            return values, -1
        values.append(data[at : at + length])
        at += (length + 3) // 4 * 4
    return values, at
