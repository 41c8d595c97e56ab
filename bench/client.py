"""The client: a process of its own that asks a server, over connections it keeps open.

It reads one JSON object a line (`port`, `connections`: a list of requests for each, in order) and
answers with one: the seconds each request took, the bytes of their answers, and what went wrong.
"""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypedDict


class Request(TypedDict):
    """One request: what is sent, and the status that answers it when all is well."""

    method: str
    path: str
    headers: dict[str, str]
    body: str
    status: int


@dataclass(frozen=True)
class Answers:
    """What came back: the seconds of each request, sorted, and the bytes of an average answer."""

    seconds: list[float]
    bytes: float


class Client:
    """The running client process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, port: int, connections: Sequence[Sequence[Request]]) -> Answers:
        """Send the requests of all connections at once, each connection's one after the other.

        Raises SystemExit when an answer has not the status it should have.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"port": port, "connections": connections}) + "\n")
        self._process.stdin.flush()
        said = json.loads(self._process.stdout.readline())
        if said["wrong"]:
            raise SystemExit(f"bench: {said['wrong'][0]}")
        return Answers(sorted(said["seconds"]), said["bytes"] / max(1, len(said["seconds"])))


@contextmanager
def started() -> Iterator[Client]:
    """Have a client process for the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.client"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Client(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(10)


class _Connection(threading.Thread):
    def __init__(self, port: int, requests: list[Request]) -> None:
        super().__init__()
        self.requests = requests
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.seconds: list[float] = []
        self.wrong: list[str] = []
        self.bytes = 0

    def run(self) -> None:
        for request in self.requests:
            begin = time.perf_counter()
            self.connection.request(
                request["method"],
                request["path"],
                request["body"].encode() or None,
                request["headers"],
            )
            answer = self.connection.getresponse()
            body = answer.read()
            self.seconds.append(time.perf_counter() - begin)
            self.bytes += len(body)
            if answer.status != request["status"]:
                self.wrong.append(f"{request['method']} {request['path']}: {answer.status}"
                                  f" {body[:2000].decode(errors='replace')}")  # fmt: skip
        self.connection.close()


def _ask(port: int, connections: list[list[Request]]) -> dict[str, Any]:
    asking = [_Connection(port, requests) for requests in connections]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    return {
        "seconds": [seconds for one in asking for seconds in one.seconds],
        "bytes": sum(one.bytes for one in asking),
        "wrong": [words for one in asking for words in one.wrong],
    }


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_ask(**json.loads(line))) + "\n")
        sys.stdout.flush()
