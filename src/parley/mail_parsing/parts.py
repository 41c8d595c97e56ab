"""The structure of a mail: its parts, wherever they begin and end (RFC 2046), also where it is broken.

Boundaries are looked for within the part that they divide, and all searches together read a mail
a bounded number of times; so the time is linear in its size, however deep its parts are nested.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from parley.mail_parsing import limits
from parley.mail_parsing.charsets import codec_of, decode
from parley.mail_parsing.headers import Headers, split_header
from parley.mail_parsing.names import tidy_name
from parley.mail_parsing.parameters import parameters_of
from parley.mail_parsing.transfer_encodings import decode_transfer

_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,80}/[a-z0-9!#$&^_.+-]{1,120}")
_LOST_BOUNDARY = re.compile(
    rb"(?:^|\n)--([^\r\n]{1,200}?)[ \t]*\r?\n(?=content-[a-z-]+[ \t]*:)", re.IGNORECASE
)
_META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset=[\"' ]*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE
)
_A_LOOK = 500
"""What one look at a line costs, in bytes searched."""
_BLANKS_BEFORE = re.compile(rb"(?:\xef\xbb\xbf)?[\s\0]*")
_MBOX_LINE = re.compile(rb"(?:>?From (?![ \t]*:)[^\n]*\n)+")


@dataclass(frozen=True, eq=False)
class Part:
    """A part of a mail. `children` are those of a multipart, whose own `body` is empty.

    `body` is as it came; `content` without its transfer encoding; `text()` decoded. `filename` is
    fit to show and may be empty. `content_id` is without its angle brackets. `disposition` is
    `inline`, `attachment` or empty.
    """

    headers: Headers
    media_type: str
    parameters: dict[str, str]
    body: bytes = b""
    children: list[Part] = field(default_factory=list)
    disposition: str = ""
    filename: str = ""

    @property
    def content_id(self) -> str:
        """By which the HTML beside it names it."""
        return self.headers.first("content-id").strip("<> \t")

    @property
    def main_type(self) -> str:
        """The type before the slash: `text`, `image` and so on."""
        return self.media_type.partition("/")[0]

    @cached_property
    def content(self) -> bytes:
        """Decoded from its transfer encoding."""
        return decode_transfer(self.body, self.headers.first("content-transfer-encoding"))

    def text(self) -> str:
        """The content as text, its lines ending in LF."""
        label = self.parameters.get("charset", "")
        if self.media_type == "text/html" and codec_of(label) in ("", "ascii"):
            meta = _META_CHARSET.search(self.content, 0, 4_000)
            label = meta[1].decode("ascii") if meta and not self.content.isascii() else label
        text = decode(self.content, label, self.headers.hint)
        return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text

    def leaves(self) -> Iterator[Part]:
        """All parts in it that have none themselves, in order; itself, where it has none."""
        waiting = [self]
        while waiting:
            part = waiting.pop()
            if part.children:
                waiting.extend(reversed(part.children))
            else:
                yield part


@dataclass(frozen=True, eq=False)
class Mail:
    """A mail taken apart. `parts` are those without parts of their own, in order."""

    headers: Headers
    root: Part
    troubles: list[str]

    @property
    def parts(self) -> list[Part]:
        """The leaves of the tree."""
        return list(self.root.leaves())


def parse(raw: bytes) -> Mail:
    """The parts of a mail. Never raises; what is wrong with it stands in `troubles`."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raw = raw.decode("utf-16", "replace").encode("utf-8")
    if (
        b"\r" in raw
        and raw.count(b"\r") > 2 * raw.count(b"\n")
        and raw.count(b"\r\n") < raw.count(b"\n")
    ):
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    elif b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    start = _BLANKS_BEFORE.match(raw).end()  # type: ignore[union-attr]  # it may match nothing
    if mbox := _MBOX_LINE.match(raw, start):
        start = mbox.end()
    reader = _Reader(raw)
    root = reader.part(start, len(raw), "text/plain", "", 0)
    return Mail(root.headers, root, reader.troubles)


