"""The help centre inside the messenger: what to begin with, searching, and reading an article."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import translation
from django.utils.translation import gettext as _

from parley.help_centre.finding import search
from parley.help_centre.missing import note_missed
from parley.help_centre.opining import give_opinion
from parley.help_centre.reading import Link, all_shelves, popular, read
from parley.messenger.limiting import OPINIONS_OF_ADDRESS, SEARCHES_OF_ADDRESS, spend
from parley.messenger.listing import recent_of
from parley.messenger.presence import someone_is_there
from parley.messenger.visiting import digest_of
from parley.web.chat import shapes
from parley.web.chat.doors import Answer, Asking, address, nothing
from parley.web.chat.problems import Problem

RECENT = 3
SUGGESTED = 4
FOUND = 6
LONGEST_SEARCH = 200


def _home(asking: Asking) -> Answer:
    reader = asking.reader
    return {
        "recent": [shapes.listed(row, reader) for row in recent_of(reader, RECENT)]
        if reader
        else [],
        "suggested": _links(popular(reader, _language(), SUGGESTED)),
        "online": someone_is_there(),
    }


def _search(asking: Asking) -> Answer:
    spend("search", asking.address, SEARCHES_OF_ADDRESS)
    text = asking.request.GET.get("q", "")[:LONGEST_SEARCH]
    found = search(asking.reader, text, _language(), FOUND)
    if not found and asking.request.GET.get("settled") == "1":
        # They have stopped typing: an article that may be missing.
        note_missed(text, _language())
    return {
        "articles": [
            {
                "path": one.path,
                "title": one.title,
                "summary": one.summary,
                "snippet_html": str(one.snippet),
                "url": one.address,
            }
            for one in found
        ]
    }


def _shelves(asking: Asking) -> Answer:
    reader, language = asking.reader, _language()
    return {
        "collections": [
            {
                "path": shelf.slug,
                "title": shelf.title,
                "description": shelf.description,
                "url": shelf.address,
                "articles": _links(links),
            }
            for shelf, links in all_shelves(reader, language)
        ]
    }


def _article(asking: Asking, path: str) -> Answer:
    found = read(asking.reader, _language(), path)
    if found is None:
        raise Problem(404, _("There is nothing here."))
    return {
        "path": found.article.path,
        "title": found.version.title,
        "html": found.version.html,
        "language": found.language,
        "is_fallback": found.is_fallback,
        "url": found.address,
        "related": _links(found.related),
    }


def _opinion(asking: Asking, path: str) -> Answer:
    spend("opinion", asking.address, OPINIONS_OF_ADDRESS)
    reader = asking.reader
    found = read(reader, _language(), path)
    if found is None:
        raise Problem(404, _("There is nothing here."))
    helped = asking.body.fields.get("helped")
    if not isinstance(helped, bool):
        raise Problem(422, _("The request is not right yet."), field="helped")
    assert asking.caller is not None
    give_opinion(
        found.article.path,
        found.language,
        helped=helped,
        reason=asking.body.text("reason"),
        by=reader,
        stranger="" if reader else digest_of(asking.caller),
    )
    return nothing()


def _links(links: Iterable[Link]) -> list[shapes.Shape]:
    return [
        {"path": one.path, "title": one.title, "summary": one.summary, "url": one.address}
        for one in links
    ]


def _language() -> str:
    return translation.get_language() or "en"


home = address(GET=_home)
searching = address(GET=_search)
shelving = address(GET=_shelves)
article = address(GET=_article)
opinion = address(POST=_opinion)
