"""Where mails lie that somebody names on a command line: files, mbox files, folders, standard input."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from mmap import ACCESS_READ, mmap
from pathlib import Path

from parley.mail_parsing.mbox import is_mbox, mails_of

STANDARD_INPUT = "-"
_MARKED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)


def mails_in(place: str, *, unmarked: bool = False) -> Iterator[tuple[str, bytes]]:
    """The mails of a file, an mbox file, a folder with all below it, or standard input, with their names.

    `unmarked`: lines of an mbox that were marked because they begin with “From ” are as before.
    Raises OSError.
    """
    if place == STANDARD_INPUT:
        yield from _named(place, sys.stdin.buffer.read(), unmarked=unmarked)
        return
    path = Path(place)
    if not path.is_dir():
        yield from _in_file(path, unmarked=unmarked)
        return
    for file in sorted(path.rglob("*")):
        # What begins with a dot, or is not delivered yet in a Maildir, is no mail.
        if file.is_file() and not file.name.startswith(".") and file.parent.name != "tmp":
            yield from _in_file(file, unmarked=unmarked)


def _in_file(path: Path, *, unmarked: bool) -> Iterator[tuple[str, bytes]]:
    with path.open("rb") as file:
        if not file.peek(1) or not path.is_file():
            yield str(path), file.read()
            return
        with mmap(file.fileno(), 0, access=ACCESS_READ) as content:
            yield from _named(str(path), content, unmarked=unmarked)


def _named(name: str, content: bytes | mmap, *, unmarked: bool) -> Iterator[tuple[str, bytes]]:
    of_many = is_mbox(content)
    for number, raw in enumerate(mails_of(content), start=1):
        # As mboxrd writes lines that begin with From (RFC 4155 leaves it open).
        mail = _MARKED_FROM.sub(rb"\1", raw) if unmarked and of_many else raw
        yield f"{name}#{number}" if of_many else name, mail
