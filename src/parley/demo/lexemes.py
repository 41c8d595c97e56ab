"""The words that copied rows are found by, made by the database for many texts at once."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, models

from parley.demo.copying import escaped
from parley.postgres.text_search import CONFIGURATION, searchable


def lexemes_of(texts: Sequence[str]) -> list[str]:
    """The lexemes of each text, as COPY takes a tsvector."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT strip(to_tsvector(%s::regconfig, said))::text
            FROM unnest(%s::text[]) WITH ORDINALITY AS texts (said, place) ORDER BY place
            """,
            [CONFIGURATION, [searchable(text) for text in texts]],
        )
        return [escaped(row[0]) for row in cursor.fetchall()]


def write_words(model: type[models.Model], texts: Sequence[tuple[int, str]]) -> None:
    """Write the `words` of rows, given by their keys, in one go."""
    table = model._meta.db_table  # noqa: SLF001 - the documented way to a model's table
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE "{table}" AS row SET words = strip(to_tsvector(%s::regconfig, texts.said))
            FROM unnest(%s::bigint[], %s::text[]) AS texts (id, said) WHERE row.id = texts.id
            """,  # noqa: S608 - the table is a model's own
            [CONFIGURATION, [key for key, _ in texts], [searchable(said) for _, said in texts]],
        )
