"""A server that speaks OpenAI's protocol for chat completions, on loopback, and says what a test tells it.

    with serving(Says([sentence("Orders ship in a day.", "P1")])) as server:
        settings.MODEL_URL = server.address

Each request takes the next of the scripted turns; the last one is repeated. What was asked is in `asked`.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PIECE = 24
"""Characters of an answer that are sent at a time."""


def sentence(text: str, *sources: str, step: bool = False) -> dict[str, Any]:
    """One sentence of an answer, as the model writes it."""
    return {"text": text, "sources": list(sources), "step": step}


@dataclass(frozen=True)
class Says:
    """The model answers with these sentences; `between` is called before each piece of it is sent."""

    sentences: Sequence[dict[str, Any]]
    between: Callable[[int], None] | None = None
    breaks_after: int | None = None
    """It breaks off after so many characters."""


@dataclass(frozen=True)
class Raw:
    """The model calls its answer's tool with this text, JSON or not."""

    arguments: str


@dataclass(frozen=True)
class Calls:
    """The model wants to look something up."""

    name: str
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Talks:
    """The model answers with plain text, where it was to fill in a form."""

    text: str


@dataclass(frozen=True)
class Fails:
    """The server answers with this status."""

    status: int
    body: str = '{"error": {"message": "no"}}'


@dataclass(frozen=True)
class Hangs:
    """The server takes the question and says nothing."""


@dataclass(frozen=True)
class Endless:
    """The model writes, and does not stop."""

    in_text: bool = False


@dataclass(frozen=True)
class Obeys:
    """The model does whatever it reads it should: `reads` makes a turn of the request."""

    reads: Callable[[dict[str, Any]], Turn]


Turn = Says | Raw | Calls | Talks | Fails | Hangs | Endless | Obeys


class Server(ThreadingHTTPServer):
    """The server; `asked` holds the requests, `headers` theirs."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, turns: Sequence[Turn]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.turns = list(turns)
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.over = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is what is tested here."""

    def data(self, number: int = 0) -> dict[str, Any]:
        """The JSON that the model was given with a request."""
        users = [m for m in self.asked[number]["messages"] if m["role"] == "user"]
        content = users[0]["content"]
        text = content if isinstance(content, str) else content[0]["text"]
        found = json.loads(text)
        assert isinstance(found, dict)
        return found

    def read(self) -> str:
        """All that the model has read, as one text."""
        return json.dumps(self.asked, ensure_ascii=False)


@contextmanager
def serving(*turns: Turn) -> Iterator[Server]:
    """A server for the block."""
    server = Server(turns)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: Any) -> None:
        """Nothing is printed."""

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        request = json.loads(self.rfile.read(length))
        self.server.asked.append(request)
        self.server.headers.append({k.lower(): v for k, v in self.headers.items()})
        turns = self.server.turns
        turn = turns.pop(0) if len(turns) > 1 else turns[0]
        with suppress(BrokenPipeError, ConnectionResetError):
            self._answer(turn, request)

    def _answer(self, turn: Turn, request: dict[str, Any]) -> None:
        if isinstance(turn, Obeys):
            turn = turn.reads(request)
        if isinstance(turn, Fails):
            self._send(turn.status, turn.body)
        elif isinstance(turn, Hangs):
            self.server.over.wait(30)
            self.close_connection = True
        elif isinstance(turn, Talks):
            self._stream(({"content": piece} for piece in _pieces(turn.text)), "stop")
        elif isinstance(turn, Calls):
            self._stream(_called(turn.name, [json.dumps(turn.arguments)]), "tool_calls")
        elif isinstance(turn, Raw):
            self._stream(_called(_form(request), _pieces(turn.arguments)), "tool_calls")
        elif isinstance(turn, Endless):
            self._stream(self._endless(turn, request), "stop")
        else:
            assert isinstance(turn, Says)
            self._say(turn, request)

    def _say(self, turn: Says, request: dict[str, Any]) -> None:
        whole = json.dumps({"sentences": list(turn.sentences)}, ensure_ascii=False)
        if turn.breaks_after is not None:
            whole = whole[: turn.breaks_after]

        def pieces() -> Iterator[str]:
            for number, piece in enumerate(_pieces(whole)):
                if turn.between:
                    turn.between(number)
                yield piece

        broken = turn.breaks_after is not None
        self._stream(_called(_form(request), pieces()), "" if broken else "tool_calls")

    def _endless(self, turn: Endless, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
        def words() -> Iterator[str]:
            if not turn.in_text:
                yield '{"sentences": [{"sources": ["P1"], "text": "'
            while not self.server.over.is_set():
                yield "and on " * 200
                time.sleep(0.001)

        if turn.in_text:
            return ({"content": piece} for piece in words())
        return iter(_called(_form(request), words()))

    def _stream(self, deltas: Iterator[dict[str, Any]] | Any, reason: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        for delta in deltas:
            self._event(delta, None)
        if not reason:
            return
        self._event({}, reason)
        self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, delta: dict[str, Any], reason: str | None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        event = {
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "created": 1_700_000_000,
            "model": "scripted",
            "choices": [choice],
        }
        self.wfile.write(b"data: " + json.dumps(event).encode() + b"\n\n")
        self.wfile.flush()

    def _send(self, status: int, body: str) -> None:
        sent = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)


def _called(name: str, arguments: Any) -> Iterator[dict[str, Any]]:
    first = {"index": 0, "id": f"call_{time.monotonic_ns()}", "type": "function"}
    yield {
        "role": "assistant",
        "tool_calls": [{**first, "function": {"name": name, "arguments": ""}}],
    }
    for piece in arguments:
        yield {"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}


def _form(request: dict[str, Any]) -> str:
    """The name of the tool that takes the answer."""
    for tool in request.get("tools", ()):
        if "sentences" in json.dumps(tool["function"]["parameters"]):
            return str(tool["function"]["name"])
    raise AssertionError("the model was given no way to answer")


def _pieces(text: str) -> list[str]:
    return [text[at : at + PIECE] for at in range(0, len(text), PIECE)] or [""]
