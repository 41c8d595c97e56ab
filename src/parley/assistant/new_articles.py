"""Placing a new draft: an address that nobody has, in the collection of what is nearest to it."""

from __future__ import annotations

from collections.abc import Sequence

from parley.assistant.retrieving import retrieve
from parley.help_centre.addressing import collection_of
from parley.help_centre.models import Article
from parley.help_centre.naming import slug_of
from parley.help_centre.writing import PathTaken, Written, add_article, keep_draft
from parley.parties.models import Membership

LONGEST_SLUG = 60
MOST_TRIES = 50


def draft_article(
    written: Written, language: str, *, audience: Sequence[str] = (), by: Membership
) -> Article:
    """A new article with `written` as its draft in `language`; nothing of it is published.

    Call it inside a transaction. Raises NotAnEditor and TextRefused.
    """
    article = _add(_folder(written.title, language, by), slug_of(written.title), audience, by)
    keep_draft(article, language, written, by=by)
    return article


def _add(folder: str, slug: str, audience: Sequence[str], by: Membership) -> Article:
    """The article at the first address of its kind that is free."""
    short = slug[:LONGEST_SLUG].rsplit("-", 1)[0] if len(slug) > LONGEST_SLUG else slug
    for number in range(1, MOST_TRIES):
        name = short if number == 1 else f"{short}-{number}"
        try:
            return add_article(f"{folder}/{name}" if folder else name, audience=audience, by=by)
        except PathTaken:
            continue
    raise PathTaken(slug)


def _folder(title: str, language: str, by: Membership) -> str:
    hits = retrieve(title, language=language, reader=by).hits
    return collection_of(hits[0].path) if hits else ""
