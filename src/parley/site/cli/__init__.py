"""The command line: `parley …`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence

from parley.postgres.trouble import PostgresTrouble
from parley.site.cli.arguments import parser
from parley.site.environment import EnvironmentRefused
from parley.site.supervising import CannotRun

STOPPED_BY_HAND = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code: 0 done, 1 could not be done (one sentence says why)."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    chosen, rest = parser().parse_known_args(words)
    if rest and not chosen.takes_rest:
        parser().error(f"unrecognized arguments: {' '.join(rest)}")
    chosen.rest = rest
    if chosen.data:
        os.environ["PARLEY_DATA"] = chosen.data
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.site.settings")
    signal.signal(signal.SIGTERM, _leave)
    os.umask(0o077)  # what a site keeps is nobody else's to read
    try:
        return int(chosen.run(chosen) or 0)
    except EnvironmentRefused as refused:
        return _tell(*refused.problems)
    except (PostgresTrouble, CannotRun) as trouble:
        return _tell(str(trouble))
    except KeyboardInterrupt:
        return STOPPED_BY_HAND
    except BrokenPipeError:  # the reader of our output has left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _leave(*_: object) -> None:
    raise KeyboardInterrupt


def _tell(*sentences: str) -> int:
    for sentence in sentences:
        print(f"parley: {sentence}", file=sys.stderr)
    return 1
