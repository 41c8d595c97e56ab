"""Gathering what the help centre did not answer by its meaning: each heap is an article to write (M7).

A question goes to the gap whose middle one it is closest to, if it is close enough, and else begins
one of its own; so do the help centre's searches that found nothing. The encoder puts the same meaning
in two languages side by side, so that both go to one gap. One process gathers at a time, so that two
questions of one meaning never begin two gaps.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import translation
from pgvector.django import CosineDistance

from parley.assistant.encoding import vectors_of
from parley.assistant.intents import intent_of
from parley.assistant.masking import masked
from parley.assistant.models import LEFT_OPEN, Gap, Question, SearchInGap
from parley.help_centre.models import MissedSearch
from parley.journal.moment import now
from parley.postgres.waiting import one_at_a_time

CLOSE_ENOUGH = 0.58
"""Cosine from which on two questions are taken to mean the same. Measured on the 704 labelled ones that
articles answer: 95 % of them lie in a gap that is their own article's (`docs/assistant.md`)."""
JOINED_FROM = 0.66
"""Cosine of their middles from which on two gaps become one: stricter, since it draws in more."""
AT_ONCE = 100
LOOKED_AT = 60
"""Ways of asking, the latest, among which the middle one of a gap is looked for."""
LONGEST = 300


class Said(NamedTuple):
    """One way in which something was asked, and how often."""

    text: str
    language: str
    times: int


def gather(most: int = AT_ONCE) -> int:
    """Put the questions that were left open into gaps; gives how many it looked at."""
    with transaction.atomic():
        one_at_a_time("assistant gaps")
        questions = list(
            Question.objects.filter(LEFT_OPEN)
            .select_related("message")
            .order_by("message_id")[:most]
        )
        touched: dict[int, Gap] = {}
        texts = [_worth_gathering(question) for question in questions]
        for question, text, vector in zip(questions, texts, vectors_of(texts), strict=True):
            if not vector.any():
                continue
            gap = _gap_for(text, question.language, vector)
            touched[gap.pk] = gap
            Question.objects.filter(pk=question.pk).update(gap=gap)
            _count(gap, 1, question.asked_at)
        asked = [question.pk for question in questions]
        Question.objects.filter(pk__in=asked).update(gathered_at=now())
    # Apart from that: it takes a while, and whoever asks on or wants a person waits for their rows.
    for gap in touched.values():
        find_middle(gap)
    return len(questions)


def gather_searches(most: int = AT_ONCE) -> int:
    """Put what was searched for and not found into gaps, or count it on; gives how many searches."""
    with transaction.atomic():
        one_at_a_time("assistant gaps")
        counted = SearchInGap.objects.filter(search=OuterRef("pk"))
        searches = list(
            MissedSearch.objects.filter(settled_at=None)
            .annotate(counted=Subquery(counted.values("times")[:1]))
            .filter(Q(counted=None, times__gt=0) | Q(times__gt=F("counted")))
            .order_by("pk")[:most]
        )
        texts = [masked_line(search.words, search.language) for search in searches]
        for search, text, vector in zip(searches, texts, vectors_of(texts), strict=True):
            _gather_search(search, text, vector)
    return len(searches)


def join_alike() -> int:
    """Make one gap of those whose middles have come to mean the same; gives how many went away."""
    with transaction.atomic():
        one_at_a_time("assistant gaps")
        gaps = list(Gap.objects.filter(settled_at=None, article=None).order_by("-times", "id"))
        if len(gaps) < 2:
            return 0
        vectors = np.array([gap.vector for gap in gaps], dtype=np.float32)
        gone: set[int] = set()
        for place, gap in enumerate(gaps):
            if place in gone:
                continue
            alike = np.flatnonzero(vectors[place + 1 :] @ vectors[place] >= JOINED_FROM)
            joining = [int(i) + place + 1 for i in alike if int(i) + place + 1 not in gone]
            for other in joining:
                _join(gaps[other], gap)
            gone.update(joining)
            if joining:
                find_middle(gap)
    return len(gone)


def find_middle(gap: Gap) -> None:
    """Call a gap by the question in the middle of it: the one that is closest to all the others."""
    said = ways_asked(gap)
    if not said:
        return
    vectors = vectors_of([one.text for one in said])
    times = np.array([one.times for one in said], dtype=np.float32)
    middle = int((vectors @ (times @ vectors)).argmax())
    Gap.objects.filter(pk=gap.pk).update(
        label=said[middle].text, language=said[middle].language, vector=vectors[middle]
    )


def ways_asked(gap: Gap) -> list[Said]:
    """The latest ways in which a gap's matter was asked, each once, without what tells of a person."""
    questions = Question.objects.filter(gap=gap).select_related("message").order_by("-message_id")
    searches = SearchInGap.objects.filter(gap=gap).select_related("search").order_by("-times")
    said: dict[str, Said] = {}
    for question in questions[:LOOKED_AT]:
        _add(said, Said(masked_line(question.message.text, question.language),
                        question.language, 1))  # fmt: skip
    for one in searches[:LOOKED_AT]:
        search = one.search
        _add(said, Said(masked_line(search.words, search.language), search.language, one.times))
    return [one for one in said.values() if one.text]


def masked_line(text: str, language: str) -> str:
    """What somebody asked as one line, without what tells of a person."""
    with translation.override(language):
        return " ".join(masked(text).split())[:LONGEST]


def _add(said: dict[str, Said], one: Said) -> None:
    before = said.get(one.text.casefold())
    said[one.text.casefold()] = before._replace(times=before.times + one.times) if before else one


def _worth_gathering(question: Question) -> str:
    """What it asks; nothing where it is about the asker's own rows, which no article answers."""
    text = question.message.text
    return "" if intent_of(text) else masked_line(text, question.language)


def _gather_search(search: Any, text: str, vector: Any) -> None:
    before = SearchInGap.objects.select_related("gap").filter(search=search).first()
    if before is None and not vector.any():
        return
    gap = before.gap if before else _gap_for(text, search.language, vector)
    _count(gap, search.times - (before.times if before else 0), search.last_at)
    SearchInGap.objects.update_or_create(
        search=search, defaults={"gap": gap, "times": search.times}
    )
    if before is None:
        find_middle(gap)


def _gap_for(text: str, language: str, vector: Any) -> Gap:
    nearest = Gap.objects.alias(far=CosineDistance("vector", vector)).order_by("far").first()
    if nearest is not None and np.dot(nearest.vector, vector) >= CLOSE_ENOUGH:
        return nearest
    return Gap.objects.create(label=text, language=language, vector=vector)


def _count(gap: Gap, times: int, at: Any) -> None:
    gap.times += times
    gap.last_at = max(gap.last_at, at) if gap.times > times else at
    gap.save(update_fields=["times", "last_at"])


def _join(gap: Gap, into: Gap) -> None:
    Question.objects.filter(gap=gap).update(gap=into)
    SearchInGap.objects.filter(gap=gap).update(gap=into)
    _count(into, gap.times, gap.last_at)
    gap.delete()
