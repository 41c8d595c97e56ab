"""How many open streams one web process carries: memory, and how soon one message reaches all.

    python -m bench.streams --streams 1000

Starts a web process on a throw-away database with as many people as it needs, opens the streams as
browsers do (each signed in, each looking at the same ticket), and posts one reply.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ["PARLEY_MODE"] = "test"
os.environ["DJANGO_SETTINGS_MODULE"] = "parley.site.settings"
os.environ.setdefault("PARLEY_DATA", tempfile.mkdtemp(prefix=f"parley-test-{os.getpid()}-"))

import psutil

STREAMS_A_PERSON = 5
ROUNDS = 5


def main() -> None:
    """Measure, and print the figures."""
    asked = _asked()
    _prepare()
    people = asked.streams // STREAMS_A_PERSON + 1
    scene = _scene(people)
    port = _free_port()
    process = _serve(port)
    try:
        figures = asyncio.run(_measure(asked.streams, port, process.pid, scene))
    finally:
        process.terminate()
        process.wait(20)
    print(json.dumps(figures, indent=2) if asked.json else _in_words(figures))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.streams", description=__doc__)
    parser.add_argument("--streams", type=int, default=1000, help="how many (default 1000)")
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    return parser.parse_args()


def _prepare() -> None:
    from parley.postgres import testing

    testing.start()
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def _scene(people: int) -> dict[str, Any]:
    """One ticket that everybody at the seller looks at, and the sessions they do it in."""
    from django.test import Client

    from parley.parties.joining import found, join
    from parley.parties.models import Person
    from parley.tickets.models import Category, Topic
    from parley.tickets.opening import NewTicket, open_ticket

    seller, supplier = found("seller", "Bright Home"), found("supplier", "Northwind Supply")
    found("operator", "Harbour Market")
    staff = Person.objects.bulk_create(
        Person(email=f"p{n}@bright-home.example", name=f"Person {n}", password=f"md5$x${n}")
        for n in range(people)
    )
    readers = [join(person, seller, "member") for person in staff]
    other = join(Person.objects.create_user("n@northwind.example", name="Nora"), supplier, "owner")
    category = Category.objects.create(names={"en": "Delivery"})
    topic = Topic.objects.create(
        category=category, names={"en": "Late"}, opened_by=["seller"], goes_to="supplier"
    )
    new = NewTicket(topic=topic, title="Late parcel", text="Where is it?", to=supplier)
    ticket = open_ticket(new, by=readers[0])
    cookies = []
    for reader in readers:
        client = Client()
        client.force_login(reader.person)
        cookies.append(client.cookies["parley_session"].value)
    return {"ticket": ticket.pk, "supplier": other, "cookies": cookies}


def _serve(port: int) -> subprocess.Popen[bytes]:
    environ = os.environ | {"PARLEY_PORT": str(port), "PARLEY_WEB_PROCESSES": "1"}
    return subprocess.Popen([sys.executable, "-m", "parley.site.serving"], env=environ)


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


class Reader:
    """One browser's stream: when it was last told of the ticket."""

    def __init__(self) -> None:
        self.told_at = 0.0
        self.told = asyncio.Event()

    async def open(self, port: int, ticket: int, cookie: str) -> None:
        """Open the stream and wait for its first word."""
        self.lines, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            f"GET /live?ticket={ticket} HTTP/1.1\r\nHost: localhost\r\n"
            f"Cookie: parley_session={cookie}\r\nAccept-Encoding: gzip\r\n\r\n".encode()
        )
        while b"event: ping" not in (line := await self.lines.readline()):
            assert line, "the stream was refused"
        self.writer = writer
        self.task = asyncio.create_task(self._read())

    async def _read(self) -> None:
        while line := await self.lines.readline():
            if line == b"data: ticket\n":
                self.told_at = time.monotonic()
                self.told.set()


async def _measure(streams: int, port: int, parent: int, scene: dict[str, Any]) -> dict[str, Any]:
    web = await _web_process(parent, port)
    await _warm_up(port, scene)
    before = web.memory_info().rss
    started, cpu = time.monotonic(), _cpu(web)
    readers = [Reader() for _ in range(streams)]
    gate = asyncio.Semaphore(16)

    async def come(number: int, reader: Reader) -> None:
        async with gate:
            cookie = scene["cookies"][number // STREAMS_A_PERSON]
            await reader.open(port, scene["ticket"], cookie)

    await asyncio.gather(*(come(n, reader) for n, reader in enumerate(readers)))
    opened, opening = time.monotonic() - started, _cpu(web) - cpu
    await asyncio.sleep(3)
    after = web.memory_info().rss
    rounds = [await _post(readers, scene) for _ in range(ROUNDS)]
    idle = _cpu(web)
    await asyncio.sleep(20)
    figures = {
        "streams": streams,
        "mb_without": round(before / 2**20, 1),
        "mb_more": round((after - before) / 2**20, 1),
        "mb_more_after_messages": round((web.memory_info().rss - before) / 2**20, 1),
        "kb_per_stream": round((after - before) / 1024 / streams, 1),
        "seconds_to_open_all": round(opened, 2),
        "cpu_ms_to_open_one": round(opening * 1000 / streams, 2),
        "reached": [len(times) for times in rounds],
        "ms_to_first": round(statistics.median(min(times) for times in rounds) * 1000, 1),
        "ms_to_last": round(statistics.median(max(times) for times in rounds) * 1000, 1),
        "idle_cpu_percent": round((_cpu(web) - idle) / 20 * 100, 2),
    }
    for reader in readers:
        reader.writer.close()
    return figures


async def _web_process(parent: int, port: int) -> psutil.Process:
    for _ in range(600):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
            continue
        writer.close()
        children = psutil.Process(parent).children()
        return max(children, key=lambda child: child.memory_info().rss)
    raise SystemExit("The web server does not answer.")


async def _warm_up(port: int, scene: dict[str, Any]) -> None:
    """Have everything imported and every thread started before memory is looked at."""
    readers = [Reader() for _ in range(10)]
    await asyncio.gather(
        *(reader.open(port, scene["ticket"], scene["cookies"][-1]) for reader in readers)
    )
    for reader in readers:
        reader.writer.close()
    await asyncio.sleep(1)


async def _post(readers: list[Reader], scene: dict[str, Any]) -> list[float]:
    """Post one reply; gives the seconds from its commit after which each stream was told."""
    for reader in readers:
        reader.told.clear()
    committed = await asyncio.to_thread(_reply, scene)
    async with asyncio.timeout(30):
        await asyncio.gather(*(reader.told.wait() for reader in readers))
    await asyncio.sleep(1)
    return [reader.told_at - committed for reader in readers if reader.told.is_set()]


def _reply(scene: dict[str, Any]) -> float:
    from parley.tickets.replying import Reply, reply

    reply(scene["ticket"], Reply(text="On its way."), by=scene["supplier"])
    return time.monotonic()


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _in_words(figures: dict[str, Any]) -> str:
    return "\n".join(f"{name.replace('_', ' '):<24} {value}" for name, value in figures.items())


if __name__ == "__main__":
    assert Path("bench").is_dir(), "run it from the checkout"
    main()
