"""How the processes of one site end together.

The supervisor keeps the writing end of a pipe; each of its processes holds the reading end and
never gets a byte. When the supervisor dies, however it dies, the pipe closes, and the process takes
its whole process group with it. So no web server or worker outlives its supervisor and keeps the
port.
"""

from __future__ import annotations

import os
import signal
import threading


def end_with(pipe: int | None) -> None:
    """Kill this process's group as soon as the other end of `pipe` closes; None means never."""
    if pipe is None:
        return
    threading.Thread(target=_wait, args=(pipe,), name="lifeline", daemon=True).start()


def _wait(pipe: int) -> None:
    while os.read(pipe, 1):
        continue
    os.killpg(os.getpgrp(), signal.SIGKILL)
