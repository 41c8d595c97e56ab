"""`parley mail understand`: what mails mean, without a database and without a trace."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

STANDARD_INPUT = "-"


def understand(chosen: argparse.Namespace) -> int:
    """Print what each file's mail means, one JSON object a line, in the order of the files.

    A file that cannot be opened is named on standard error, and has an empty object in its place;
    the exit code is then 1.
    """
    from parley.mail_parsing.understanding import understand as understood

    code = 0
    for file in chosen.files:
        try:
            raw = sys.stdin.buffer.read() if file == STANDARD_INPUT else Path(file).read_bytes()
        except OSError as trouble:
            print(f"parley: {file}: {trouble.strerror}", file=sys.stderr)
            print("{}", flush=True)
            code = 1
            continue
        said = json.dumps(understood(raw).as_json(), ensure_ascii=False)
        sys.stdout.buffer.write(said.encode("utf-8") + b"\n")
        sys.stdout.buffer.flush()
    return code
