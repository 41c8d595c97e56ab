"""What an editor sees of all articles: in which languages each is written, and how it stands there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from parley.help_centre.models import Article, Collection, Translation
from parley.help_centre.roles import must_write
from parley.parties.models import Membership

MOST = 300
"""Articles shown at once; more than these are found by narrowing the list."""
EVERYBODY = "everybody"
"""Among the audiences to filter by: articles that are for no kind of party in particular."""


class State(StrEnum):
    """How an article stands in one language."""

    MISSING = "missing"
    DRAFT = "draft"
    PUBLISHED = "published"
    CHANGED = "changed"
    OUTDATED = "outdated"
    WITHDRAWN = "withdrawn"


STATE_WORDS = {
    State.MISSING: _("Missing"),
    State.DRAFT: _("Draft"),
    State.PUBLISHED: _("Published"),
    State.CHANGED: _("Changed since"),
    State.OUTDATED: _("Outdated translation"),
    State.WITHDRAWN: _("Withdrawn"),
}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What an editor has narrowed the list to. Without a language, any of them may fit."""

    words: str = ""
    language: str = ""
    state: State | None = None
    audience: str = ""


@dataclass(frozen=True)
class Standing:
    """An article in one language.

    CHANGED and OUTDATED can come together. `changed_at` is when its draft was last touched.
    """

    language: str
    title: str
    states: tuple[State, ...]
    helped: int = 0
    did_not_help: int = 0
    changed_at: datetime | None = None


@dataclass(frozen=True)
class Row:
    """An article with how it stands in each language, in the order of the languages."""

    article: Article
    standings: tuple[Standing, ...]

    def title(self, language: str) -> str:
        """What it is called in `language`, else in any."""
        titles = {s.language: s.title for s in self.standings if s.title}
        return titles.get(language) or next(iter(titles.values()), self.article.path)

    def best(self, language: str) -> str:
        """The language to open it in: `language` if it is written in it, else one that it is."""
        written = [s.language for s in self.standings if State.MISSING not in s.states]
        return language if language in written or not written else written[0]

    @property
    def opinions(self) -> int:
        return sum(s.helped + s.did_not_help for s in self.standings)

    @property
    def helped_percent(self) -> int | None:
        """Of a hundred who said, how many it helped; None when nobody has said."""
        said = self.opinions
        return round(100 * sum(s.helped for s in self.standings) / said) if said else None


@dataclass
class Shelf:
    """A collection and those of its articles that fit."""

    collection: Collection
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Overview:
    """The shelves with something on them, and whether there is more than is shown."""

    shelves: list[Shelf]
    is_cut: bool

    @property
    def count(self) -> int:
        return sum(len(shelf.rows) for shelf in self.shelves)


def overview(reader: Membership, wanted: Wanted, collections: Iterable[Collection]) -> Overview:
    """The articles that fit what is `wanted`, by collection; at most MOST. Two queries.

    `collections` are all there are, in their order. Raises NotAnEditor.
    """
    must_write(reader)
    found = _fitting(wanted).order_by("collection__position", "collection__slug", "position", "id")
    articles = list(found[: MOST + 1])
    shown = articles[:MOST]
    texts: dict[int, dict[str, Translation]] = {}
    for text in with_difference(Translation.objects.filter(article__in=[a.pk for a in shown])):
        texts.setdefault(text.article_id, {})[text.language] = text
    shelves = {collection.pk: Shelf(collection) for collection in collections}
    for article in shown:
        row = Row(article, standings_of(article, texts.get(article.pk, {})))
        if article.collection_id in shelves:
            shelves[article.collection_id].rows.append(row)
    return Overview([s for s in shelves.values() if s.rows], len(articles) > MOST)


def titles_by_path(reader: Membership, language: str, most: int) -> list[tuple[str, str]]:
    """The paths of articles, published or not, and what each is called in `language`, else in any.

    At most so many texts are looked at, by path. One query. Raises NotAnEditor.
    """
    must_write(reader)
    texts = Translation.objects.order_by("article__path")
    titles: dict[str, str] = {}
    for path, code, title in texts.values_list("article__path", "language", "title")[:most]:
        if code == language or path not in titles:
            titles[path] = title
    return list(titles.items())


