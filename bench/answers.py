"""How long somebody waits for the assistant, from end to end: `python -m bench.answers`.

A demo of its own is started (its help centre, its worker and its assistant's process). Visitors ask
over HTTP as the messenger does: the question is POSTed, the stream of live updates says that something
has changed, the conversation is fetched, and the clock stops when the answer stands in it. With `--busy`
so many other processes want the processor all the time, as an import or an export would.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import psutil

from bench.processes import free_port

QUESTIONS = [
    "How do I ship an order?",
    "Где скачать счёт?",
    "what does QUEUE mean instead of a number",
    "Как пригласить коллегу?",
    "my export fails with a wrong host key",
    "Сколько ждать ответа на обращение?",
    "can I cancel an order after the hand-over",
    "Как связать карточку с товаром?",
]
SECONDS_TO_START = 300
ENVIRONMENT = {"PARLEY_MODE": "demo", "PARLEY_TRUSTED_PROXY": "yes"}


def main() -> int:
    """Measure as asked on the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.answers", description=__doc__)
    parser.add_argument("--visitors", type=int, default=8, help="each asks eight questions")
    parser.add_argument("--busy", type=int, default=0, help="processes that want the processor")
    parser.add_argument("--data", help="a demo's data folder to use and keep")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        data = Path(asked.data or folder)
        with _demo(data) as (site, process), _busy(asked.busy):
            before = _cpu(process)
            seconds = [s for n in range(asked.visitors) for s in _visitor(site, n)]
            used = {name: spent - before.get(name, 0.0) for name, spent in _cpu(process).items()}
            _tell(seconds, asked.busy, process, used)
    return 0


@contextmanager
def _demo(data: Path) -> Iterator[tuple[str, psutil.Process]]:
    port = free_port()
    environment = {**os.environ, **ENVIRONMENT, "PARLEY_DATA": str(data)}
    command = [sys.executable, "-m", "parley.site.cli", "demo", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if "ready" in line:
                break
        time.sleep(10)  # the workers start once the site answers
        yield f"http://127.0.0.1:{port}", psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def _busy(processes: int) -> Iterator[None]:
    workers = [multiprocessing.Process(target=_spin, daemon=True) for _n in range(processes)]
    for worker in workers:
        worker.start()
    try:
        yield
    finally:
        for worker in workers:
            worker.kill()


def _spin() -> None:
    while True:
        sum(range(100_000))


def _visitor(site: str, number: int) -> list[float]:
    """The seconds that one visitor waits for each of some answers in one chat."""
    headers = {"X-Forwarded-For": f"10.1.{number // 250}.{number % 250 + 1}"}
    with httpx.Client(base_url=site, headers=headers, timeout=30) as client:
        session = client.post("/messenger/session", json={"language": "en"}).raise_for_status()
        client.headers["Authorization"] = f"Bearer {session.json()['key']}"
        page = client.post("/messenger/conversations", json=_said("Hello")).raise_for_status()
        chat = page.json()["conversation"]["id"]
        with _stream(client, site, chat) as changed:
            _wait(client, chat, changed, 1)
            return [
                _timed(client, chat, changed, question, place)
                for place, question in enumerate(QUESTIONS, start=2)
            ]


def _timed(
    client: httpx.Client, chat: int, changed: threading.Event, question: str, answers: int
) -> float:
    begin = time.perf_counter()
    client.post(
        f"/messenger/conversations/{chat}/messages", json=_said(question)
    ).raise_for_status()
    _wait(client, chat, changed, answers)
    return time.perf_counter() - begin


def _wait(client: httpx.Client, chat: int, changed: threading.Event, answers: int) -> None:
    """Wait until the conversation has so many answers of the assistant."""
    while True:
        changed.clear()
        page = client.get(f"/messenger/conversations/{chat}").raise_for_status().json()
        said = [one for one in page["messages"] if one["who"]["side"] == "assistant"]
        if len(said) >= answers:
            return
        changed.wait(5)


@contextmanager
def _stream(client: httpx.Client, site: str, chat: int) -> Iterator[threading.Event]:
    changed, opened = threading.Event(), threading.Event()
    listener = httpx.Client(base_url=site, headers=client.headers, timeout=60)

    def listen() -> None:
        with (
            suppress(httpx.HTTPError, RuntimeError),
            listener.stream("GET", f"/messenger/stream?conversation={chat}") as stream,
        ):
            opened.set()
            for line in stream.iter_lines():
                if line.startswith("event:"):
                    changed.set()

    threading.Thread(target=listen, daemon=True).start()
    opened.wait(10)
    try:
        yield changed
    finally:
        listener.close()


def _said(text: str) -> dict[str, object]:
    return {"text": text, "submit_key": str(uuid.uuid4()), "files": []}


def _tell(
    seconds: Sequence[float], busy: int, process: psutil.Process, used: Mapping[str, float]
) -> None:
    ordered = sorted(seconds)
    questions = len(ordered) * (len(QUESTIONS) + 1) / len(QUESTIONS)  # each visitor said hello
    told = {
        "answers": len(ordered),
        "busy": busy,
        "median_ms": round(statistics.median(ordered) * 1000),
        "p90_ms": round(ordered[int(len(ordered) * 0.9)] * 1000),
        "worst_ms": round(ordered[-1] * 1000),
        "cpu_ms_each": {name: round(spent / questions * 1000) for name, spent in used.items()},
        "memory_mb": _memory(process),
    }
    print(json.dumps(told))


def _cpu(process: psutil.Process) -> dict[str, float]:
    """The CPU seconds that the web server and the assistant's process have used so far."""
    used: dict[str, float] = {}
    for one in process.children(recursive=True):
        with suppress(psutil.Error):
            name = _name(one)
            if name in ("serving", "answering"):
                times = one.cpu_times()
                used[name] = used.get(name, 0.0) + times.user + times.system
    return used


def _name(process: psutil.Process) -> str:
    words = [word for word in process.cmdline() if word.startswith("parley.site.")]
    return words[0].rpartition(".")[2] if words else process.name()


def _memory(process: psutil.Process) -> dict[str, int]:
    """Megabytes of each of the site's own processes, as far as no other shares them."""
    used = {}
    for one in process.children(recursive=True):
        with suppress(psutil.Error):
            if (name := _name(one)) in ("serving", "answering", "working"):
                used[name] = one.memory_full_info().uss // 2**20
    return used


if __name__ == "__main__":
    sys.exit(main())
