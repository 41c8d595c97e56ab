"""Stories told beforehand, with everything a row needs made once: for tickets by the million."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from django.db import connection

from parley.conversations.rendering import render
from parley.demo.casting import Cast
from parley.demo.copying import escaped
from parley.demo.parts import Parting, Parts, goods_of
from parley.demo.planning import names_of, words_of
from parley.demo.reading_content import content
from parley.demo.scripts import Does, Script, Turn, scripts
from parley.demo.telling import Telling
from parley.postgres.text_search import CONFIGURATION, searchable
from parley.tickets.models import OrderField
from parley.tickets.states import Side

ORDER = "HM-100000"
"""The order number in all stories; each ticket puts its own in its place."""
TOLD_EACH = 6
"""How often each script is told."""
_LEXEMES_OF_ORDER = ["-100000", "hm100000"]


@dataclass
class Said:
    """A message as typed; and as rows need it, escaped: the text, as HTML, as lexemes."""

    typed: str
    text: str
    html: str
    lexemes: str = ""

    @property
    def names_the_order(self) -> bool:
        return ORDER in self.typed


@dataclass
class Story:
    """One telling of a script: its parts, and what starts it.

    `names` and `agent_names` are the lexemes of the names of who answers, and of the agent.
    """

    script: Script
    parts: Parts
    topic: int
    title: str
    has_order: bool
    first: Said
    names: str = ""
    agent_names: str = ""

    @property
    def names_the_order(self) -> bool:
        return self.has_order or ORDER in self.title


@dataclass
class Sayings:
    """What can be said in one language on any ticket, by what it does."""

    by_kind: dict[tuple[Side, Does], list[Said]] = field(default_factory=dict)

    def add(self, by: Side, does: Does, said: Said) -> None:
        self.by_kind.setdefault((by, does), []).append(said)

    def any(self, by: Side, does: Does, rng: Random) -> Said:
        """One of them. Raises KeyError where there is none."""
        return rng.choice(self.by_kind[by, does])


@dataclass
class Repertoire:
    stories: list[Story]
    sayings: dict[str, Sayings]


def rehearse(cast: Cast, moment: datetime, rng: Random) -> Repertoire:
    """Tell every script several times, and find the lexemes of all that is said."""
    teller = _Teller(cast, moment, rng)
    sayings = {"en": Sayings(), "ru": Sayings()}
    stories = [
        teller.tell(script, sayings[script.language])
        for script in scripts()
        for _ in range(TOLD_EACH)
    ]
    repertoire = Repertoire(stories, sayings)
    _find_lexemes(repertoire)
    return repertoire


class _Teller:
    def __init__(self, cast: Cast, moment: datetime, rng: Random) -> None:
        self._cast = cast
        self._moment = moment
        self._rng = rng
        self._parting = Parting(cast, rng)

    def tell(self, script: Script, sayings: Sayings) -> Story:
        """One story from a script; what can be said elsewhere too is added to `sayings`."""
        parts = self._parting.give(script)
        telling = Telling(
            self._rng,
            language=script.language,
            goods=goods_of(parts, script, list(content("words")["products"])),
            products=script.products,
            opened_at=self._moment,
            known={"order": ORDER},
        )
        opening, *turns = script.turns
        for turn in turns:
            if turn.says and not _is_personal(turn):
                sayings.add(turn.by, turn.does, _said(words_of(telling, parts, script, turn)))
        topic = self._cast.topics[script.topic]
        title = self._rng.choice(script.titles)
        return Story(
            script=script,
            parts=parts,
            topic=topic.pk,
            title=telling.tell(title, **names_of(parts, opening)),
            has_order=topic.order_field != OrderField.NONE,
            first=_said(words_of(telling, parts, script, opening)),
        )


def _is_personal(turn: Turn) -> bool:
    return "{me}" in turn.says or "{them}" in turn.says


def _said(text: str) -> Said:
    return Said(text, escaped(text), escaped(render(text)))


def _find_lexemes(repertoire: Repertoire) -> None:
    sayings = [
        said
        for language in repertoire.sayings.values()
        for kind in language.by_kind.values()
        for said in kind
    ]
    for said, lexemes in zip(sayings, _lexemes(s.typed for s in sayings), strict=True):
        said.lexemes = lexemes
    stories = repertoire.stories
    for story, lexemes in zip(stories, _lexemes(map(_head, stories)), strict=True):
        story.first.lexemes = lexemes
    for story, lexemes in zip(stories, _lexemes(map(_answerer, stories)), strict=True):
        story.names = lexemes
    for story, lexemes in zip(stories, _lexemes(map(_agent, stories)), strict=True):
        story.agent_names = lexemes


def _head(story: Story) -> str:
    """What `open_ticket` makes searchable, but for the order number."""
    parts = story.parts
    names = [
        parts.opener.party.name,
        parts.counterparty.party.name,
        parts.speakers[Side.OPENER].person.name,
    ]
    return " ".join([story.title, *names, story.first.typed])


def _answerer(story: Story) -> str:
    return story.parts.speakers[Side.COUNTERPARTY].person.name


def _agent(story: Story) -> str:
    return story.parts.agent.person.name


def _lexemes(texts: Iterable[str]) -> list[str]:
    """The lexemes of each text, without those of the order number, as COPY takes a tsvector."""
    prepared = [searchable(text) for text in texts]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT ts_delete(strip(to_tsvector(%s::regconfig, said)), %s::text[])::text
            FROM unnest(%s::text[]) WITH ORDINALITY AS texts (said, place) ORDER BY place
            """,
            [CONFIGURATION, _LEXEMES_OF_ORDER, prepared],
        )
        return [escaped(row[0]) for row in cursor.fetchall()]
