"""The web server: granian, in front of the site's ASGI application."""

from __future__ import annotations

import argparse
import os
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from parley.site import lifeline
from parley.site.environment import Environment, environment

APPLICATION = "parley.site.asgi:application"

# Open streams count as requests under way, so the limit has to leave room for thousands of them.
REQUESTS_AT_ONCE = 8192
SECONDS_TO_FINISH = 3


def serve(environment: Environment, *, pipe: int | None = None) -> None:
    """Serve the site until SIGTERM or SIGINT; `pipe` is the supervisor's lifeline, if any."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.site.settings")
    lifeline.end_with(pipe)
    server = Server(
        APPLICATION,
        address=environment.bind,
        port=environment.port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=environment.web_processes,
        backlog=2048,
        backpressure=REQUESTS_AT_ONCE,
        respawn_failed_workers=True,
        respawn_interval=0.2,
        workers_kill_timeout=SECONDS_TO_FINISH,
        log_level=LogLevels.warning,
    )
    server.serve(target_loader=_Loader(pipe), wrap_loader=False)


class _Loader:
    """Loads the application inside each web process, and ties that process to the lifeline too."""

    def __init__(self, pipe: int | None) -> None:
        self.pipe = pipe

    def __call__(self) -> Any:
        lifeline.end_with(self.pipe)
        from importlib import import_module

        module, name = APPLICATION.split(":")
        return getattr(import_module(module), name)


def main() -> None:
    """Run as a process of the supervisor."""
    parser = argparse.ArgumentParser(prog="parley.site.serving")
    parser.add_argument("--lifeline", type=int)
    serve(environment(), pipe=parser.parse_args().lifeline)


if __name__ == "__main__":
    main()
