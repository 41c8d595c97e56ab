"""Articles for the tests of the help centre."""

from __future__ import annotations

from cast import Cast
from parley.help_centre.models import Article
from parley.help_centre.writing import Written, add_article, keep_draft, publish


def article(
    cast: Cast,
    path: str = "orders/ship-an-order",
    title: str = "Ship an order",
    body: str = "Click **Ship**.",
    *,
    audience: tuple[str, ...] = (),
    summary: str = "",
    also: tuple[str, ...] = (),
) -> Article:
    """An article that is published in English."""
    made = add_article(path, audience=audience, by=cast.admin)
    translate(cast, made, "en", title, body, summary=summary, also=also)
    return made


def translate(
    cast: Cast,
    made: Article,
    language: str,
    title: str,
    body: str = "",
    *,
    summary: str = "",
    also: tuple[str, ...] = (),
) -> None:
    """Publish a text of the article in a language, anew if there is one."""
    written = Written(title=title, body=body, summary=summary, also_asked_as=also)
    publish(keep_draft(made, language, written, by=cast.admin), by=cast.admin)
