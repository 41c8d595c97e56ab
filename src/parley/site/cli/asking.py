"""`parley ask`: questions to the assistant as JSON lines, and what it would answer them from."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parley.site.cli.database import at_hand_for_the_first_time
from parley.site.supervising import CannotRun

if TYPE_CHECKING:
    from parley.assistant.retrieving import Retrieval
    from parley.parties.models import Membership

LONGEST_LINE = 1_000_000
"""Bytes of a line that are read as JSON."""
LONGEST_LANGUAGE = 10
EXAMPLE = """\
Each line of the input is a JSON object:
  {"question": "How do I cancel an order?", "language": "en", "person": "jo@example.com"}
`language` is the one to answer in (without it, the question's letters tell); `person` is the e-mail
address of somebody who signs in here, and stands for what they may read (without it, a stranger,
who reads what is for everybody). Other fields come back as they are.

Each line of the output, in the same order, as soon as it is known:
  {"question": …, "outcome": "answer" | "offer" | "unknown",
   "confidence": 0 to 1,
   "articles": [{"id": "orders/cancel-an-order", "title": …, "language": …, "score": …}, …],
   "passages": [{"article": …, "heading": …, "anchor": …, "text": …, "score": …}, …],
   "ms": how long it took}
`articles` are the best first, five at most. A line that can't be read gives {"line": …, "error": …}
in its place, and the next ones are read all the same.
"""


class _Unreadable(Exception):
    """A line of the input is no question; the message says why, in one sentence."""


def ask(chosen: argparse.Namespace) -> int:
    """Answer the questions of a file, or of standard input, one line each."""
    with at_hand_for_the_first_time():
        import django

        django.setup()
        from parley.assistant.retrieving import warm_up

        warm_up()
        for answer in _answers(_lines(chosen.file), as_operator=chosen.all):
            sys.stdout.buffer.write(_line(answer))
            sys.stdout.buffer.flush()
    return 0


def _lines(file: str) -> Iterator[bytes]:
    if file == "-":
        yield from sys.stdin.buffer
        return
    try:
        with Path(file).open("rb") as lines:
            yield from lines
    except OSError as error:
        raise CannotRun(f"{file} can't be read: {error.strerror}.") from None


def _line(answer: Mapping[str, Any]) -> bytes:
    try:
        return f"{json.dumps(answer, ensure_ascii=False)}\n".encode()
    except UnicodeEncodeError:  # half a letter, which JSON lets one write and UTF-8 does not
        return f"{json.dumps(answer)}\n".encode()


def _answers(lines: Iterable[bytes], *, as_operator: bool) -> Iterator[Mapping[str, Any]]:
    readers: dict[str, Membership | None] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            asked = _asked(line)
            yield {**asked, **_answered(asked, _reader(asked, readers, as_operator=as_operator))}
        except _Unreadable as reason:
            yield {"line": number, "error": str(reason)}


def _asked(line: bytes) -> dict[str, Any]:
    if len(line) > LONGEST_LINE:
        raise _Unreadable(f"The line is longer than {LONGEST_LINE} bytes.")
    try:
        asked = json.loads(line.removeprefix(b"\xef\xbb\xbf"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise _Unreadable("The line is not JSON in UTF-8.") from None
    if not isinstance(asked, dict):
        raise _Unreadable("The line is not a JSON object.")
    for name in ("question", "language", "person"):
        if not isinstance(asked.get(name) or "", str):
            raise _Unreadable(f"“{name}” is not a text.")
    if not isinstance(asked.get("question"), str):
        raise _Unreadable("“question” is missing.")
    if len(asked.get("language") or "") > LONGEST_LANGUAGE:
        raise _Unreadable("“language” is not the code of a language, such as en.")
    return asked


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _reader(
    asked: Mapping[str, Any], known: dict[str, Membership | None], *, as_operator: bool
) -> Membership | None:
    from parley.parties import access

    email = asked.get("person") or ""
    if not email:
        return access.any_reader(of_operator=True) if as_operator else None
    if email not in known:
        known[email] = access.memberships_of_email(email.replace("\x00", "")).first()
    if known[email] is None:
        raise _Unreadable(f"Nobody here has the e-mail address {email}.")
    return known[email]


def _answered(asked: Mapping[str, Any], reader: Membership | None) -> dict[str, Any]:
    from django.conf import settings

    from parley.assistant.retrieving import retrieve
    from parley.assistant.telling_language import language_of

    question = asked["question"]
    language = asked.get("language") or language_of(question, settings.LANGUAGE_CODE)
    begun = time.perf_counter()
    found = retrieve(question, language=language, reader=reader)
    return {**_told(found), "ms": round((time.perf_counter() - begun) * 1000, 2)}


def _told(found: Retrieval) -> dict[str, Any]:
    return {
        "outcome": str(found.outcome),
        "confidence": round(found.confidence, 4),
        "articles": [
            {"id": hit.path, "title": hit.title, "language": hit.language, "score": hit.score}
            for hit in found.hits
        ],
        "passages": [
            {
                "article": hit.path,
                "heading": passage.heading,
                "anchor": passage.anchor,
                "text": passage.text,
                "score": passage.score,
            }
            for hit in found.hits
            for passage in hit.passages
        ],
    }
