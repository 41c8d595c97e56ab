"""Reading: an article in a language or what stands in for it, and what stands around it on its shelf."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.postgres.search import SearchRank
from django.db.models import Case, Count, F, Func, OuterRef, Q, Subquery, Value, When

from parley.conversations.typed import typed
from parley.help_centre.access import (
    articles_visible_to,
    collections_in_order,
    texts_read_in,
    texts_visible_to,
)
from parley.help_centre.addressing import address_of, first_language, languages
from parley.help_centre.models import (
    Article,
    Collection,
    CollectionText,
    OldPath,
    Translation,
    Version,
)
from parley.parties.models import Membership
from parley.postgres.text_search import CONFIGURATION

MOST_RELATED = 4
LOOKED_AT = 20
FEWEST_RELATED = 2
"""With fewer that the article names itself, others are looked for by its words."""
POPULAR = 6


@dataclass(frozen=True, kw_only=True)
class Link:
    """An article as a list names it; `language` is the one that its title is in."""

    path: str
    title: str
    summary: str
    address: str
    language: str


@dataclass(frozen=True, kw_only=True)
class Reading:
    """An article as one reader reads it.

    `asked` is the language that was asked for, `language` the one that is shown. `is_outdated`: what it
    is a translation of has been published anew since. `moved_to` is its present path, where it was
    asked for by one that it had before. `languages` are those it is published in.
    """

    article: Article
    translation: Translation
    version: Version
    asked: str
    language: str
    is_outdated: bool
    languages: tuple[str, ...]
    collection: str = ""
    """What the collection is called that it lies in; empty: it lies in none."""
    related: list[Link] = field(default_factory=list)
    moved_to: str | None = None

    @property
    def is_fallback(self) -> bool:
        """Whether it is shown in another language than was asked for."""
        return self.language != self.asked

    @property
    def address(self) -> str:
        """Where it is found in the language it was asked for."""
        return address_of(self.asked, self.article.path)


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """A collection as one reader sees it; `size` is how many of its articles they may read."""

    slug: str
    title: str
    description: str
    icon: str
    size: int
    address: str


def read(reader: Membership | None, language: str, path: str) -> Reading | None:
    """The article `path` for `reader`, in `language` or what stands in for it; None: none for them."""
    path, moved_to = typed(path), None
    texts = _texts(reader, path, language)
    if not texts:
        moved_to = OldPath.objects.filter(path=path).values_list("article__path", flat=True).first()
        texts = _texts(reader, moved_to, language) if moved_to else []
    if not texts:
        return None
    by_language = {text.language: text for text in texts}
    text = by_language.get(language) or by_language.get(first_language()) or texts[0]
    assert text.published is not None
    return Reading(
        article=text.article,
        translation=text,
        version=text.published,
        asked=language,
        language=text.language,
        is_outdated=_is_outdated(text, by_language),
        languages=tuple(code for code in languages() if code in by_language),
        collection=_shelf_of(text),
        related=_related(reader, language, text, text.published),
        moved_to=moved_to,
    )


def _texts(reader: Membership | None, path: str, language: str) -> list[Translation]:
    """The texts of an article, each with the `shelf` it lies on, as that is called in `language`."""
    own = Case(When(language=language, then=0), When(language=first_language(), then=1), default=2)
    names = CollectionText.objects.filter(collection=OuterRef("article__collection")).order_by(own)
    return list(
        texts_visible_to(reader)
        .filter(article__path=path)
        .select_related("article__collection", "published")
        .annotate(shelf=Subquery(names.values("title")[:1]))
        .defer("body", "words", "header", "published__body", "published__text")
        .order_by("language")
    )


def _is_outdated(text: Translation, by_language: dict[str, Translation]) -> bool:
    first = by_language.get(first_language())
    if first is None or text.language == first.language or text.follows_id is None:
        return False
    return text.follows_id != first.published_id


def _related(
    reader: Membership | None, language: str, text: Translation, version: Version
) -> list[Link]:
    """What the article names itself, and where that is little, what shares words with its title."""
    named = text.article.related[:MOST_RELATED]
    shown = texts_read_in(reader, language).exclude(article=text.article_id).values("pk")
    asked = Func(Value(CONFIGURATION), Value(version.title), template=_ANY_WORD)
    texts = (
        texts_visible_to(reader)
        .filter(pk__in=shown)
        .annotate(rank=SearchRank(F("words"), asked, weights=[0.0, 0.1, 0.5, 1.0]))
        .select_related("article", "published")
        .only("language", "article__path", "published__title", "published__summary")
    )
    # Nothing is compared with all there is while the article names enough itself.
    wanted = Q(article__path__in=named)
    if len(named) < FEWEST_RELATED:
        wanted |= Q(rank__gt=0)
    found = {one.article.path: one for one in texts.filter(wanted).order_by("-rank")[:LOOKED_AT]}
    own = [found.pop(path) for path in named if path in found]
    more = list(found.values())[: max(0, MOST_RELATED - 1 - len(own))]
    return links_to(own + more, language)


_ANY_WORD = "replace(plainto_tsquery(%(expressions)s)::text, '&', '|')::tsquery"


def links_to(texts: Iterable[Translation], language: str) -> list[Link]:
    """Published texts as links; each leads to its article in `language`."""
    return [
        Link(
            path=text.article.path,
            title=text.published.title,
            summary=text.published.summary,
            address=address_of(language, text.article.path),
            language=text.language,
        )
        for text in texts
        if text.published is not None
    ]


def shelves(reader: Membership | None, language: str) -> list[Shelf]:
    """The collections that hold something for `reader`, in their order. Two queries."""
    sizes = dict(
        articles_visible_to(reader)
        .order_by()
        .values_list("collection")
        .annotate(size=Count("pk"))
        .values_list("collection", "size")
    )
    collections = collections_in_order().filter(pk__in=sizes).prefetch_related("texts")
    return [_shelf(one, language, sizes[one.pk]) for one in collections]


def shelf(reader: Membership | None, language: str, slug: str) -> tuple[Shelf, list[Link]] | None:
    """A collection with its articles in their order; None where it holds nothing for `reader`."""
    collection = collections_in_order().filter(slug=typed(slug)).prefetch_related("texts").first()
    if collection is None:
        return None
    articles = on_shelf(reader, language, collection.pk)
    return (_shelf(collection, language, len(articles)), articles) if articles else None


def all_shelves(reader: Membership | None, language: str) -> list[tuple[Shelf, list[Link]]]:
    """Every collection that holds something for `reader`, with its articles. Three queries."""
    on: dict[int, list[Translation]] = {}
    for text in sorted(texts_read_in(reader, language), key=_place):
        on.setdefault(text.article.collection_id, []).append(text)
    collections = collections_in_order().filter(pk__in=on).prefetch_related("texts")
    return [
        (_shelf(one, language, len(on[one.pk])), links_to(on[one.pk], language))
        for one in collections
    ]


def on_shelf(reader: Membership | None, language: str, collection: int) -> list[Link]:
    """The articles of a collection that `reader` may read, in their order. One query."""
    texts = texts_read_in(reader, language).filter(article__collection=collection)
    return links_to(sorted(texts, key=_place), language)


def title_of(collection: Collection, language: str) -> str:
    """What a collection is called in `language`, or in the first one, or after its folder."""
    text = _text_of(collection, language)
    return text.title if text else _from_folder(collection.slug)


def _shelf_of(text: Translation) -> str:
    slug = text.article.collection.slug
    return (getattr(text, "shelf", None) or _from_folder(slug)) if slug else ""


def popular(reader: Membership | None, language: str, limit: int = POPULAR) -> list[Link]:
    """The articles that helped most people, and for want of those the first ones. One query."""
    shown = texts_read_in(reader, language).values("pk")
    texts = (
        texts_visible_to(reader)
        .filter(pk__in=shown)
        .select_related("article", "published")
        .only("language", "article__path", "published__title", "published__summary")
        .order_by(F("did_not_help") - F("helped"), "article__position", "article_id")
    )
    return links_to(texts[:limit], language)


def public_articles() -> Iterable[tuple[Article, list[Translation]]]:
    """Every article that strangers may read, with its published texts: for the sitemap. One query."""
    texts = (
        texts_visible_to(None)
        .select_related("article")
        .only("language", "published_at", "article__path")
        .order_by("article__path", "language")
    )
    together: dict[int, list[Translation]] = {}
    for text in texts.iterator():
        together.setdefault(text.article_id, []).append(text)
    return [(texts[0].article, texts) for texts in together.values()]


def _place(text: Translation) -> tuple[int, int]:
    return text.article.position, text.article_id


def _shelf(collection: Collection, language: str, size: int) -> Shelf:
    text = _text_of(collection, language)
    return Shelf(
        slug=collection.slug,
        title=text.title if text else _from_folder(collection.slug),
        description=text.description if text else "",
        icon=collection.icon,
        size=size,
        address=address_of(language, collection.slug),
    )


def _text_of(collection: Collection, language: str) -> CollectionText | None:
    texts = {text.language: text for text in collection.texts.all()}
    return texts.get(language) or texts.get(first_language()) or next(iter(texts.values()), None)


def _from_folder(slug: str) -> str:
    words = slug.rpartition("/")[2].replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]
