"""Who has to be told: the open streams of this process, by topic.

Lives in the server's loop; nothing here waits or asks the database.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parley.web.stream import Stream

MOST_STREAMS = 6000
MOST_OF_A_PERSON = 20
REMEMBERED = 120.0
"""Seconds: a stream that was away for less is told of just what was told meanwhile."""

LEAVING = "leaving/"
"""Topics that nobody listens to: they end the streams of the person they name, wherever those are."""

CLOCKS_DIFFER = 5.0
CATCHING_UP_A_SECOND = 300
TOLD_A_SECOND = 100

log = logging.getLogger("parley.live")


class Hub:
    """The streams of one process."""

    def __init__(self) -> None:
        self.streams: set[Stream] = set()
        self._of_topic: defaultdict[str, set[Stream]] = defaultdict(set)
        self._of_person: defaultdict[int, dict[Stream, None]] = defaultdict(dict)
        self._told: dict[str, float] = {}
        self._resting: dict[str, bool] = {}
        self._hears_since: float | None = None

    def join(self, stream: Stream) -> None:
        """Tell `stream` of its topics from now on, and of what it missed since it was last here.

        A person who has too many loses the oldest; a process that has too many takes none.
        """
        if len(self.streams) >= MOST_STREAMS:
            stream.end("many")
        self.streams.add(stream)
        for topic in stream.topics:
            self._of_topic[topic].add(stream)
            if self._was_told(topic, stream.since):
                stream.wake(topic)
        own = self._of_person[stream.claim.person]
        own[stream] = None
        if len(own) > MOST_OF_A_PERSON:
            next(iter(own)).end("many")

    def leave(self, stream: Stream) -> None:
        """Forget `stream`."""
        self.streams.discard(stream)
        for topic in stream.topics:
            _take_out(self._of_topic, topic, stream)
        own = self._of_person[stream.claim.person]
        own.pop(stream, None)
        if not own:
            del self._of_person[stream.claim.person]

    def hear(self, payload: str) -> None:
        """Take in a notification of the database, and tell the streams of its topics."""
        try:
            topics = list(json.loads(payload)["topics"])
        except (ValueError, KeyError, TypeError):
            log.warning("A notification that can't be read: %.200s", payload)
            return
        for topic in topics:
            if topic.startswith(LEAVING):
                self._end_those_of(topic.removeprefix(LEAVING))
                continue
            self._told[topic] = time.time()
            self._tell(topic)

    def begin(self) -> None:
        """From now on everything is heard. What was not, every stream has to look for by itself.

        They are told one after the other, for all of them will ask at once.
        """
        self._hears_since = time.time()
        loop = asyncio.get_running_loop()
        for place, stream in enumerate(list(self.streams)):
            loop.call_later(place / CATCHING_UP_A_SECOND, stream.wake, *stream.topics)

    def lose(self) -> None:
        """The database is not heard any more."""
        self._hears_since = None

    def forget_old(self) -> None:
        """Forget what was told long ago."""
        end = time.time() - REMEMBERED - CLOCKS_DIFFER
        self._told = {topic: at for topic, at in self._told.items() if at > end}

    def end_all(self) -> None:
        """End every stream: the process is about to stop."""
        for stream in list(self.streams):
            stream.end()

    def _end_those_of(self, person: str) -> None:
        """End the streams of somebody who lost a right; where they have another, they come back."""
        if person.isdecimal():
            for stream in list(self._of_person.get(int(person), ())):
                stream.end()

    def _was_told(self, topic: str, since: float) -> bool:
        known_from = max(self._hears_since or time.time(), time.time() - REMEMBERED)
        since -= CLOCKS_DIFFER
        return since < known_from or self._told.get(topic, 0) > since

    def _tell(self, topic: str) -> None:
        if topic in self._resting:
            self._resting[topic] = True
            return
        streams = self._of_topic.get(topic, ())
        for stream in streams:
            stream.wake(topic)
        if streams and topic.startswith(("party/", "orders/", "balance/")):
            # Everything moves its parties, and each of their people's lists asks anew: a busy
            # party is told at most once a second, and the less often the more people look.
            self._resting[topic] = False
            asyncio.get_running_loop().call_later(
                1 + len(streams) / TOLD_A_SECOND, self._rested, topic
            )

    def _rested(self, topic: str) -> None:
        if self._resting.pop(topic):
            self._tell(topic)


def _take_out(sets: defaultdict[str, set[Stream]], topic: str, stream: Stream) -> None:
    sets[topic].discard(stream)
    if not sets[topic]:
        del sets[topic]


hub = Hub()
"""This process's."""
