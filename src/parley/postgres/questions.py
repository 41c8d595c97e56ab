"""Questions that are asked all the time: written by the ORM once, planned by PostgreSQL once.

Making the SQL of a page's query takes the ORM longer than answering it takes PostgreSQL, and planning
a dozen joins does too. A `Question` does both once (PostgreSQL for each connection), and then sends
values only.

A prepared plan does not know the values. That is right for what is reached through one key or read
along one index, and wrong for a full-text search: see `tickets.searching`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import psycopg
from django.db import connection
from django.db.models import BooleanField, Expression, F, Func, Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from psycopg import sql
from psycopg.types.datetime import TimestamptzLoader

M = TypeVar("M", bound=Model)
Row = Sequence[Any]


class Given(Expression):
    """Stands in a query for a value that is given by this name with each asking."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        """A placeholder, whose parameter is the expression itself: `Question` looks for it."""
        return "%s", [self]


def one_of(name: str, field: str = "pk") -> Func:
    """The condition that a row's key is one of those given by this name: `pk__in`, for a question.

    Or that another `field` of it is.
    """
    sql = {"template": "(%(expressions)s))", "arg_joiner": " = ANY("}
    return Func(F(field), Given(name), output_field=BooleanField(), **sql)


class Question(Generic[M]):
    """A query with places for values.

    What else stands in it becomes part of its text, so that conditions of partial indexes are seen.
    Of related rows that are the same row, all get the same object.
    """

    def __init__(self, query: QuerySet[M]) -> None:
        """`query` is not evaluated; its values to be given are `Given`."""
        self._compiler: SQLCompiler = query.query.get_compiler(connection=connection)
        text, values = self._compiler.as_sql()
        self._text = text.replace("%%", "%%%%") % tuple(map(_written, values))
        self._converters = self._compiler.get_converters(
            [column[0] for column in self._compiler.select[: self._compiler.col_count]]
        )
        self._make = _Maker(self._compiler.klass_info or {}, self._compiler.select)
        self._annotations = dict(self._compiler.annotation_col_map or {})

    def ask(self, **values: Any) -> list[M]:
        """The answer for these values, one query."""
        rows = self._compiler.apply_converters(_rows(self._text, values), self._converters)
        seen: dict[tuple[type[Model], Any], Model] = {}
        return [self._object(row, seen) for row in rows]

    def ask_one(self, **values: Any) -> M | None:
        """The first of the answer, or None."""
        answer = self.ask(**values)
        return answer[0] if answer else None

    def _object(self, row: Row, seen: dict[tuple[type[Model], Any], Model]) -> M:
        made: M = self._make(row, seen)
        for name, place in self._annotations.items():
            setattr(made, name, row[place])
        return made


class _Maker:
    """Makes the object of one model from a row, and the related ones it was selected with."""

    def __init__(self, about: Mapping[str, Any], select: Sequence[Any]) -> None:
        self.model: type[Model] = about["model"]
        places = about["select_fields"]
        self.begin, self.end = places[0], places[-1] + 1
        names = [column[0].target.attname for column in select[self.begin : self.end]]
        # Django looks for each field of the model in it.
        self.names = frozenset(names)
        key = self.model._meta.pk  # noqa: SLF001 - Django's way to ask a model about itself
        assert key is not None
        self.key = self.begin + names.index(key.attname)
        self.related: list[tuple[_Maker, Callable[[Any, Any], None]]] = [
            (_Maker(one, select), one["local_setter"])
            for one in about.get("related_klass_infos", ())
        ]

    def __call__(self, row: Row, seen: dict[tuple[type[Model], Any], Model]) -> Any:
        made = self.model.from_db(connection.alias, self.names, row[self.begin : self.end])
        for maker, belongs in self.related:
            belongs(made, maker.known(row, seen))
        return made

    def known(self, row: Row, seen: dict[tuple[type[Model], Any], Model]) -> Model | None:
        """The row's object, unless an earlier row had the same; None where there is none."""
        key = row[self.key]
        if key is None:
            return None
        made = seen.get((self.model, key))
        if made is None:
            made = seen[self.model, key] = self(row, seen)
        return made


def _written(value: object) -> str:
    """A value of the query as it stands in its text."""
    if isinstance(value, Given):
        return f"%({value.name})s"
    connection.ensure_connection()
    return sql.Literal(value).as_string(connection.connection).replace("%", "%%")


def _rows(text: str, values: Mapping[str, Any]) -> list[Row]:
    # Django binds on the client, which PostgreSQL can't prepare: this cursor binds on the server,
    # and psycopg prepares what it has sent often enough.
    connection.ensure_connection()
    raw = psycopg.Cursor(connection.connection)
    # Every connection is set to UTC, so psycopg's own loader gives what Django's in Python does.
    raw.adapters.register_loader("timestamptz", TimestamptzLoader)
    with connection._prepare_cursor(raw) as cursor:  # type: ignore[attr-defined]  # noqa: SLF001
        cursor.execute(text, values)
        return cursor.fetchall()  # type: ignore[no-any-return]
