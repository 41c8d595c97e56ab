"""The mail room: the process that listens for mail, and watches the mailboxes that are set up."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import threading

from parley.site import lifeline
from parley.site.environment import Environment, environment

SECONDS_BETWEEN_TRIES = 10.0
"""To listen at an address that another process has: the mail room of a site that was just stopped, say."""

log = logging.getLogger(__name__)


def run(environment: Environment, *, pipe: int | None = None) -> None:
    """Take mail in until SIGTERM or SIGINT. `pipe` is the supervisor's lifeline, if there is one."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.site.settings")
    lifeline.end_with(pipe)
    import django

    django.setup()
    asyncio.run(_run(environment.mail_listen))


async def _run(addresses: tuple[str, ...]) -> None:
    from parley.mailboxes.watching import Watchers

    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, over.set)
    stopping = threading.Event()
    watching = asyncio.create_task(asyncio.to_thread(Watchers().run, stopping))
    listening = asyncio.create_task(_listen(addresses, over))
    await over.wait()
    stopping.set()
    await listening
    await watching


async def _listen(addresses: tuple[str, ...], over: asyncio.Event) -> None:
    from parley.mailboxes.listening import Room, listen, stop_listening

    room, servers = Room(), []
    waiting = list(addresses)
    while waiting and not over.is_set():
        for address in list(waiting):
            try:
                servers.append(await listen(address, room))
            except OSError as error:
                log.warning("Can't listen for mail at %s: %s", address, error.strerror or error)
            else:
                waiting.remove(address)
                log.info("Listening for mail at %s", address)
        if waiting:
            await _wait(over, SECONDS_BETWEEN_TRIES)
    await over.wait()
    await stop_listening(servers, room)


async def _wait(over: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(over.wait(), seconds)
    except TimeoutError:
        return


def main() -> None:
    """Run as a process of the supervisor."""
    parser = argparse.ArgumentParser(prog="parley.site.mailroom")
    parser.add_argument("--lifeline", type=int)
    run(environment(), pipe=parser.parse_args().lifeline)


if __name__ == "__main__":
    main()
