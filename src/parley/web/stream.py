"""Live updates: a stream of server-sent events that say only what changed, never how.

The browser then fetches the fragment through its own permissions, so nothing can leak here but that
something happened; and of that only those topics are told that the reader is one of.
"""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import suppress

from django.contrib.auth import HASH_SESSION_KEY
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_GET

from parley.messenger.events import typing_topic
from parley.messenger.presence import note_there
from parley.orders.access import orders_visible_to
from parley.parties.models import Membership
from parley.tickets.access import tickets_visible_to
from parley.web.front.wire import Receive, Send, part
from parley.web.hub import Hub, hub
from parley.web.still_allowed import Claim, KeyClaim

PING_AFTER = 20.0
SENT_WITHIN = 60.0
LIFETIME = 3600.0
COME_BACK_AFTER = (500, 2000)
"""Milliseconds; all who were cut off at once come back one after the other."""

TIME_TO_LOAD = 60.0
"""Seconds that may lie between the making of a page and its stream's opening."""


@require_GET
def live(request: HttpRequest) -> HttpResponseBase:
    """The stream of the reader: their own notices, their party, and the ticket or order they look at.

    `orders` asks for their party's list of orders as well, `balance` for its money. A page like any
    other up to its headers; from there the loop carries on without a thread.
    """
    reader = request.reader  # type: ignore[attr-defined]
    if reader is None:
        return HttpResponse(status=401)
    topics = [f"person/{reader.person_id}", f"party/{reader.party_id}"]
    if number := request.GET.get("ticket"):
        topics += _topics_of_ticket(reader, number)
    if number := request.GET.get("order"):
        if not _is_number(number) or not orders_visible_to(reader).filter(pk=number).exists():
            raise Http404
        topics.append(f"order/{int(number)}/{reader.party_id}")
    if request.GET.get("orders"):
        topics.append(f"orders/{reader.party_id}")
    if request.GET.get("balance"):
        topics.append(f"balance/{reader.party_id}")
    note_there([reader.pk] if reader.is_operator else [])
    claim = Claim(
        session=request.session.session_key or "",
        signed=request.session[HASH_SESSION_KEY],
        membership=reader.pk,
        person=reader.person_id,
    )
    return EventStream(Stream(hub, topics, claim, since(request)))


def _topics_of_ticket(reader: Membership, number: str) -> list[str]:
    found = tickets_visible_to(reader).filter(pk=number).first() if _is_number(number) else None
    if found is None:
        raise Http404
    typing = typing_topic(found.conversation_id, reader.party_id)
    return [f"ticket/{found.pk}/{reader.party_id}", typing]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def since(request: HttpRequest) -> float:
    """When the browser last heard from us, in seconds; by itself it says so on coming back."""
    told = request.headers.get("Last-Event-ID") or request.GET.get("since", "")
    return int(told) / 1000 if _is_number(told) else time.time() - TIME_TO_LOAD


class EventStream(HttpResponse):
    """A response that is carried on as a stream; where nothing can carry it on, it ends at once."""

    def __init__(self, stream: Stream) -> None:
        super().__init__(b"retry: 30000\n\n", content_type="text/event-stream")
        self.headers["Cache-Control"] = "no-store"
        self.headers["X-Accel-Buffering"] = "no"
        self.carry_on = stream.run


class Stream:
    """One open stream.

    What waits to be told is a set of topics, so that a reader who is slow, or asleep, costs no more
    than one who isn't.
    """

    __slots__ = ("_hub", "_is_over", "_last_word", "_waiting", "_woken", "claim", "since", "topics")

    def __init__(self, hub: Hub, topics: list[str], claim: Claim | KeyClaim, since: float) -> None:
        """A stream of `topics`, for a browser that last heard from us at `since` (in seconds)."""
        self.topics, self.claim, self.since = topics, claim, since
        self._hub = hub
        self._waiting: set[str] = set()
        self._woken = asyncio.Event()
        self._is_over = False
        self._last_word = ""

    def wake(self, *topics: str) -> None:
        """Let the browser know, as soon as it can be reached, that these topics changed."""
        self._waiting.update(topics)
        self._woken.set()

    def end(self, last_word: str = "") -> None:
        """End the stream. A browser that was told no last word comes back by itself."""
        self._is_over, self._last_word = True, last_word
        self._woken.set()

    async def run(self, receive: Receive, send: Send) -> None:
        """Tell until the browser goes, or the stream has to end."""
        watch = asyncio.create_task(self._watch(receive))
        self._hub.join(self)
        try:
            await self._tell(send)
        except TimeoutError:
            pass  # Nobody takes what is sent: a browser that is still there will come back.
        finally:
            self._hub.leave(self)
            watch.cancel()
        await part(send, b"", more=False)

    async def _watch(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            continue
        self.end()

    async def _tell(self, send: Send) -> None:
        pause = random.randint(*COME_BACK_AFTER)  # noqa: S311 - spreads, and hides nothing
        await part(send, f"retry: {pause}\n{_event('ping')}".encode())
        until = time.monotonic() + LIFETIME * random.uniform(0.8, 1.2)  # noqa: S311
        while not self._is_over and time.monotonic() < until:
            with suppress(TimeoutError):
                async with asyncio.timeout(PING_AFTER):
                    await self._woken.wait()
            async with asyncio.timeout(SENT_WITHIN):
                await part(send, self._news().encode())
        if self._last_word:
            await part(send, _event("end", self._last_word).encode())

    def _news(self) -> str:
        self._woken.clear()
        words = sorted({topic.partition("/")[0] for topic in self._waiting})
        self._waiting.clear()
        return "".join(_event("changed", word) for word in words) or _event("ping")


def _event(name: str, word: str = "here") -> str:
    """One event; its id is the time, by which a stream that comes back is told what it missed."""
    return f"event: {name}\nid: {int(time.time() * 1000)}\ndata: {word}\n\n"
