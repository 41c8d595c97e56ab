"""`python -m bench.mail_fuzz --seconds N`: damages mails for so long, and says which break the understanding.

Nothing may raise, take longer than the size of a mail allows, or give text that can't be stored. A mail
that does is kept in the folder `--keep`, and its number makes it again (`--only`).
"""

from __future__ import annotations

import argparse
import signal
import time
from pathlib import Path
from random import Random
from types import FrameType

from tests.mail_parsing.hostile import mutated, seeds, wrong_with

PATIENCE = 20
"""Seconds of CPU after which a mail counts as endless."""
SLOW = 30e-6
"""Seconds of CPU a byte (understood twice), beyond what every mail takes, that are too many."""
EVERY = 0.25


class Endless(BaseException):
    """It was not done after PATIENCE. The understanding itself catches every Exception."""


def main() -> int:
    """Fuzz for as long as asked; 1 if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--start", type=int, default=0, help="the number of the first mail")
    parser.add_argument("--only", type=int, help="this one alone")
    parser.add_argument("--keep", type=Path, default=Path("fuzzed"))
    asked = parser.parse_args()
    signal.signal(signal.SIGVTALRM, _stop)
    base, found, worst = seeds(), 0, (0.0, -1)
    number = asked.start if asked.only is None else asked.only
    first, until = number, time.monotonic() + asked.seconds
    while time.monotonic() < until:
        dice = Random(number)
        raw = mutated(dice.choice(base), base, dice)
        wrong, spent = _tried(raw)
        worst = max(worst, (spent, number))
        if wrong:
            found += 1
            asked.keep.mkdir(parents=True, exist_ok=True)
            (asked.keep / f"{number}.eml").write_bytes(raw)
            print(f"{number}: {wrong} ({len(raw)} bytes)")
        number += 1
        if asked.only is not None:
            break
    print(
        f"{number - first} mails, {found} of them wrong; the slowest took {worst[0]:.2f} s: {worst[1]}"
    )
    return 1 if found else 0


def _tried(raw: bytes) -> tuple[str, float]:
    before = time.process_time()
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
    try:
        wrong = wrong_with(raw)
    except Endless:
        return "endless", PATIENCE
    except Exception as trouble:  # noqa: BLE001  # that is what is looked for
        wrong = f"raised {type(trouble).__name__}: {trouble}"
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    spent = time.process_time() - before
    if not wrong and spent > EVERY + SLOW * len(raw):
        wrong = f"slow: {spent:.2f} s"
    return wrong, spent


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise Endless


if __name__ == "__main__":
    raise SystemExit(main())