def with_difference(texts: QuerySet[Translation]) -> QuerySet[Translation]:
    """The texts without their bodies, each with `differs`: whether its draft is not what is published."""
    return texts.annotate(differs=_DIFFERS).only(
        "article_id", "language", "title", "published_id", "follows_id", "helped", "did_not_help",
        "changed_at",
    )  # fmt: skip


def standings_of(article: Article, texts: dict[str, Translation]) -> tuple[Standing, ...]:
    """How `article` stands in each language, from its texts as `with_difference` gives them."""
    first = texts.get(settings.LANGUAGE_CODE)
    return tuple(
        _standing(article, code, texts.get(code), first) for code, _name in settings.LANGUAGES
    )


def _standing(
    article: Article, language: str, text: Translation | None, first: Translation | None
) -> Standing:
    if text is None:
        return Standing(language, "", (State.MISSING,))
    return Standing(
        language,
        text.title,
        tuple(_states(article, text, first)),
        text.helped,
        text.did_not_help,
        text.changed_at,
    )


def _states(article: Article, text: Translation, first: Translation | None) -> Iterable[State]:
    if article.withdrawn_at:
        yield State.WITHDRAWN
        return
    if text.published_id is None:
        yield State.DRAFT
        return
    yield State.CHANGED if text.differs else State.PUBLISHED  # type: ignore[attr-defined]
    if is_outdated(text, first):
        yield State.OUTDATED


def is_outdated(text: Translation, first: Translation | None) -> bool:
    """Whether the first language has been published anew since this text followed it."""
    if first is None or first.published_id is None or text.language == settings.LANGUAGE_CODE:
        return False
    return text.follows_id not in (None, first.published_id)


_DIFFERS = Q(published__isnull=False) & ~Q(
    title=F("published__title"),
    summary=F("published__summary"),
    body=F("published__body"),
    also_asked_as=F("published__also_asked_as"),
)


def _fitting(wanted: Wanted) -> QuerySet[Article]:
    articles = Article.objects.all()
    if wanted.audience == EVERYBODY:
        articles = articles.filter(audience=[])
    elif wanted.audience:
        articles = articles.filter(audience__contains=[wanted.audience])
    texts = Translation.objects.filter(article=OuterRef("pk"))
    if wanted.language:
        texts = texts.filter(language=wanted.language)
    if wanted.words:
        articles = articles.filter(_said(wanted.words))
    return articles.filter(_stands(wanted, texts)) if wanted.state else articles


def _said(words: str) -> Q:
    """Every word stands in the address, or in what is written in one of the languages."""
    fits = Q()
    for word in words.split()[:8]:
        written = (
            Q(title__icontains=word)
            | Q(body__icontains=word)
            | Q(summary__icontains=word)
            | Q(also_asked_as__icontains=word)
        )
        texts = Translation.objects.filter(written, article=OuterRef("pk"))
        fits &= Q(path__icontains=word) | Q(Exists(texts))
    return fits


def _stands(wanted: Wanted, texts: QuerySet[Translation]) -> Q:
    if wanted.state == State.WITHDRAWN:
        return Q(withdrawn_at__isnull=False)
    shown = Q(withdrawn_at=None)
    match wanted.state:
        case State.MISSING:
            return shown & _missing(wanted.language)
        case State.DRAFT:
            return shown & Q(Exists(texts.filter(published=None)))
        case State.PUBLISHED:
            return shown & Q(Exists(texts.filter(published__isnull=False).exclude(_DIFFERS)))
        case State.CHANGED:
            return shown & Q(Exists(texts.filter(_DIFFERS)))
    first = Translation.objects.filter(
        article=OuterRef("article"), language=settings.LANGUAGE_CODE, published__isnull=False
    )
    others = texts.filter(published__isnull=False).exclude(language=settings.LANGUAGE_CODE)
    newest = others.annotate(newest=Subquery(first.values("published")[:1]))
    behind = newest.filter(newest__isnull=False, follows__isnull=False).exclude(follows=F("newest"))
    return shown & Q(Exists(behind))


def _missing(language: str) -> Q:
    codes = [language] if language else [code for code, _name in settings.LANGUAGES]
    missing = Q()
    for code in codes:
        there = Translation.objects.filter(article=OuterRef("pk"), language=code)
        missing |= ~Q(Exists(there))
    return missing
