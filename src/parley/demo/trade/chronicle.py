"""The journal of what is lived through in memory: the audit of every order tells its true story."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parley.demo.casting import Actor
from parley.demo.copying import NULL, Numbering, Table, escaped
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

    def record(self, event: Event, at: datetime, by: Actor | None = None) -> None:
        """Keep one event."""
        person, party = (by.membership.person_id, by.membership.party_id) if by else (None, None)
        kind = type(event).__name__
        self._lines.append(_Line(at, kind, event.subject, person, party, vars(event)))

    def write(self) -> None:
        """Write all of it as entries."""
        table, ids = Table(Entry), Numbering(Entry)
        for line in sorted(self._lines, key=lambda line: line.at):
            table.add(
                {
                    "id": next(ids),
                    "at": line.at.isoformat(),
                    "kind": line.kind,
                    "subject": line.subject,
                    "person_id": NULL if line.person is None else line.person,
                    "party_id": NULL if line.party is None else line.party,
                    "data": escaped(json.dumps(line.data, ensure_ascii=False)),
                }
            )
        table.copy()
        ids.close()
