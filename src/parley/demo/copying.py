"""Writing rows by COPY: lines of text made from a model's columns, and numbers for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models
from django.db.models.options import Options

NULL = r"\N"


def escaped(text: str) -> str:
    """`text` as COPY wants it."""
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")


def moment(seconds: float) -> str:
    """A moment, in seconds since 1970, as COPY wants it."""
    return datetime.fromtimestamp(int(seconds), UTC).isoformat()


class Table:
    """The rows of one model on their way into the database.

    A line says what differs; every other column has its model's default.
    """

    def __init__(self, model: type[models.Model]) -> None:
        self._name = _about(model).db_table
        fields = [f for f in _about(model).concrete_fields if not f.generated]
        self._columns = [str(field.column) for field in fields]
        self._usual: dict[str, Any] = {str(field.column): _default(field) for field in fields}
        self._line = "\t".join(f"%({column})s" for column in self._columns)
        self._lines: list[str] = []

    def add(self, values: Mapping[str, Any]) -> None:
        """Add a row; `values` by column, texts escaped, NULL for none."""
        row = self._usual | dict(values)
        self._lines.append(self._line % row)

    def copy(self) -> None:
        """Write the rows added so far."""
        columns = ", ".join(f'"{column}"' for column in self._columns)
        with connection.cursor() as cursor:
            command = f'COPY "{self._name}" ({columns}) FROM STDIN'
            with cursor.copy(command) as copy:
                copy.write("\n".join(self._lines) + "\n")
        self._lines.clear()


def numbers(model: type[models.Model], count: int) -> range:
    """Take `count` numbers from a model's sequence, for nobody else to use.

    Must run in a transaction; until it ends nobody else inserts into that table.
    """
    table = _about(model).db_table
    with connection.cursor() as cursor:
        cursor.execute(f'LOCK TABLE "{table}" IN SHARE ROW EXCLUSIVE MODE')
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
        first = int((cursor.fetchone() or (0,))[0])
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, first + count - 1]
        )
    return range(first, first + count)


class Numbering:
    """The numbers of a model's rows, one after another, for nobody else to use until `close`.

    Must be made and closed in one transaction; meanwhile nobody else inserts into that table.
    """

    def __init__(self, model: type[models.Model]) -> None:
        self._table = _about(model).db_table
        self._next = numbers(model, 1)[0]

    def __next__(self) -> int:
        taken, self._next = self._next, self._next + 1
        return taken

    def close(self) -> None:
        """Let the table's own sequence go on behind the numbers taken."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)",
                [self._table, self._next],
            )


def trust_references() -> None:
    """For the rest of the transaction, don't look up each row's references, if one may say so.

    The rows copied here refer to what was copied just before, or stood there already; looking that
    up row by row takes longer than all the rest. Only a superuser may; others take their time.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser')")
        if (cursor.fetchone() or ("off",))[0] == "on":
            cursor.execute("SET LOCAL session_replication_role = replica")


def analyse(tables: Iterable[type[models.Model]]) -> None:
    """Let the planner know what has come; outside of transactions, tidy up as well."""
    names = ", ".join(f'"{_about(model).db_table}"' for model in tables)
    command = "ANALYZE" if connection.in_atomic_block else "VACUUM (ANALYZE)"
    with connection.cursor() as cursor:
        cursor.execute(f"{command} {names}")


def _about(model: type[models.Model]) -> Options[Any]:
    return model._meta  # noqa: SLF001 - the documented way to a model's table and columns


def _default(field: models.Field[Any, Any]) -> str:
    value = field.get_default()
    if value is None:
        return NULL
    if isinstance(value, datetime):
        return value.isoformat()
    return escaped(str(value))
