"""A worker that is killed, as by the machine, right after a file got its name."""

from __future__ import annotations

import os
import signal
import sys

import django


def die(*_args: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    django.setup()
    from django.conf import settings

    from parley.exports import running

    settings.ALLOW_LOCAL_HOSTS = True
    settings.MEDIA_ROOT = sys.argv[2]
    setattr(running, sys.argv[3], die)
    running.carry_out(int(sys.argv[1]))
