"""Giving the articles out as a folder of Markdown: what came in as files comes out as those files (H2)."""

from __future__ import annotations

from collections.abc import Collection as Several
from dataclasses import dataclass
from pathlib import Path

from django.core.files.storage import default_storage
from django.db.models import QuerySet

from parley.help_centre.addressing import PathUnfit, beside, collection_of, first_language, resolved
from parley.help_centre.folder import COLLECTION, read_article, read_collection
from parley.help_centre.front_matter import (
    ARTICLE_KEYS,
    COLLECTION_KEYS,
    HeadBroken,
    Parts,
    Value,
    put_together,
    take_apart,
    written_head,
)
from parley.help_centre.models import CollectionText, Image, Translation
from parley.help_centre.roles import must_write
from parley.parties.models import Membership


@dataclass(frozen=True, kw_only=True)
class Given:
    """What an export has written, and how many files stood there before that are none of it."""

    articles: int
    collections: int
    pictures: int
    others: int


def export_folder(root: Path, language: str, *, by: Membership | None = None) -> Given:
    """Write the articles of a language to a folder, which is made if need be.

    What is published is given, and of what is not the draft, marked as one; nothing of what was
    withdrawn. `by` is None for the command line. Raises NotAnEditor and OSError.
    """
    if by is not None:
        must_write(by)
    texts = list(_texts(language))
    led = _led(language)
    known = {text.article.path for text in texts}
    files: dict[str, bytes] = {}
    for text in texts:
        name = f"{text.article.path}{text.ending or '.md'}"
        files[name] = file_of(text, known, led=text.article_id in led).encode()
    collections = _collections({collection_of(path) for path in known}, language)
    pictures = _pictures({text.article_id: text for text in texts}, language)
    everything = {**files, **collections, **pictures}
    root.mkdir(parents=True, exist_ok=True)
    for name, content in everything.items():
        _write(root, name, content)
    there = sum(1 for one in root.rglob("*") if one.is_file())
    return Given(
        articles=len(files),
        collections=len(collections),
        pictures=len(pictures),
        others=there - len(everything),
    )


def file_of(text: Translation, known: Several[str], *, led: bool = False) -> str:
    """The file of a text: as it came in, while it says that; else with a head that says what it is now.

    `known` are the paths of all articles. `led`: the file in the first language says for whom it is and
    where it lies, so that this one may be silent of it. Its `article` and `published` should be at hand.
    """
    shown = text.published or text
    body = shown.body.strip("\n")
    if text.ending and _says_it(text, body, known, led=led):
        return put_together(text.header, body)
    fields: dict[str, Value] = {
        "title": shown.title,
        "summary": shown.summary,
        "audience": text.article.audience,
        "position": str(text.article.position),
        "also_asked_as": shown.also_asked_as,
        "related": text.article.related,
    }
    if text.published is None:
        fields["draft"] = "true"
    return put_together(written_head(fields, _kept(text.header, ARTICLE_KEYS)), body)


def _says_it(text: Translation, body: str, known: Several[str], *, led: bool) -> bool:
    """Whether the head of the file it came from still says all there is to say."""
    article, shown = text.article, text.published or text
    try:
        read = read_article(article.path, text.ending, put_together(text.header, body))
    except ValueError:
        return False
    says = (read.title, read.summary, read.body, read.also_asked_as, read.draft)
    is_draft = text.published is None
    if says != (shown.title, shown.summary, body, shown.also_asked_as, is_draft):
        return False
    related = [resolved(name, article.path, known) for name in read.related or []]
    return all(
        said == there or (led and given is None)
        for given, said, there in (
            (read.audience, read.audience or [], article.audience),
            (read.position, read.position or 0, article.position),
            (read.related, related, [resolved(n, article.path, known) for n in article.related]),
        )
    )


def _led(language: str) -> set[int]:
    """The articles whose text in `language` is led by one in the first language."""
    if language == first_language():
        return set()
    texts = Translation.objects.filter(language=first_language())
    return set(texts.values_list("article_id", flat=True))


def _kept(head: str, known: Several[str]) -> dict[str, str]:
    """The lines of a head that mean nothing here."""
    try:
        parts: Parts = take_apart(head)
    except HeadBroken:
        return {}
    return {key: line for key, line in parts.lines.items() if key not in known}


def _texts(language: str) -> QuerySet[Translation]:
    return (
        Translation.objects.filter(language=language, article__withdrawn_at=None)
        .select_related("article", "published")
        .defer("words", "published__html", "published__text")
        .order_by("article__path")
    )


def _collections(slugs: Several[str], language: str) -> dict[str, bytes]:
    texts = CollectionText.objects.filter(language=language).select_related("collection")
    files = {}
    for text in texts:
        slug = text.collection.slug
        if slug in slugs or text.header:
            files[f"{slug}/{COLLECTION}.md".lstrip("/")] = _collection_file(text).encode()
    return files


def _collection_file(text: CollectionText) -> str:
    collection = text.collection
    now_is = (text.title, text.description, collection.position, collection.icon)
    if text.header:
        try:
            read = read_collection(collection.slug, text.header)
        except ValueError:
            pass
        else:
            given = (read.title, read.description, read.position or 0, read.icon or "")
            silent = text.language != first_language() and (read.position, read.icon) == (
                None,
                None,
            )
            if given == now_is or (silent and given[:2] == now_is[:2]):
                return text.header
    fields: dict[str, Value] = {
        "title": text.title,
        "description": text.description,
        "position": str(collection.position),
        "icon": collection.icon,
    }
    return written_head(fields, _kept(text.header, COLLECTION_KEYS)).rstrip("\n") + "\n"


def _pictures(texts: dict[int, Translation], language: str) -> dict[str, bytes]:
    """The pictures of these articles by the names of their files: those of this language alone.

    And those that belong to none: an editor has pasted them.
    """
    files = {}
    for image in Image.objects.filter(article__in=texts, language__in=("", language)):
        where = beside(texts[image.article_id].article.path, image.path)
        if where is not None:
            with default_storage.open(image.stored_as) as stored:
                files[where] = stored.read()
    return files


def _write(root: Path, name: str, content: bytes) -> None:
    """Write a file below `root`, and never beside it: a path is what an editor has typed."""
    file = root.joinpath(*name.split("/"))
    if not file.resolve().is_relative_to(root.resolve()):
        raise PathUnfit(name, "dots")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
