"""`parley mail understand`: what mails mean, without a database and without a trace."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from typing import Any

from parley.site.cli.mail_files import mails_in


def understand(chosen: argparse.Namespace) -> int:
    """Print what each mail means, one JSON object a line, in the order of the files.

    A file that cannot be read is named on standard error, and has an empty object in its place;
    the exit code is then 1. An mbox file gives an object for each mail in it.
    """
    code = 0
    for file in chosen.files:
        for raw in _mails_of(file):
            code = 1 if raw is None else code
            _print({} if raw is None else _understood(raw))
    return code


def _mails_of(file: str) -> Iterator[bytes | None]:
    """The mails in a file; `None` once it cannot be read, which is then said."""
    try:
        for _, raw in mails_in(file):
            yield raw
    except OSError as trouble:
        print(f"parley: {trouble.filename or file}: {trouble.strerror}", file=sys.stderr)
        yield None


def _understood(raw: bytes) -> dict[str, Any]:
    from parley.mail_parsing.understanding import understand as understood

    return understood(raw).as_json()


def _print(said: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(said, ensure_ascii=False).encode("utf-8") + b"\n")
    sys.stdout.buffer.flush()
