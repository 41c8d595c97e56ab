"""The worker for the assistant's answers alone: somebody looks at the screen and waits for them.

It is a process of its own, so that an export or an import under way keeps no answer waiting, and has
the sentence encoder in memory before the first question.
"""

from __future__ import annotations

import argparse

from parley.site.environment import environment
from parley.site.working import work


def _warm() -> set[str]:
    from parley.assistant.answering import warm_up
    from parley.assistant.indexing import index_all
    from parley.assistant.jobs import QUEUE

    # A demo that was just made, say: its first question is not to find the shelves empty.
    index_all()
    warm_up()
    return {QUEUE}


def main() -> None:
    """Run as a process of the supervisor."""
    parser = argparse.ArgumentParser(prog="parley.site.answering")
    parser.add_argument("--lifeline", type=int)
    work(environment(), pipe=parser.parse_args().lifeline, warm=_warm)


if __name__ == "__main__":
    main()
