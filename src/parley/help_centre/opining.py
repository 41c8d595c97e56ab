"""Readers saying whether an article helped, and why not: one opinion each, which they may change."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from parley.conversations.typed import typed
from parley.help_centre.access import texts_visible_to
from parley.help_centre.events import OpinionGiven
from parley.help_centre.models import Article, Opinion, Translation
from parley.journal.moment import now
from parley.journal.recording import record
from parley.parties.models import Membership

LONGEST_REASON = 1_000
LONGEST_STRANGER = 40


def give_opinion(
    path: str,
    language: str,
    *,
    helped: bool,
    reason: str = "",
    by: Membership | None,
    stranger: str = "",
) -> Opinion:
    """Keep whether the text of the article `path` in `language` helped `by`, in place of what they said.

    `stranger` is what tells one who is not signed in from others. What is said first, without a
    reason, and then with one, counts once. Raises Article.DoesNotExist where there is no such text
    for them, and ValueError for somebody who is nobody at all.
    """
    if by is None and not stranger:
        raise ValueError("an opinion is somebody's")
    reader = f"person:{by.person_id}" if by else f"stranger:{stranger[:LONGEST_STRANGER]}"
    texts = texts_visible_to(by).filter(article__path=typed(path), language=language)
    text = texts.first()
    if text is None:
        raise Article.DoesNotExist
    reason = typed(reason).strip()[:LONGEST_REASON]
    with transaction.atomic():
        # The text's row is the lock under which its counts and opinions agree.
        Translation.objects.select_for_update().get(pk=text.pk)
        mine = Opinion.objects.filter(article=text.article_id, language=language, reader=reader)
        before = mine.first()
        if before and (before.helped, before.reason) == (helped, reason):
            return before
        opinion, _new = Opinion.objects.update_or_create(
            article_id=text.article_id,
            language=language,
            reader=reader,
            defaults={"helped": helped, "reason": reason, "at": now()},
        )
        _count(text, before.helped if before else None, helped=helped)
        told = OpinionGiven(
            article=text.article_id, language=language, helped=helped, reason=reason
        )
        record(told, by=by)
    return opinion


def opinion_of(reader: Membership, article_id: int, language: str) -> Opinion | None:
    """What somebody who is signed in said of an article."""
    return Opinion.objects.filter(
        article=article_id, language=language, reader=f"person:{reader.person_id}"
    ).first()


def _count(text: Translation, before: bool | None, *, helped: bool) -> None:
    if before is helped:
        return
    more, less = ("helped", "did_not_help") if helped else ("did_not_help", "helped")
    changes: dict[str, object] = {more: F(more) + 1}
    if before is not None:
        changes[less] = Greatest(F(less) - 1, 0)
    Translation.objects.filter(pk=text.pk).update(**changes)
