"""The tags and texts of an HTML mail one after the other, in linear time whatever stands in it.

A tree builder that follows HTML to the letter makes quadratic trees of a few kilobytes of unclosed
`<font>`; a mail's words need no tree, so none is built.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

# A tag's attributes are looked for within so many letters of it.
LONGEST_ATTRIBUTES = 4_000

_TAG = re.compile(
    r"<(/?)([a-zA-Z][^\s<>/]{0,40})((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>"
    r"|<(/?)([a-zA-Z][^\s<>/]{0,40})([^<>]*+)>"
)
_ATTRIBUTE = re.compile(
    r"([^\s\"'<>/=]{1,60})\s{0,5}(?:=\s{0,5}(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'<>]++)))?"
)
_ENDLESS_ENTITY = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{8,});?")
_SCHEMES = ("http:", "https:", "mailto:", "tel:")
# What stands between these tags is no text of the mail.
_RAW = frozenset(("script", "style", "title", "xml", "template", "noframes"))
_RAW_ENDS = {name: re.compile(rf"</{name}\s{{0,20}}>", re.IGNORECASE) for name in _RAW}


@dataclass(frozen=True, slots=True)
class Tag:
    """`<name …>`, or `</name>` where `closes`. The name is in small letters."""

    name: str
    closes: bool
    written: str

    def attributes(self) -> dict[str, str]:
        """The attributes by their names in small letters, entities resolved; the first one counts."""
        found: dict[str, str] = {}
        for one in _ATTRIBUTE.finditer(self.written[:LONGEST_ATTRIBUTES]):
            value = one[2] or one[3] or one[4] or ""
            found.setdefault(one[1].lower(), resolved(value) if "&" in value else value)
        return found


def resolved(text: str) -> str:
    """Text with its entities (`&amp;`, `&#1055;`) as the letters they stand for."""
    if "&#" in text:
        text = _ENDLESS_ENTITY.sub("\ufffd", text)
    return html.unescape(text)


def tokens_of(written: str) -> Iterator[tuple[int, Tag | str]]:
    """The tags and the texts between them, in order, each with the index that it ends at.

    Comments, scripts and styles are left out.
    """
    at, end = 0, len(written)
    reader = _Comments(written)
    raw_without_end: set[str] = set()
    while at < end:
        angle = written.find("<", at)
        if angle < 0:
            angle = end
        if angle > at:
            yield angle, written[at:angle]
        if angle == end:
            return
        if written[angle + 1 : angle + 2] in ("!", "?"):
            at = reader.end_of(angle)
            continue
        found = _TAG.match(written, angle)
        if found is None:
            yield angle + 1, "<"
            at = angle + 1
            continue
        at = found.end()
        name = (found[2] or found[5]).lower()
        if "@" in name or name.startswith(_SCHEMES):
            yield at, found[0]  # <anna@shop.example>, which a program forgot to escape
            continue
        tag = Tag(name, bool(found[1] or found[4]), found[3] or found[6] or "")
        if name in _RAW and not tag.closes and name not in raw_without_end:
            closing = _RAW_ENDS[name].search(written, at)
            if closing is None:
                raw_without_end.add(name)
            else:
                at = closing.end()
                continue
        yield at, tag


class _Comments:
    """Where comments and declarations end; what has no end is asked for only once."""

    def __init__(self, written: str) -> None:
        self._written = written
        self._no_end: set[str] = set()

    def end_of(self, at: int) -> int:
        """The index after the comment that begins at `at`; an endless one is only its beginning."""
        comment = self._written.startswith("<!--", at)
        closing = "-->" if comment else ">"
        if closing not in self._no_end:
            # `<!-->` and `<!--->` are whole comments.
            end = self._written.find(closing, at + 2)
            if end >= 0:
                return end + len(closing)
            self._no_end.add(closing)
        return at + (4 if comment else 2)
