"""Who is told what, and how often: the hub without a server."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable

import pytest

from parley.web import hub as hubs
from parley.web import still_allowed
from parley.web.front.wire import Message
from parley.web.hub import Hub
from parley.web.still_allowed import Claim
from parley.web.stream import Stream

CLAIM = Claim(session="s", signed="hash", membership=1, person=7)


class Reader:
    """A browser that takes what it is sent only when it `may`."""

    def __init__(self, hub: Hub, *topics: str, since: float | None = None) -> None:
        self.stream = Stream(hub, list(topics), CLAIM, time.time() if since is None else since)
        self.may = asyncio.Event()
        self.may.set()
        self.sent = b""

    async def _send(self, message: Message) -> None:
        await self.may.wait()
        self.sent += message["body"]

    @staticmethod
    async def _receive() -> Message:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def run(self) -> None:
        await self.stream.run(self._receive, self._send)

    @property
    def told(self) -> list[str]:
        return [
            line.removeprefix("data: ")
            for line in self.sent.decode().splitlines()
            if line.startswith("data: ") and line != "data: here"
        ]


def told(hub: Hub, *topics: str) -> None:
    hub.hear(json.dumps({"entry": 1, "topics": topics}))


def heard_for(hub: Hub, seconds: float) -> None:
    """Let the hub have been listening that long."""
    hub._hears_since = time.time() - seconds


def playing(scene: Callable[[Hub], Awaitable[None]]) -> None:
    async def play() -> None:
        hub = Hub()
        heard_for(hub, 1000)
        async with asyncio.timeout(20):
            await scene(hub)

    asyncio.run(play())


async def opened(reader: Reader) -> Reader:
    reader.task = asyncio.create_task(reader.run())  # type: ignore[attr-defined]
    await asyncio.sleep(0.01)
    return reader


def test_a_reader_who_is_slow_is_told_each_topic_once() -> None:
    async def scene(hub: Hub) -> None:
        reader = await opened(Reader(hub, "person/7", "ticket/1/2"))
        reader.may.clear()
        for _ in range(1000):
            told(hub, "person/7", "ticket/1/2", "person/8")
            await asyncio.sleep(0)
        assert len(reader.stream._waiting) <= 2
        reader.may.set()
        await asyncio.sleep(0.05)
        # What was on its way when it stopped taking, and what gathered meanwhile.
        assert reader.told == ["person", "ticket", "person", "ticket"]

    playing(scene)


def test_a_busy_party_is_told_at_once_then_seldom_and_of_the_last_change() -> None:
    async def scene(hub: Hub) -> None:
        reader = await opened(Reader(hub, "party/2"))
        for _ in range(10):
            told(hub, "party/2")
            await asyncio.sleep(0.01)
        assert reader.told == ["party"]
        await asyncio.sleep(1.2)
        assert reader.told == ["party", "party"]
        await asyncio.sleep(1.2)
        told(hub, "party/2")
        await asyncio.sleep(0.01)
        assert reader.told == ["party", "party", "party"]

    playing(scene)


def test_one_who_comes_back_is_told_of_what_was_told_meanwhile_and_of_no_more() -> None:
    async def scene(hub: Hub) -> None:
        now = time.time()
        hub._told = {"person/7": now - 30, "party/2": now - 90}
        assert (await opened(Reader(hub, "person/7", "party/2", since=now - 60))).told == ["person"]
        assert (await opened(Reader(hub, "person/7", "party/2", since=now))).told == []
        # Longer ago than anything is remembered, or than anything was heard: everything.
        both = ["party", "person"]
        assert (await opened(Reader(hub, "person/7", "party/2", since=now - 500))).told == both
        heard_for(hub, 10)
        assert (await opened(Reader(hub, "person/7", "party/2", since=now - 60))).told == both

    playing(scene)


def test_after_silence_every_stream_looks_for_itself() -> None:
    async def scene(hub: Hub) -> None:
        readers = [await opened(Reader(hub, "person/7", "party/2")) for _ in range(5)]
        hub.lose()
        hub.begin()
        await asyncio.sleep(0.1)
        assert all(reader.told == ["party", "person"] for reader in readers)

    playing(scene)


def test_nothing_is_kept_of_streams_that_are_over_and_of_what_was_told_long_ago() -> None:
    async def scene(hub: Hub) -> None:
        readers = [await opened(Reader(hub, "person/7", f"ticket/{n}/2")) for n in range(5)]
        told(hub, "person/7")
        hub._told["ticket/1/2"] = time.time() - 1000
        hub.forget_old()
        assert set(hub._told) == {"person/7"}
        hub.end_all()
        await asyncio.gather(*(reader.task for reader in readers))  # type: ignore[attr-defined]
        assert (hub.streams, hub._of_topic, hub._of_person) == (set(), {}, {})

    playing(scene)


def test_junk_on_the_channel_is_passed_over() -> None:
    async def scene(hub: Hub) -> None:
        reader = await opened(Reader(hub, "person/7"))
        for junk in ("", "nonsense", "[]", "{}", '{"topics": 7}', "null"):
            hub.hear(junk)
        told(hub, "person/7")
        await asyncio.sleep(0.01)
        assert reader.told == ["person"]

    playing(scene)


def test_a_process_that_has_too_many_takes_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "MOST_STREAMS", 2)

    async def scene(hub: Hub) -> None:
        readers = [await opened(Reader(hub, "person/7")) for _ in range(3)]
        assert [reader.told for reader in readers] == [[], [], ["many"]]

    playing(scene)


def test_whoever_is_found_to_have_lost_the_right_loses_the_stream(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(still_allowed, "SECONDS_BETWEEN_LOOKS", 0.01)
    monkeypatch.setattr(still_allowed, "_look", lambda _claims: set())

    async def scene(hub: Hub) -> None:
        reader = await opened(Reader(hub, "person/7"))
        watching = asyncio.create_task(still_allowed.watch_over(hub))
        await reader.task  # type: ignore[attr-defined]
        watching.cancel()

    playing(scene)


async def _ended_by(topic: str) -> bool:
    hub = Hub()
    heard_for(hub, 200)
    reader = Reader(hub, "person/7")
    running = asyncio.create_task(reader.run())
    await asyncio.sleep(0)
    told(hub, topic)
    done, _still = await asyncio.wait([running], timeout=0.2)
    running.cancel()
    return bool(done) and reader.stream not in hub.streams


@pytest.mark.parametrize(
    ("topic", "ends"), [("leaving/7", True), ("leaving/8", False), ("leaving/x", False)]
)
def test_whoever_lost_a_right_loses_their_streams_at_once(topic: str, ends: bool) -> None:
    assert asyncio.run(_ended_by(topic)) == ends
