"""Who comes in where articles are written, and which article an address names."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404

from parley.assistant.drafting import drafted_from
from parley.help_centre.access import editable_articles
from parley.help_centre.models import Article, Translation
from parley.help_centre.roles import may_publish, may_write
from parley.parties.models import Membership
from parley.web.reader import View, only_for


def writers_only(view: View) -> View:
    """The view is for those who write articles; for anybody else it does not exist."""
    return only_for(may_write, view)


def publishers_only(view: View) -> View:
    """The view is for those who may change what readers see."""
    return only_for(may_publish, view)


def article_of(reader: Membership, key: int) -> Article:
    """The article of that key, with its collection, and the `ticket` it was drafted from. Raises Http404."""
    articles = editable_articles(reader).select_related("collection")
    found = articles.annotate(ticket=drafted_from()).filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def must_be_a_language(code: str) -> None:
    """Raises Http404 for one that articles are not written in."""
    if code not in dict(settings.LANGUAGES):
        raise Http404


def texts_of(article: Article) -> dict[str, Translation]:
    """What is written of an article, by language, with what is published of it."""
    found = article.translations.select_related("published", "changed_by")
    return {text.language: text for text in found.defer("words", "phrases", "header")}
