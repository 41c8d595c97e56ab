"""The words of ASGI, and answers so small that no page is needed for them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[str, str]]


async def start(send: Send, status: int, headers: Headers) -> None:
    """Begin the answer."""
    raw = [(n.lower().encode("latin-1"), v.strip().encode("latin-1")) for n, v in headers]
    await send({"type": "http.response.start", "status": status, "headers": raw})


async def part(send: Send, data: bytes, *, more: bool = True) -> None:
    """Send some of the answer's body; `more` False ends it."""
    await send({"type": "http.response.body", "body": data, "more_body": more})


async def say(send: Send, status: int, words: str, headers: Headers | None = None) -> None:
    """Answer in one line of plain text."""
    body = f"{words}\n".encode()
    about = [
        ("content-type", "text/plain; charset=utf-8"),
        ("content-length", str(len(body))),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
    ]
    await start(send, status, about + (headers or []))
    await part(send, body, more=False)
