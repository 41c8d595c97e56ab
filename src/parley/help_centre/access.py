"""The one door to articles: published ones for those they are meant for, all of them for editors."""

from __future__ import annotations

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When

from parley.help_centre.addressing import first_language
from parley.help_centre.models import Article, Collection, Image, Translation
from parley.help_centre.roles import may_write
from parley.parties.models import Membership


def meant_for(reader: Membership | None, prefix: str = "") -> Q:
    """The condition on articles (reached by `prefix`, such as `article__`) that they are for `reader`.

    That they are published is another matter. None is a stranger; the operator reads everything.
    """
    if reader is not None and reader.is_operator:
        return Q()
    everybody = Q(**{f"{prefix}audience": []})
    if reader is None:
        return everybody
    return everybody | Q(**{f"{prefix}audience__contains": [reader.party.kind]})


def articles_visible_to(reader: Membership | None) -> QuerySet[Article]:
    """The articles that are published in some language, not withdrawn, and meant for `reader`."""
    published = Translation.objects.filter(article=OuterRef("pk"), published__isnull=False)
    return Article.objects.filter(meant_for(reader), Exists(published), withdrawn_at=None)


def texts_visible_to(reader: Membership | None) -> QuerySet[Translation]:
    """The published texts, in every language, of the articles `reader` may see."""
    return Translation.objects.filter(
        meant_for(reader, "article__"), article__withdrawn_at=None, published__isnull=False
    )


def texts_read_in(reader: Membership | None, language: str) -> QuerySet[Translation]:
    """Of every article `reader` may see the one text to show: in `language`, or what stands in for it.

    In the order of the articles' keys. Each has its `article` and `published` at hand, without what is
    long in them.
    """
    own = Case(When(language=language, then=0), When(language=first_language(), then=1), default=2)
    return (
        texts_visible_to(reader)
        .select_related("article", "published")
        .defer("body", "words", "header", "published__body", "published__html", "published__text")
        .order_by("article_id", own, "language")
        .distinct("article_id")
    )


def editable_articles(reader: Membership) -> QuerySet[Article]:
    """Every article, published or not, for those who write them; nothing for anybody else."""
    return Article.objects.all() if may_write(reader) else Article.objects.none()


def collections_in_order() -> QuerySet[Collection]:
    """All collections in their order; which articles in them one may read is the articles' matter."""
    return Collection.objects.order_by("position", "slug")


def image_visible_to(reader: Membership | None, image_id: int) -> Image | None:
    """A picture of an article that `reader` may read, or edit."""
    images = Image.objects.select_related("article").filter(pk=image_id)
    if reader is not None and may_write(reader):
        return images.first()
    return images.filter(article__in=articles_visible_to(reader)).first()
