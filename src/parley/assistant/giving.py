"""What a model is given to answer from: passages, and what it looks up of the asker's own.

All of it is data. It looks up through the same doors as the pages, for the asker and nobody else: who
that is stands here, and is nothing the model could say.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.utils.translation import get_language

from parley.assistant import own_rows
from parley.assistant.checking import Given, links_in
from parley.assistant.composing import article_address
from parley.assistant.conversing import LookUp
from parley.assistant.drafts import Source
from parley.assistant.own_rows import Row
from parley.assistant.retrieving import Hit, Retrieval
from parley.assistant.writing import visible
from parley.parties.models import Membership

MOST_ARTICLES = 4
MOST_PASSAGES = 6
LONGEST_PASSAGE = 2_500
"""Characters of a passage that are given."""


class Desk:
    """All that one answer may be made from. `given` grows with what is looked up."""

    def __init__(self, retrieval: Retrieval, reader: Membership) -> None:
        self.reader = reader
        self.given: dict[str, Given] = {}
        self.sources: dict[str, Source] = {}
        for hit in retrieval.hits[:MOST_ARTICLES]:
            self._lay_out(hit)

    def passages(self) -> list[dict[str, str]]:
        """The passages as data for the model."""
        return [
            {"id": one.id, "title": one.title, "text": one.text}
            for one in self.given.values()
            if one.kind == "article"
        ]

    def look_ups(self) -> Sequence[LookUp]:
        """What the model may look up: it names numbers, and nobody."""

        def find_order(number: str) -> str:
            """Find an order of the asker's own by its number."""
            return self._shown([own_rows.find_order(_digits(number), self.reader)])

        def find_ticket(number: str) -> str:
            """Find a ticket of the asker's own by its number, such as 31 or T-31."""
            return self._shown([own_rows.find_ticket(_digits(number), self.reader)])

        def my_recent_orders() -> str:
            """The latest orders of the asker's own."""
            return self._shown(own_rows.recent_orders(self.reader))

        def my_open_tickets() -> str:
            """The open tickets of the asker's own."""
            return self._shown(own_rows.open_tickets(self.reader))

        return [find_order, find_ticket, my_recent_orders, my_open_tickets]

    def _lay_out(self, hit: Hit) -> None:
        for passage in hit.passages[:2]:
            if len(self.given) == MOST_PASSAGES:
                return
            key = f"P{len(self.given) + 1}"
            address = article_address(hit, anchor=passage.anchor)
            title = f"{hit.title} · {passage.heading}" if passage.heading else hit.title
            self.given[key] = Given(
                id=key,
                kind="article",
                title=visible(title),
                address=address,
                text=visible(passage.text)[:LONGEST_PASSAGE],
                language=hit.language,
                links=frozenset({article_address(hit), *links_in(passage.body)}),
            )
            self.sources[key] = Source(
                kind="article",
                id=hit.path,
                title=hit.title,
                address=address,
                score=round(float(hit.score), 4),
            )

    def _shown(self, rows: Sequence[Row | None]) -> str:
        found = [self._kept(row) for row in rows if row is not None]
        # What isn't there and what is another's is the same to the model, too.
        return json.dumps(found or "none of the asker's", ensure_ascii=False)

    def _kept(self, row: Row) -> dict[str, object]:
        source = row.source
        key = f"{source['kind'][0].upper()}{source['id']}"
        text = " ".join(row.facts)
        support = text
        for name in row.names:
            support = support.replace(name, " ")
        self.sources[key] = source
        self.given[key] = Given(
            id=key,
            kind=source["kind"],
            title=source["title"],
            address=source["address"],
            text=visible(support),
            language=get_language() or "en",
            quotes=tuple(row.names),
        )
        shown = {"id": key, "title": source["title"], "state": visible(text)}
        return {**shown, "called": [visible(name) for name in row.names]}


def _digits(number: str) -> str:
    return "".join(c for c in number if c.isascii() and c.isdigit())
