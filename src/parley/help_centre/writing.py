"""Writing articles: drafts, publishing them, withdrawing and renaming an article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from parley.conversations.typed import typed, typed_line
from parley.help_centre import events
from parley.help_centre.addressing import carry_links, check_path, collection_of
from parley.help_centre.front_matter import straight
from parley.help_centre.models import (
    LONGEST_TITLE,
    Article,
    Collection,
    OldPath,
    Translation,
    Version,
)
from parley.help_centre.publishing import publish_drafts
from parley.help_centre.rendering import LONGEST_BODY
from parley.help_centre.roles import must_publish, must_write
from parley.journal.moment import now
from parley.journal.recording import record
from parley.parties.models import Membership

LONGEST_SUMMARY = 500
LONGEST_PHRASE = 300
MOST_PHRASES = 100


class TextRefused(ValueError):
    """A text can't be kept: `field` is over `most` characters, or, with None, must not be empty."""

    def __init__(self, field: str, most: int | None) -> None:
        super().__init__(f"{field}: {most}")
        self.field, self.most = field, most


class PathTaken(ValueError):
    """Another article has this address."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """An article in one language, as somebody has written it."""

    title: str
    summary: str = ""
    body: str = ""
    also_asked_as: Sequence[str] = ()


def checked(written: Written) -> Written:
    """What was written as it is kept. Raises TextRefused."""
    title, summary = typed_line(written.title), typed_line(written.summary)
    phrases = [phrase for given in written.also_asked_as if (phrase := typed_line(given))]
    if not title:
        raise TextRefused("title", None)
    for field, text, most in (
        ("title", title, LONGEST_TITLE),
        ("summary", summary, LONGEST_SUMMARY),
        ("body", written.body, LONGEST_BODY),
        *(("also_asked_as", phrase, LONGEST_PHRASE) for phrase in phrases),
    ):
        if len(text) > most:
            raise TextRefused(field, most)
    if len(phrases) > MOST_PHRASES:
        raise TextRefused("also_asked_as", MOST_PHRASES)
    return Written(
        title=title,
        summary=summary,
        body=straight(typed(written.body)).strip("\n"),
        also_asked_as=list(dict.fromkeys(phrases)),
    )


def add_article(path: str, *, audience: Sequence[str] = (), by: Membership) -> Article:
    """A new article without a text yet, in the collection of its path, which is made if need be.

    Raises NotAnEditor, PathUnfit and PathTaken.
    """
    must_write(by)
    path = check_path(path)
    with transaction.atomic():
        _must_be_free(path)
        collection, _new = Collection.objects.get_or_create(slug=collection_of(path))
        article = Article.objects.create(collection=collection, path=path, audience=list(audience))
        record(events.ArticleAdded(article=article.pk, path=path), by=by)
    return article


def keep_draft(article: Article, language: str, written: Written, *, by: Membership) -> Translation:
    """Keep what is being written of an article in a language; what is published stays as it is.

    Raises NotAnEditor and TextRefused.
    """
    must_write(by)
    written = checked(written)
    with transaction.atomic():
        Article.objects.select_for_update().get(pk=article.pk)
        draft = Translation.objects.filter(article=article, language=language).first()
        draft = draft or Translation(article=article, language=language)
        if draft.pk and _says(draft, written):
            return draft
        draft.title, draft.summary, draft.body = written.title, written.summary, written.body
        draft.also_asked_as = list(written.also_asked_as)
        draft.changed_at, draft.changed_by_id = now(), by.person_id
        draft.save()
        record(events.DraftKept(article=article.pk, language=language), by=by)
    return draft


def publish(translation: Translation, *, by: Membership) -> Version:
    """Show the draft to readers from now on. Raises NotAnEditor and Translation.DoesNotExist."""
    must_publish(by)
    with transaction.atomic():
        draft = (
            Translation.objects.select_related("article")
            .select_for_update(of=("self",))
            .get(pk=translation.pk)
        )
        return publish_drafts([draft], by=by)[0]


def unpublish(translation: Translation, *, by: Membership) -> None:
    """Show an article in this language no more; its text stays a draft. Raises NotAnEditor."""
    must_publish(by)
    with transaction.atomic():
        shown = Translation.objects.filter(pk=translation.pk, published__isnull=False)
        if shown.update(published=None, published_at=None, words=None, phrases=""):
            told = events.ArticleWithdrawn(
                article=translation.article_id,
                path=translation.article.path,
                language=translation.language,
            )
            record(told, by=by)


def withdraw(article: Article, *, by: Membership) -> None:
    """Show an article to editors alone, in all its languages. Raises NotAnEditor."""
    must_publish(by)
    with transaction.atomic():
        if Article.objects.filter(pk=article.pk, withdrawn_at=None).update(withdrawn_at=now()):
            record(events.ArticleWithdrawn(article=article.pk, path=article.path), by=by)


def restore(article: Article, *, by: Membership) -> None:
    """Show a withdrawn article again. Raises NotAnEditor."""
    must_publish(by)
    with transaction.atomic():
        gone = Article.objects.filter(pk=article.pk, withdrawn_at__isnull=False)
        if gone.update(withdrawn_at=None):
            record(events.ArticleRestored(article=article.pk, path=article.path), by=by)


def rename(article: Article, path: str, *, by: Membership) -> Article:
    """Give an article another address, and with it perhaps another collection; the old one leads there.

    Links that other articles have to it go on working by that. In its own drafts the links beside it
    are written anew, where it moves to another collection. Raises NotAnEditor, PathUnfit, PathTaken.
    """
    must_publish(by)
    path = check_path(path)
    with transaction.atomic():
        locked = Article.objects.select_for_update().get(pk=article.pk)
        before = locked.path
        if path == before:
            return locked
        _must_be_free(path, besides=locked)
        OldPath.objects.filter(path=path).delete()
        OldPath.objects.create(path=before, article=locked)
        locked.collection, _new = Collection.objects.get_or_create(slug=collection_of(path))
        locked.path = path
        _carry_links(locked, before)
        locked.save(update_fields=["path", "collection"])
        record(events.ArticleRenamed(article=locked.pk, before=before, after=path), by=by)
    return locked


def _carry_links(article: Article, before: str) -> None:
    """Let the relative links of its drafts lead where they led when it lay at `before`."""
    if collection_of(before) == collection_of(article.path):
        return
    for text in Translation.objects.select_for_update().filter(article=article):
        carried = carry_links(text.body, before, article.path)
        if carried != text.body:
            text.body = carried
            text.save(update_fields=["body"])


def _must_be_free(path: str, besides: Article | None = None) -> None:
    """Nobody has this address now, and no other article had it before. Raises PathTaken."""
    key = besides.pk if besides else 0
    taken = Article.objects.filter(path=path).exclude(pk=key).exists()
    if taken or OldPath.objects.filter(path=path).exclude(article_id=key).exists():
        raise PathTaken(path)


def _says(draft: Translation, written: Written) -> bool:
    return (draft.title, draft.summary, draft.body, draft.also_asked_as) == (
        written.title,
        written.summary,
        written.body,
        list(written.also_asked_as),
    )
