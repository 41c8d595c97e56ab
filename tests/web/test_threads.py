"""The bridge between loop and threads, with answers that no page of the site gives yet."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from parley.web.front.answers import File
from parley.web.front.threads import PagesInThreads
from parley.web.front.wire import Message

Start = Callable[..., Any]


class Browser:
    """Asks one request of the bridge, and keeps what it is sent."""

    def __init__(self, pages: Any, *body: bytes, stays: bool = True) -> None:
        self.sent: list[Message] = []
        self._body = list(body)
        self._stays = stays
        self._pages = PagesInThreads(pages, threads=2, whole_up_to=1000, drain=1000)

    def ask(self, **headers: str) -> None:
        told = [(name.replace("_", "-").encode(), v.encode()) for name, v in headers.items()]
        if self._body:
            told.append((b"content-length", str(sum(map(len, self._body))).encode()))
        scope = {
            "type": "http",
            "method": "POST" if self._body else "GET",
            "path": "/é",
            "query_string": b"a=1",
            "http_version": "1.1",
            "scheme": "http",
            "headers": told,
        }
        asyncio.run(self._pages(scope, self._receive, self._send))

    async def _receive(self) -> Message:
        if self._body:
            data = self._body.pop(0)
            return {"type": "http.request", "body": data, "more_body": bool(self._body)}
        if self._stays:
            await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        self.sent.append(message)
        await asyncio.sleep(0)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def body(self) -> bytes:
        return b"".join(message["body"] for message in self.sent[1:])


def test_what_is_made_while_it_is_sent_arrives_in_order_and_whole() -> None:
    def pages(environ: dict[str, Any], start: Start) -> Iterator[bytes]:
        start("200 OK", [("Content-Type", "text/csv")])
        return (f"{n}\n".encode() for n in range(100))

    browser = Browser(pages)
    browser.ask()
    assert browser.body == b"".join(f"{n}\n".encode() for n in range(100))
    assert browser.sent[-1]["more_body"] is False


def test_no_more_is_made_for_a_browser_that_has_gone() -> None:
    made: list[int] = []
    is_closed = threading.Event()

    class Parts:
        def __iter__(self) -> Iterator[bytes]:
            for n in range(1_000_000):
                made.append(n)
                yield b"x"

        def close(self) -> None:
            is_closed.set()

    def pages(environ: dict[str, Any], start: Start) -> Parts:
        start("200 OK", [("Content-Type", "text/csv")])
        return Parts()

    Browser(pages, stays=False).ask()
    assert len(made) < 1000
    assert is_closed.is_set()


def test_a_page_that_breaks_is_an_answer_and_a_log_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def pages(environ: dict[str, Any], start: Start) -> list[bytes]:
        raise ZeroDivisionError("secret words")

    browser = Browser(pages)
    browser.ask(x_request_id="n-17")
    assert browser.status == 500
    assert b"secret" not in browser.body
    assert (b"x-request-id", b"n-17") in browser.sent[0]["headers"]
    assert "secret words" in caplog.text


def test_an_answer_that_breaks_half_way_does_not_pass_for_whole() -> None:
    def parts() -> Iterator[bytes]:
        yield b"half"
        raise ZeroDivisionError

    def pages(environ: dict[str, Any], start: Start) -> Iterator[bytes]:
        start("200 OK", [("Content-Type", "text/csv")])
        return parts()

    browser = Browser(pages)
    with pytest.raises(ZeroDivisionError):
        browser.ask()
    assert browser.sent[-1]["more_body"] is True


@pytest.mark.parametrize("is_on_disk", [True, False])
def test_a_file_is_sent_from_where_it_stands(tmp_path: Path, is_on_disk: bool) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"0123456789" * 100_000)
    file = path.open("rb") if is_on_disk else io.BytesIO(path.read_bytes())
    file.read(10)

    def pages(environ: dict[str, Any], start: Start) -> File:
        start("200 OK", [("Content-Type", "image/png")])
        return File(file)

    browser = Browser(pages)
    browser.ask()
    assert browser.body == path.read_bytes()[10:]
    assert file.closed


@pytest.mark.parametrize("parts", [[b"ab\nc", b"d"], [b"ab\nc" * 200, b"d" * 300]])
def test_a_body_reads_the_same_however_it_comes(parts: list[bytes]) -> None:
    read: list[bytes] = []

    def pages(environ: dict[str, Any], start: Start) -> list[bytes]:
        body = environ["wsgi.input"]
        read.extend([body.read(1), body.readline(), body.read(2), body.read()])
        start("200 OK", [("Content-Type", "text/plain")])
        return [b"thanks"]

    browser = Browser(pages, *parts)
    browser.ask()
    assert browser.body == b"thanks"
    whole = b"".join(parts)
    assert read[:3] == [b"a", b"b\n", whole[3:5]]
    assert b"".join(read) == whole


def test_a_body_cut_short_never_reaches_a_page_as_whole() -> None:
    def pages(environ: dict[str, Any], start: Start) -> list[bytes]:
        environ["wsgi.input"].read()
        pytest.fail("it was taken for whole")

    for length in ("10", "5000"):
        browser = Browser(pages, stays=False)
        browser.ask(content_length=length)
        assert browser.status == 400
