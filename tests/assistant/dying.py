"""A worker that is killed, as by the machine, when it comes to a certain place while it answers."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

import django


def die(*_args: object, **_more: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def after(done: Callable[..., Any]) -> Callable[..., None]:
    """Does it, and dies right after."""

    def do_and_die(*args: Any, **more: Any) -> None:
        done(*args, **more)
        die()

    return do_and_die


if __name__ == "__main__":
    django.setup()
    from parley.assistant import answering

    room, name, when = sys.argv[2:]
    module = import_module(f"parley.assistant.{room}")
    setattr(module, name, die if when == "before" else after(getattr(module, name)))
    answering.answer(int(sys.argv[1]))
