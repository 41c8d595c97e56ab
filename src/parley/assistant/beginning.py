"""Where in an article an answer begins.

Who asks what an article is called wants it from its beginning: the opening alone leads up to the
steps, and the section that is most like the question is often one at its edge. A section stands
for itself where it speaks of something that was asked for and that neither the title nor the
opening names: knives, among all that may be sold.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from parley.assistant.models import Passage
from parley.assistant.retrieving import FoundPassage, Hit
from parley.assistant.stop_words import STOP_WORDS
from parley.assistant.wording import asked, words_of
from parley.postgres.text_queries import lexemes_of

ENOUGH = 400
"""Characters after which no further section is begun: a chat is no page."""

_LEXEME = re.compile(r"'((?:[^']|'')+)'")


def begun(hit: Hit, question: str) -> Hit:
    """The hit, its first passage being what an answer to `question` begins with. Two queries."""
    found = hit.passages[0]
    rows = list(
        Passage.objects.filter(article_id=hit.article_id, language=hit.language)
        .defer("vector")
        .order_by("position")
    )
    if not rows or _is_asked_for(found, hit.title, rows[0], question):
        return hit
    beginning = FoundPassage(
        heading=rows[0].heading,
        anchor=rows[0].anchor,
        body=_together(rows),
        text=rows[0].text,
        score=found.score,
    )
    return replace(hit, passages=(beginning, *hit.passages[1:]))


def _is_asked_for(found: FoundPassage, title: str, opening: Passage, question: str) -> bool:
    """Whether a section has a word of the question that the title and the opening have not."""
    if found.anchor == opening.anchor and found.body == opening.body:
        return False
    words = {word for word in words_of(asked(question)) if word not in STOP_WORDS}
    there = set(words_of(f"{found.heading} {found.text}"))
    before = set(words_of(f"{title} {opening.heading} {opening.text}"))
    stems = lexemes_of(sorted(words | there | before))
    wanted, said, known = (_stems(some, stems) for some in (words, there, before))
    return bool((wanted & said) - known)


def _stems(words: set[str], stems: dict[str, str]) -> set[str]:
    return {stem for word in words for stem in _LEXEME.findall(stems.get(word) or "")}


def _together(rows: Sequence[Passage]) -> str:
    parts: list[str] = []
    anchor = rows[0].anchor
    for row in rows:
        if row.anchor != anchor:
            if sum(map(len, parts)) > ENOUGH:
                break
            parts.append(f"## {row.heading}")
            anchor = row.anchor
        parts.append(row.body)
    return "\n\n".join(parts)
