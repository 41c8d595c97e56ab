"""The header of a mail or of a part of it: fields as they came, and decoded (RFC 5322, RFC 2047)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from parley.mail_parsing import limits
from parley.mail_parsing.charsets import codec_of, decode
from parley.mail_parsing.encoded_words import decode_words

_FIELD = re.compile(rb"([!-9;-~]{1,200}?)[ \t]*:(.*)", re.DOTALL)
_KNOWN = re.compile(
    rb"(?:from|to|cc|bcc|subject|date|message-id|reply-to|sender|received|return-path|mime-version"
    rb"|in-reply-to|references|delivered-to|auto-submitted|precedence|importance|list-[a-z-]+"
    rb"|content-[a-z-]+|x-[a-z0-9_-]+|dkim-signature|authentication-results|user-agent)[ \t]*:",
    re.IGNORECASE,
)
_NO_NAME = re.compile(rb"[A-Z][A-Za-z0-9]*-[A-Za-z0-9_ -]{1,60}:[ \t]")
_CHARSET = re.compile(rb"charset\*?=[ \t]*[\"']?([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_LINE_END = re.compile(r"[\r\n]+")
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


class Headers:
    """The fields of one header, in order. Names are told apart without regard to case."""

    def __init__(self, fields: list[tuple[str, bytes]], hint: str = "") -> None:
        """`fields` are names in lower case with their values as they came, folds and all.

        `hint` is the charset of the mail, for letters that stand in its header without a label.
        """
        self.fields = fields
        self._hint = hint or _charset_in(fields)
        self._named: dict[str, list[bytes]] = {}
        for name, value in fields:
            self._named.setdefault(name, []).append(value)

    def __contains__(self, name: str) -> bool:
        """Whether there is such a field."""
        return name.lower() in self._named

    def __iter__(self) -> Iterator[str]:
        """The names, in lower case, each once, in order."""
        return iter(self._named)

    @property
    def hint(self) -> str:
        """The charset of what has no label of its own; may be empty."""
        return self._hint

    def raw(self, name: str) -> list[bytes]:
        """The values of all such fields as they came, folds and all, without the last line's end."""
        return self._named.get(name.lower(), [])

    def unfolded(self, name: str) -> list[str]:
        """The values on one line each: bytes are text, encoded words are still encoded."""
        return [self._unfolded(value) for value in self.raw(name)]

    def all(self, name: str) -> list[str]:
        """The values of all such fields, decoded, on one line each."""
        return [_on_one_line(decode_words(one, self._hint)) for one in self.unfolded(name)]

    def first(self, name: str) -> str:
        """The first that says anything, decoded; empty: there is none."""
        return next((one for one in self.all(name) if one), "")

    def _unfolded(self, value: bytes) -> str:
        return _on_one_line(decode(value[: limits.FIELD], "", self._hint))


def _on_one_line(text: str) -> str:
    unfolded = " ".join(line.strip(" \t") for line in _LINE_END.split(text))
    return _UNFIT.sub("", unfolded).strip()


def _charset_in(fields: list[tuple[str, bytes]]) -> str:
    for name, value in fields:
        if name == "content-type" and (found := _CHARSET.search(value[:2000])):
            label = found[1].decode("ascii")
            return label if codec_of(label) not in ("", "ascii") else ""
    return ""


@dataclass(frozen=True)
class Split:
    """Where a header ends: its fields, where the body begins, and what was wrong with it."""

    headers: Headers
    body: int
    troubles: tuple[str, ...] = ()


def split_header(raw: bytes, start: int, end: int, hint: str = "") -> Split:
    """The header that begins at `start`, of what ends at `end`; lines end in LF or CR LF.

    A line that is no field ends the header, as if the empty line before the body had been
    forgotten; unless fields follow that are surely of this header: then it belongs to the field
    above it, whose lines somebody broke without folding them.
    """
    reader = _Reader(raw, min(end, start + limits.HEADER_BLOCK))
    at = start
    while at < end:
        stop = raw.find(b"\n", at, end)
        following = end if stop < 0 else stop + 1
        line = raw[at : min(following, at + limits.FIELD)].rstrip(b"\r\n")
        if not line.strip() and not _goes_on(raw, line, following, end):
            at = following
            break
        if reader.is_full(at):
            at = _after_empty_line(raw, at, end)
            break
        if not reader.takes(line, at):
            break
        at = following
    return Split(Headers(reader.joined(), hint), at, tuple(reader.troubles))


class _Reader:
    """Takes the lines of one header."""

    def __init__(self, raw: bytes, most: int) -> None:
        self.troubles: list[str] = []
        self._raw = raw
        self._most = most
        self._fields: list[tuple[str, list[bytes]]] = []
        self._last_known: int | None = None

    def is_full(self, at: int) -> bool:
        """Whether it is longer than anybody's."""
        if at <= self._most and len(self._fields) <= limits.FIELDS:
            return False
        self.troubles.append("header too long")
        return True

    def takes(self, line: bytes, at: int) -> bool:
        """Take a line that begins at `at`; False: it is the body's."""
        if not line.strip() or (line.startswith((b"From ", b">From ")) and b":" not in line[:6]):
            return True  # blanks, or an mbox's envelope line
        if line[:1] in b" \t" and self._fields:
            self._fields[-1][1].append(line)
        elif found := _FIELD.fullmatch(line):
            self._fields.append((found[1].decode("ascii").lower(), [found[2]]))
        elif _NO_NAME.match(line):
            pass  # a field whose name has blanks in it
        elif self._is_of_the_body(at):
            self.troubles.append("no empty line after the header")
            return False
        elif self._fields:
            self._fields[-1][1].append(line)
        return True

    def _is_of_the_body(self, at: int) -> bool:
        if self._last_known is None:
            self._last_known = _last_known_field(self._raw, at, self._most)
        return at > self._last_known

    def joined(self) -> list[tuple[str, bytes]]:
        """The fields, the lines of each together."""
        return [(name, b"\n".join(lines).strip()[: limits.FIELD]) for name, lines in self._fields]


def _goes_on(raw: bytes, line: bytes, following: int, end: int) -> bool:
    """Whether a line of blanks stands within a header: more of the header follows it."""
    return bool(line) and bool(_KNOWN.match(raw, following, min(end, following + 200)))


def _last_known_field(raw: bytes, at: int, end: int) -> int:
    """Where the last line before the next empty one begins that is surely a field; -1: none is."""
    stop = _after_empty_line(raw, at, end)
    block = raw[at:stop]
    found = -1
    for match in re.finditer(
        rb"^(?=[A-Za-z])" + _KNOWN.pattern, block, re.MULTILINE | re.IGNORECASE
    ):
        found = at + match.start()
    return found


def _after_empty_line(raw: bytes, at: int, end: int) -> int:
    places = [raw.find(b"\n\n", at, end), raw.find(b"\n\r\n", at, end)]
    ends = [place + size for place, size in zip(places, (2, 3), strict=True) if place >= 0]
    return min(ends, default=end)
