"""Files with many mails, one after the other (mbox, RFC 4155), divided into them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from mmap import mmap

_FIRST = re.compile(rb"(?:\xef\xbb\xbf)?From (?![ \t]*:)[^\n]{0,1000}\n")
_NEXT = re.compile(
    rb"(?<=\n)\r?\nFrom (?:-[ \t]*|[^\r\n]{0,300}?\d\d:\d\d[^\r\n]{0,60}\d{4}[^\r\n]{0,60})"
    rb"\r?\n(?=>?[A-Za-z][!-9;-~]{0,60}:)"
)
"""An empty line, the line with sender and date, and a header: in a mail's text “From ” is a word."""

_BOUNDARY = re.compile(
    rb"^(?:content-type:|[ \t])[^\n]{0,500}?boundary[ \t]*=[ \t]*\"?([^\"\r\n;]{1,200})",
    re.IGNORECASE | re.MULTILINE,
)
_HEADER = 64_000
_AHEAD = 1_000_000
"""Bytes within which a mail that has parts may end after a line that looks like the next mail's first."""


def is_mbox(content: bytes | mmap) -> bool:
    """Whether it begins with the line that parts the mails of such a file."""
    return _FIRST.match(content) is not None


def mails_of(content: bytes | mmap) -> Iterator[bytes]:
    """The mails of an mbox file, each without its first line; all of it, where it is no mbox.

    Lines of the text that were marked because they begin with “From ” stay so. Takes time in
    proportion to the size, and memory for one mail at a time.
    """
    first = _FIRST.match(content)
    if first is None:
        yield content[:]
        return
    at = within = first.end()
    for following in _NEXT.finditer(content, at):
        if following.start() < within:
            continue
        mail = content[at : following.start()]
        within = _end_of_parts(mail, content, following.start())
        if within < 0:
            yield mail
            at = following.end()
    yield content[at:]


def _end_of_parts(mail: bytes, content: bytes | mmap, at: int) -> int:
    """Where the parts of a mail end that are still open at `at`, as an mbox within it; -1: none are."""
    named = _BOUNDARY.search(mail, 0, _HEADER)
    if named is None:
        return -1
    closing = b"\n--" + named[1].rstrip() + b"--"
    return -1 if closing in mail else content.find(closing, at, at + _AHEAD)
