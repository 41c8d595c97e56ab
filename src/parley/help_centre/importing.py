"""Taking in a folder of articles in one language: all of it or nothing, and again without a trace (H2).

What is in the folder is published; what is not is left alone. A text that says what is published
already gets no new version.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction

from parley.help_centre import events
from parley.help_centre.addressing import collection_of, first_language, resolved
from parley.help_centre.folder import ArticleFile, CollectionFile, Folder, PictureFile, read_folder
from parley.help_centre.models import (
    Article,
    Collection,
    CollectionText,
    Image,
    OldPath,
    Translation,
)
from parley.help_centre.publishing import publish_drafts
from parley.journal.events import Actor
from parley.journal.moment import now
from parley.journal.recording import record

AT_ONCE = 200
"""Rows that are written together."""
_ONE_AT_A_TIME = 0x68656C70
"""The key of PostgreSQL's lock that imports hold."""


@dataclass
class Outcome:
    """What came of an import: paths of articles, and warnings in words."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)
    pictures: int = 0
    left_alone: int = 0
    """Articles in this language that the folder does not have."""
    warnings: list[str] = field(default_factory=list)


def import_folder(root: Path, language: str, *, by: Actor | None = None) -> Outcome:
    """Take in the articles of a folder as their texts in `language`, and publish them.

    `by` is None for the command line. Raises FolderRefused, and then nothing has changed.
    """
    folder = read_folder(root)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
        return _Import(folder, language, by).take_in()


class _Import:
    def __init__(self, folder: Folder, language: str, by: Actor | None) -> None:
        self.folder, self.language, self.by = folder, language, by
        self.outcome = Outcome(warnings=list(folder.warnings))
        self.leads = language == first_language()
        """What is the same in all languages is said by the files of the first one."""
        self.collections: dict[str, Collection] = {}
        self.articles: dict[str, Article] = {}
        self.texts: dict[int, Translation] = {}
        self.led: set[int] = set()
        """The articles that have a text in the first language."""

    def take_in(self) -> Outcome:
        self._know_what_is_there()
        self._shelve()
        files = self._homed()
        self._add_articles(files)
        self._arrange(files)
        redrawn = self._keep_pictures(files)
        self._write(files, redrawn)
        kept = {self.articles[file.path].pk for file in files}
        self.outcome.left_alone = len(set(self.texts) - kept)
        return self.outcome

    def _know_what_is_there(self) -> None:
        self.collections = {one.slug: one for one in Collection.objects.select_for_update()}
        self.articles = {one.path: one for one in Article.objects.select_for_update()}
        texts = Translation.objects.select_related("published").filter(language=self.language)
        self.texts = {one.article_id: one for one in texts.select_for_update(of=("self",))}
        led = Translation.objects.filter(language=first_language())
        self.led = set(led.values_list("article_id", flat=True))

    # --- collections ---

    def _shelve(self) -> None:
        slugs = {collection_of(file.path) for file in self.folder.articles}
        slugs |= {file.slug for file in self.folder.collections}
        new = [Collection(slug=slug) for slug in sorted(slugs - set(self.collections))]
        Collection.objects.bulk_create(new)
        self.collections |= {one.slug: one for one in new}
        before = {
            text.collection_id: text
            for text in CollectionText.objects.filter(language=self.language)
        }
        led = set(
            CollectionText.objects.filter(language=first_language()).values_list(
                "collection_id", flat=True
            )
        )
        for file in self.folder.collections:
            collection = self.collections[file.slug]
            text = before.get(collection.pk)
            self._name(collection, file, text, leads=self.leads or collection.pk not in led)

    def _name(
        self,
        collection: Collection,
        file: CollectionFile,
        text: CollectionText | None,
        *,
        leads: bool,
    ) -> None:
        changed: dict[str, object] = {}
        if leads:
            for name, said in (("position", file.position), ("icon", file.icon)):
                if said is not None and getattr(collection, name) != said:
                    changed[name] = [getattr(collection, name), said]
                    setattr(collection, name, said)
        named = text or CollectionText(collection=collection, language=self.language)
        said_in_words = (file.title or named.title, file.description, file.head)
        if said_in_words[0] and said_in_words != (named.title, named.description, named.header):
            changed["titles"] = [named.title, said_in_words[0]]
            named.title, named.description, named.header = said_in_words
            named.save()
        if changed:
            collection.save(update_fields=["position", "icon"])
            what = "changed" if text else "added"
            told = events.CollectionsChanged(collection=collection.pk, what=what, changed=changed)
            record(told, by=self.by)

    # --- articles ---

    def _homed(self) -> list[ArticleFile]:
        """The files, each under the path its article has now: it may have been renamed here."""
        paths = [file.path for file in self.folder.articles if file.path not in self.articles]
        moved = dict(OldPath.objects.filter(path__in=paths).values_list("path", "article__path"))
        taken = {file.path for file in self.folder.articles}
        files = []
        for file in self.folder.articles:
            home = moved.get(file.path)
            if home is None:
                files.append(file)
            elif home in taken:
                self._warn(file, f"it is {home} now, which is in the folder too; it is left out.")
            else:
                self._warn(file, f"it is {home} now, and was taken in as that.")
                files.append(ArticleFile(**{**vars(file), "path": home}))
        return files

    def _add_articles(self, files: Iterable[ArticleFile]) -> None:
        new = [
            Article(
                path=file.path,
                collection=self.collections[collection_of(file.path)],
                audience=file.audience or [],
                position=file.position or 0,
            )
            for file in files
            if file.path not in self.articles
        ]
        Article.objects.bulk_create(new, batch_size=AT_ONCE)
        for article in new:
            self.articles[article.path] = article
            record(events.ArticleAdded(article=article.pk, path=article.path), by=self.by)
        self.new = {article.pk for article in new}

    def _arrange(self, files: Iterable[ArticleFile]) -> None:
        """Keep for whom each article is, its place and what it is related to."""
        changed = []
        for file in files:
            article = self.articles[file.path]
            wanted = self._arrangement(file)
            if wanted and not self.leads and article.pk not in self.new and article.pk in self.led:
                self._warn(
                    file, f"its {', '.join(sorted(wanted))} are those of the first language."
                )
                continue
            if not wanted and article.withdrawn_at is None:
                continue
            for name, (_before, after) in wanted.items():
                setattr(article, name, after)
            changed.append(article)
            self._tell_of(article, wanted)
        Article.objects.bulk_update(
            changed, ["audience", "position", "related", "withdrawn_at"], batch_size=AT_ONCE
        )
        self.arranged = {article.pk for article in changed} - self.new

    def _arrangement(self, file: ArticleFile) -> dict[str, tuple[object, object]]:
        """Of what the file says and the article is not: what it is, and what it will be."""
        article = self.articles[file.path]
        related = None
        if file.related is not None:
            related = [resolved(name, file.path, self.articles) for name in file.related]
        said = {"audience": file.audience, "position": file.position, "related": related}
        return {
            name: (getattr(article, name), after)
            for name, after in said.items()
            if after is not None and getattr(article, name) != after
        }

    def _tell_of(self, article: Article, wanted: dict[str, tuple[object, object]]) -> None:
        if wanted and article.pk not in self.new:
            changed = {name: list(values) for name, values in wanted.items()}
            record(events.ArticleChanged(article=article.pk, changed=changed), by=self.by)
        if article.withdrawn_at is not None:
            article.withdrawn_at = None
            record(events.ArticleRestored(article=article.pk, path=article.path), by=self.by)

    # --- pictures ---

    def _keep_pictures(self, files: Iterable[ArticleFile]) -> set[int]:
        """Store the pictures that are new or other than before; gives their articles' keys."""
        there = {
            (image.article_id, image.path): image
            for image in Image.objects.filter(language=self.language)
        }
        redrawn = set()
        for file in files:
            article = self.articles[file.path]
            for picture in file.pictures:
                image = there.get((article.pk, picture.name))
                if image is None or image.sha256 != picture.sha256:
                    self._keep_picture(article, image, picture)
                    redrawn.add(article.pk)
        return redrawn

    def _keep_picture(self, article: Article, image: Image | None, picture: PictureFile) -> None:
        image = image or Image(article=article, language=self.language, path=picture.name)
        if before := image.stored_as:
            transaction.on_commit(lambda: default_storage.delete(before))
        name = f"articles/{now():%Y/%m}/{picture.sha256}"
        image.stored_as = default_storage.save(name, ContentFile(picture.content))
        image.media_type, image.sha256 = picture.media_type, picture.sha256
        image.size, image.width, image.height = len(picture.content), picture.width, picture.height
        image.save()
        self.outcome.pictures += 1
        record(events.ArticleImageAdded(article=article.pk, path=picture.name), by=self.by)

    # --- texts ---

    def _write(self, files: Iterable[ArticleFile], redrawn: set[int]) -> None:
        fresh: list[Translation] = []
        kept: list[Translation] = []
        published: list[Translation] = []
        for file in files:
            article = self.articles[file.path]
            text = self.texts.get(article.pk)
            if text and _is_shown(text, file) and article.pk not in redrawn:
                if (text.header, text.ending) != (file.head, file.ending):
                    text.header, text.ending = file.head, file.ending
                    kept.append(text)
                changed = article.pk in self.arranged
                (self.outcome.changed if changed else self.outcome.unchanged).append(file.path)
                continue
            is_new = text is None
            text = text or Translation(language=self.language)
            text.article = article
            if _is_same_draft(text, file):
                self.outcome.unchanged.append(file.path)
                continue
            self._fill(text, file)
            (fresh if is_new else kept).append(text)
            if file.draft:
                self.outcome.drafts.append(file.path)
                self._keep_back(text)
            else:
                (self.outcome.added if is_new else self.outcome.changed).append(file.path)
                published.append(text)
        Translation.objects.bulk_create(fresh, batch_size=AT_ONCE)
        Translation.objects.bulk_update(kept, _WRITTEN, batch_size=AT_ONCE)
        publish_drafts(published, by=self.by)

    def _fill(self, text: Translation, file: ArticleFile) -> None:
        text.title, text.summary, text.body = file.title, file.summary, file.body
        text.also_asked_as = file.also_asked_as
        text.header, text.ending = file.head, file.ending
        text.changed_at, text.changed_by_id = now(), self.by.person_id if self.by else None

    def _keep_back(self, text: Translation) -> None:
        """It is a draft from now on, whatever it was before."""
        article = text.article
        if text.published_id is None:
            told: events.ArticleEvent = events.DraftKept(article=article.pk, language=self.language)
        else:
            told = events.ArticleWithdrawn(
                article=article.pk, path=article.path, language=self.language
            )
            Translation.objects.filter(pk=text.pk).update(
                published=None, published_at=None, words=None, phrases=""
            )
        record(told, by=self.by)

    def _warn(self, file: ArticleFile, what: str) -> None:
        self.outcome.warnings.append(f"{file.path}: {what}")


_WRITTEN = [
    "title", "summary", "body", "also_asked_as", "header", "ending", "changed_at", "changed_by",
]  # fmt: skip


def _is_shown(text: Translation, file: ArticleFile) -> bool:
    """Whether what is published is what the file says."""
    shown = text.published
    return (
        shown is not None
        and not file.draft
        and _said(file)
        == (
            shown.title,
            shown.summary,
            shown.body,
            shown.also_asked_as,
        )
    )


def _is_same_draft(text: Translation, file: ArticleFile) -> bool:
    """Whether the file says that it is a draft, and it is that very one."""
    if not file.draft or text.published_id is not None:
        return False
    draft = (text.title, text.summary, text.body, text.also_asked_as)
    return _said(file) == draft and (text.header, text.ending) == (file.head, file.ending)


def _said(file: ArticleFile) -> tuple[str, str, str, list[str]]:
    return file.title, file.summary, file.body, file.also_asked_as
