"""What can happen to files. Whom it concerns is known to what stands on top of a conversation."""

from __future__ import annotations

from dataclasses import dataclass

from parley.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class FileScanned(Event):
    """A scanner has looked at a file. `message` has sent it, or None where none has yet.

    `scan` is one of `models.Scan`; `found` the name of what was recognised, or why it was refused.
    """

    file: str
    name: str
    scan: str
    found: str
    conversation: int | None
    message: int | None

    @property
    def subject(self) -> str:
        return f"file:{self.file}"