class _Reader:
    """Takes one mail apart; keeps count of what it did, so that it never does too much."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.troubles: list[str] = []
        self._parts = 0
        self._budget = limits.SEARCHES * len(raw) + 1_000_000

    def part(self, start: int, end: int, default: str, hint: str, depth: int) -> Part:
        """The part that stands there, header and body."""
        self._parts += 1
        split = split_header(self.raw, start, end, hint)
        for trouble in split.troubles:
            self._trouble(trouble)
        headers = split.headers
        media_type, parameters = _type_of(headers, default)
        disposition, named = _disposition_of(headers)
        name = tidy_name(named or parameters.get("name", ""))
        body = slice(split.body, end)
        if media_type.startswith("multipart/") or self._is_divided(split.body, end, parameters):
            found = self._pieces(split.body, end, parameters.get("boundary", ""), depth)
            if found is not None:
                kind = "message/rfc822" if media_type == "multipart/digest" else "text/plain"
                children = [
                    self.part(at, to, kind, headers.hint or hint, depth + 1) for at, to in found
                ]
                return Part(headers, media_type, parameters, b"", children, disposition, name)
            media_type = "text/plain"
            if b"<html" in self.raw[split.body : split.body + 2_000].lower():
                media_type = "text/html"
        return Part(headers, media_type, parameters, self.raw[body], [], disposition, name)

    def _is_divided(self, start: int, end: int, parameters: dict[str, str]) -> bool:
        """Whether a part that is said to be none of several begins with a boundary all the same."""
        needle = b"--" + parameters.get("boundary", "").encode("utf-8", "replace")
        return len(needle) > 2 and self._line_with(needle, start, min(end, start + 2_000)) >= 0

    def _pieces(
        self, start: int, end: int, boundary: str, depth: int
    ) -> list[tuple[int, int]] | None:
        """Where the parts of a multipart begin and end; `None`: it has none that could be found."""
        if depth >= limits.DEPTH or self._parts >= limits.PARTS:
            self._trouble("too many parts")
            return None
        found = self._divided(start, end, boundary.encode("utf-8", "replace")) if boundary else []
        if not found:
            lost = _LOST_BOUNDARY.search(self.raw, max(start - 1, 0), end)
            self._budget -= end - start
            if lost:
                self._trouble("the boundary of its parts is missing")
                found = self._divided(start, end, lost[1])
        if not found:
            self._trouble("parts without a boundary")
            return None
        return found

    def _divided(self, start: int, end: int, boundary: bytes) -> list[tuple[int, int]]:
        needle = b"--" + boundary.strip()
        found: list[tuple[int, int]] = []
        opened: int | None = None
        at = start
        while True:
            if self._budget < 0 or self._parts + len(found) >= limits.PARTS:
                self._trouble("too many parts")
                break
            place = self._line_with(needle, at, end)
            if place < 0:
                break
            self._budget -= place - at + _A_LOOK
            stop = self.raw.find(b"\n", place, end)
            following = end if stop < 0 else stop + 1
            rest = self.raw[place + len(needle) : min(following, place + len(needle) + 200)].strip()
            at = following
            if rest and not rest.startswith(b"--"):
                continue  # a longer boundary that begins like this one
            if opened is not None:
                found.append((opened, _before_line(self.raw, place, opened)))
            opened = None if rest else following
            if rest:
                break
        if opened is not None:
            self._budget -= end - at
            found.append((opened, end))
        return found

    def _line_with(self, needle: bytes, at: int, end: int) -> int:
        """Where the next line that begins so begins; -1: there is none."""
        if self.raw.startswith(needle, at, end) and (at == 0 or self.raw[at - 1 : at] == b"\n"):
            return at
        place = self.raw.find(b"\n" + needle, max(at - 1, 0), end)
        return place + 1 if place >= 0 else -1

    def _trouble(self, words: str) -> None:
        if words not in self.troubles:
            self.troubles.append(words)


def _before_line(raw: bytes, place: int, least: int) -> int:
    """The end of what stands before a boundary: the line's end before it belongs to the boundary."""
    to = place - 1
    if raw[to - 1 : to] == b"\r":
        to -= 1
    return max(to, least)


def _type_of(headers: Headers, default: str) -> tuple[str, dict[str, str]]:
    """The media type and its parameters; of several the one that says there are parts."""
    told = [parameters_of(value, headers.hint) for value in headers.unfolded("content-type")]
    for media_type, parameters in sorted(told, key=lambda one: "boundary" not in one[1]):
        plain = "".join(media_type.split())
        if _MEDIA_TYPE.fullmatch(plain):
            return plain, parameters
        if first := _MEDIA_TYPE.fullmatch(media_type.partition(" ")[0]):
            return first[0], parameters
        if plain in ("text", "html", "plain"):
            return ("text/html" if plain == "html" else "text/plain"), parameters
        if parameters.get("boundary"):
            return "multipart/mixed", parameters
        return default if not parameters.get("name") else "application/octet-stream", parameters
    return default, {}


def _disposition_of(headers: Headers) -> tuple[str, str]:
    for value in headers.unfolded("content-disposition"):
        kind, parameters = parameters_of(value, headers.hint)
        name = parameters.get("filename", "")
        if kind == "inline":
            return "inline", name
        # Of a kind nobody knows, what has a name is a file, and what has none is as if none were told.
        return ("attachment" if kind == "attachment" or name else ""), name
    return "", ""
