"""Pages of a list by keyset: from where a row stood, never by counting rows.

So page 400 costs what page 1 costs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

R = TypeVar("R")
M = TypeVar("M", bound=Model)

# Eighteen digits fit the database's numbers, and hold a moment to the microsecond.
_NUMBER = re.compile(r"[0-9]{1,18}")


class CursorUnreadable(ValueError):
    """The cursor is not one that a page gave."""


@dataclass(frozen=True)
class Page(Generic[R]):
    """One page of a list: rows in order, and the cursors of the pages beside it, if there are any."""

    rows: Sequence[R]
    older: str | None
    newer: str | None


@dataclass(frozen=True)
class Keyset:
    """A list being read: the fields it goes by, the latest first; from where, and how much of it.

    Fields are moments (`at`, or names that end with `_at`) and whole numbers, and tell every row
    from every other. A cursor with a leading minus reads towards the beginning.
    """

    fields: tuple[str, ...]
    cursor: str = ""
    size: int = 25

    @property
    def back(self) -> bool:
        """Whether it is read towards the beginning."""
        return self.cursor.startswith("-")

    @property
    def order(self) -> list[str]:
        """The order in which it is read, for `order_by`."""
        return [f"{'' if self.back else '-'}{field}" for field in self.fields]

    def behind(self, values: Sequence[Any]) -> Q:
        """The rows behind the one with these values: a comparison of rows, along the index."""
        after = TupleGreaterThan if self.back else TupleLessThan
        return Q(after(Tuple(*self.fields), tuple(values)))

    def values(self) -> list[datetime | int]:
        """The values in the cursor. Raises CursorUnreadable."""
        parts = self.cursor.removeprefix("-").split(".")
        if len(parts) != len(self.fields) or not all(map(_NUMBER.fullmatch, parts)):
            raise CursorUnreadable(self.cursor)
        return [_from_text(field, part) for field, part in zip(self.fields, parts, strict=True)]

    def cut(self, rows: QuerySet[M]) -> QuerySet[M]:
        """The rows of the page, and one more to see whether there is another. Raises CursorUnreadable."""
        if self.cursor:
            rows = rows.filter(self.behind(self.values()))
        return rows.order_by(*self.order)[: self.size + 1]

    def page(self, rows: Sequence[M]) -> Page[M]:
        """The page made of what `cut` gave."""
        more, rows = len(rows) > self.size, list(rows[: self.size])
        if self.back:
            rows.reverse()
        if not rows:
            return Page((), None, None)
        older = self._cursor_at(rows[-1]) if more or self.back else None
        has_newer = more if self.back else bool(self.cursor)
        return Page(rows, older, f"-{self._cursor_at(rows[0])}" if has_newer else None)

    def _cursor_at(self, row: Model) -> str:
        return ".".join(as_text(reached(row, field)) for field in self.fields)


def reached(row: Model, field: str) -> datetime | int:
    """What stands at a field of a row, or of one it refers to: `ticket__queue_at`."""
    found: object = row
    for part in field.split("__"):
        found = getattr(found, part)
    assert isinstance(found, (datetime, int))
    return found


def as_text(value: datetime | int) -> str:
    """A value as a cursor carries it."""
    if isinstance(value, datetime):
        # Microseconds, in whole numbers: a float would lose the last ones.
        since = value.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
        return str((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds)
    return str(value)


def _from_text(field: str, part: str) -> datetime | int:
    return moment_of(part) if field.rpartition("_")[2] == "at" else int(part)


def moment_of(part: str) -> datetime:
    """The moment that `as_text` has written. Raises CursorUnreadable."""
    if not _NUMBER.fullmatch(part):
        raise CursorUnreadable(part)
    try:
        seconds, micro = divmod(int(part), 1_000_000)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micro)
    except (OverflowError, ValueError, OSError):
        raise CursorUnreadable(part) from None
