"""`parley figures`: count what is not counted yet, at once; or everything again."""

from __future__ import annotations

import argparse
import sys

from parley.site.cli.database import at_hand
from parley.site.environment import environment


def figures(chosen: argparse.Namespace) -> int:
    """Fold all that waits, and take the backlogs of past days; says how far it is, and how many."""
    with at_hand(environment()):
        import django

        django.setup()
        from parley.reports.backlog import take_backlogs
        from parley.reports.folding import BATCH_OF_ALL, fold, note_all

        noted, folded = note_all(anew=chosen.anew), 0
        while counted := fold(BATCH_OF_ALL):
            folded += counted
            print(f"{folded} of {max(noted, folded)} …", file=sys.stderr)
        days = take_backlogs(anew=True)
        print(f"Counted {folded} tickets, and the backlog of {days} days.")
    return 0
