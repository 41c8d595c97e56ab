"""Learning how people ask: from questions that were helped, and only as an editor lets it (M7).

Nothing is learned by itself: whoever presses “That helped” would else decide what others are answered.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from parley.assistant.encoding import vectors_of
from parley.assistant.events import WordingDecided
from parley.assistant.gathering import masked_line
from parley.assistant.indexing import phrase
from parley.assistant.intents import intent_of
from parley.assistant.models import Helped, Outcome, Phrase, PhraseKind, Question, Wording
from parley.assistant.roles import MayNotChange
from parley.help_centre.models import Article, Translation
from parley.help_centre.roles import may_publish
from parley.journal.events import Event
from parley.journal.models import Entry
from parley.journal.moment import now
from parley.journal.recording import record
from parley.messenger.events import ChatHelped
from parley.parties.models import Membership
from parley.postgres.keysets import Keyset, Page

PAGE = 25


def propose(event: Event, entry: Entry) -> None:
    """A reaction, at once: how somebody asked who says that the answer helped is kept for an editor."""
    assert isinstance(event, ChatHelped)
    question = (
        Question.objects.filter(chat=event.conversation, helped=Helped.SAID)
        .select_related("message")
        .order_by("-message_id")
        .first()
    )
    path = _answered_by(question) if question else ""
    if question is None or not path or intent_of(question.message.text):
        return
    text = masked_line(question.message.text, question.language)
    article = Article.objects.filter(path=path).first()
    if article is None or not text or _is_known(article, text):
        return
    Wording.objects.get_or_create(
        question=question,
        defaults={"article": article, "language": question.language, "text": text},
    )


def wordings_visible_to(reader: Membership) -> QuerySet[Wording]:
    """The door to ways of asking: for those who publish articles, nothing for anybody else."""
    return Wording.objects.all() if may_publish(reader) else Wording.objects.none()


def list_wordings(reader: Membership, *, taken: bool = False, cursor: str = "") -> Page[Wording]:
    """One page of the ways of asking to decide on, or of those taken; the latest first, in one query.

    Each has its article and `title`, in its own language or any. Raises CursorUnreadable.
    """
    keyset = Keyset(("question_id",), cursor, PAGE)
    texts = Translation.objects.filter(article=OuterRef("article"), published__isnull=False)
    own = texts.filter(language=OuterRef("language"))
    rows = (
        wordings_visible_to(reader)
        .filter(taken=True if taken else None)
        .select_related("article", "decided_by")
        .annotate(
            title=Subquery(own.values("title")[:1]),
            title_elsewhere=Subquery(texts.order_by("language").values("title")[:1]),
            is_published=Exists(texts),
        )
    )
    return keyset.page(list(keyset.cut(rows)))


def decide(question_id: int, *, taken: bool, by: Membership) -> Wording:
    """Let a way of asking count from now on, or not; a later decision takes the place of the first.

    Raises Wording.DoesNotExist, and MayNotChange for those who don't publish articles.
    """
    if not may_publish(by):
        raise MayNotChange
    with transaction.atomic():
        wording = (
            wordings_visible_to(by)
            .select_for_update(of=("self",))
            .select_related("article")
            .get(pk=question_id)
        )
        if wording.taken is taken:
            return wording
        wording.taken, wording.decided_at, wording.decided_by = taken, now(), by.person
        wording.save(update_fields=["taken", "decided_at", "decided_by"])
        if taken:
            _let_count(wording)
        else:
            _learned_phrases(wording).delete()
        record(
            WordingDecided(
                question=wording.pk,
                article=wording.article_id,
                language=wording.language,
                text=wording.text,
                taken=taken,
            ),
            by=by,
        )
    return wording


def _let_count(wording: Wording) -> None:
    """Write the phrase, for the article's published version in the language it was asked in.

    Of an article that is not published in it, it counts once it is.
    """
    text = Translation.objects.filter(
        article=wording.article_id, language=wording.language, published__isnull=False
    ).first()
    if text is None:
        return
    learned = phrase(text, PhraseKind.LEARNED, wording.text)
    (learned.vector,) = vectors_of([learned.text])
    learned.save()


def _learned_phrases(wording: Wording) -> QuerySet[Phrase]:
    return Phrase.objects.filter(
        article=wording.article_id,
        language=wording.language,
        kind=PhraseKind.LEARNED,
        text=wording.text,
    )


def _answered_by(question: Question) -> str:
    """The path of the one article a question was answered from; empty if there was none, or several.

    Of several that were offered, nobody knows which one helped.
    """
    paths = [source["id"] for source in question.sources if source.get("kind") == "article"]
    if question.outcome == Outcome.ANSWER and paths:
        return str(paths[0])
    return str(paths[0]) if question.outcome == Outcome.OFFER and len(paths) == 1 else ""


def _is_known(article: Article, text: str) -> bool:
    return (
        Phrase.objects.filter(article=article, text__iexact=text).exists()
        or Wording.objects.filter(article=article, text__iexact=text).exists()
    )
