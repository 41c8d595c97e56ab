"""The built-in answers: an article's own words with its link, or honestly that there is none.

All of it is in the active language, but what an article says, which is in the article's.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from parley.assistant.beginning import begun
from parley.assistant.drafts import Draft, Source
from parley.assistant.excerpting import excerpt
from parley.assistant.models import Outcome
from parley.assistant.retrieving import Hit, Retrieval
from parley.assistant.writing import escaped, link
from parley.help_centre.addressing import address_of

MOST_OFFERS = 3


def built_in(retrieval: Retrieval, language: str, *, question: str) -> Draft:
    """The answer to a question in `language`, as far as what was found allows."""
    if retrieval.outcome == Outcome.ANSWER and retrieval.hits and retrieval.hits[0].passages:
        return _answer(retrieval, language, question)
    if retrieval.outcome != Outcome.UNKNOWN and retrieval.hits:
        return _offer(retrieval)
    return unknown(retrieval)


def unknown(retrieval: Retrieval | None = None) -> Draft:
    """That the help centre does not say it; a person may know."""
    return Draft(
        outcome=Outcome.UNKNOWN,
        text=_(
            "I don't know the answer to that: I found nothing in the help centre that says it. "
            "Put it in other words, or press *Talk to a person*."
        ),
        confidence=retrieval.confidence if retrieval else None,
    )


def failed(trouble: str) -> Draft:
    """That it could not answer for a reason of its own; `trouble` is for the operator."""
    return Draft(
        outcome=Outcome.FAILED,
        text=_(
            "I am sorry, I could not answer this: something went wrong on my side. Press *Talk to a "
            "person*, and what you wrote goes along."
        ),
        trouble=trouble,
    )


def source_of(hit: Hit) -> Source:
    """An article as the source of an answer."""
    passage = hit.passages[0] if hit.passages else None
    return Source(
        kind="article",
        id=hit.path,
        title=hit.title,
        address=article_address(hit, anchor=passage.anchor if passage else ""),
        score=round(float(hit.score), 4),
    )


def article_address(hit: Hit, *, anchor: str = "") -> str:
    """Where the article is read in the language it was found in, at a section of it."""
    address = f"{settings.PUBLIC_URL}{address_of(hit.language, hit.path)}"
    return f"{address}#{anchor}" if anchor else address


def sources_of(hits: Sequence[Hit]) -> list[Source]:
    """The sources of several hits."""
    return [source_of(hit) for hit in hits]


def from_these(sources: Sequence[Source]) -> str:
    """The line below an answer that names what it is made from."""
    named = ", ".join(link(source["title"], source["address"]) for source in sources)
    return _("From: %(sources)s") % {"sources": named}


def in_another_language(found: str, wanted: str) -> str:
    """The note that what follows is not in the language of the question; empty where it is."""
    if found == wanted:
        return ""
    if found == "en":
        return _("I found this only in English:")
    if found == "ru":
        return _("I found this only in Russian:")
    return _("I found this only in another language:")


def _answer(retrieval: Retrieval, language: str, question: str) -> Draft:
    hit = begun(retrieval.hits[0], question)
    passage = hit.passages[0]
    words, more = excerpt(passage.body, language=hit.language, path=hit.path)
    parts = [
        in_another_language(hit.language, language),
        _title(hit),
        words,
        _read_on(hit, more=more),
    ]
    return Draft(
        outcome=Outcome.ANSWER,
        text="\n\n".join(part for part in parts if part),
        sources=[source_of(hit)],
        confidence=retrieval.confidence,
    )


def _title(hit: Hit) -> str:
    heading = hit.passages[0].heading
    if heading and heading != hit.title:
        return f"**{escaped(hit.title)} · {escaped(heading)}**"
    return f"**{escaped(hit.title)}**"


def _read_on(hit: Hit, *, more: bool) -> str:
    article = link(hit.title, article_address(hit))
    section = hit.passages[0]
    if more and section.anchor:
        return _("Read on in %(article)s") % {
            "article": link(hit.title, article_address(hit, anchor=section.anchor))
        }
    if more:
        return _("Read on in %(article)s") % {"article": article}
    return _("From the help centre: %(article)s") % {"article": article}


def _offer(retrieval: Retrieval) -> Draft:
    offered = retrieval.hits[:MOST_OFFERS]
    titles = "\n".join(f"- {link(hit.title, article_address(hit))}" for hit in offered)
    return Draft(
        outcome=Outcome.OFFER,
        text=_("I am not sure what you mean. Is it one of these?")
        + f"\n\n{titles}\n\n"
        + _("If not, put it in other words, or press *Talk to a person*."),
        sources=sources_of(offered),
        confidence=retrieval.confidence,
    )
