"""The journal of what is lived through in memory: the audit of every order tells its true story."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parley.demo.casting import Actor
from parley.demo.copying import NULL, Table, escaped, numbers
from parley.journal.events import Event
from parley.journal.models import Entry


@dataclass(frozen=True)
class _Line:
    at: datetime
    kind: str
    subject: str
    person: int | None
    party: int | None
    data: dict[str, Any]


class Chronicle:
    """What has happened, in whatever order it was told; written in the order in which it was."""

    def __init__(self) -> None:
        self._lines: list[_Line] = []
        self._followed: deque[_Line] = deque()

    def record(self, event: Event, at: datetime, by: Actor | None = None) -> None:
        """Keep one event."""
        person, party = (by.membership.person_id, by.membership.party_id) if by else (None, None)
        kind = type(event).__name__
        self._lines.append(_Line(at, kind, event.subject, person, party, vars(event)))

    def follow(self, subjects: Iterable[str]) -> None:
        """Keep apart what happened to these: it is written as time goes on, with `write_until`."""
        wanted = set(subjects)
        followed = [line for line in self._lines if line.subject in wanted]
        self._followed = deque(sorted(followed, key=lambda line: line.at))
        self._lines = [line for line in self._lines if line.subject not in wanted]

    def write_until(self, moment: datetime) -> None:
        """Write what has happened by `moment` to those that are followed, before what comes now."""
        due = []
        while self._followed and self._followed[0].at <= moment:
            due.append(self._followed.popleft())
        if due:
            _write(due)

    def write(self) -> None:
        """Write all the rest."""
        _write(sorted([*self._lines, *self._followed], key=lambda line: line.at))


def _write(lines: Sequence[_Line]) -> None:
    table = Table(Entry)
    for number, line in zip(numbers(Entry, len(lines)), lines, strict=True):
        table.add(
            {
                "id": number,
                "at": line.at.isoformat(),
                "kind": line.kind,
                "subject": line.subject,
                "person_id": NULL if line.person is None else line.person,
                "party_id": NULL if line.party is None else line.party,
                "data": escaped(json.dumps(line.data, ensure_ascii=False)),
            }
        )
    table.copy()
