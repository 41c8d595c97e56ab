"""An article, and what readers told of it, for the addresses where articles are written."""

from __future__ import annotations

from collections.abc import Callable

from cast import Cast
from parley.help_centre.drafting import begin_article
from parley.help_centre.models import Article, MissedSearch
from parley.help_centre.shelving import CollectionTyped, add_collection
from parley.help_centre.writing import Written, publish


def article(cast: Cast, title: str = "Ship an order") -> Article:
    """An article that is published in English, in a collection of its own."""
    shelf = add_collection(CollectionTyped(titles={"en": f"About: {title}"}), by=cast.lead)
    written = Written(title=title, body="1. Open **Orders**.\n2. Click **Ship**.")
    made = begin_article(shelf, "en", written, by=cast.agent)
    publish(made.translations.get(), by=cast.lead)
    return made


def written(cast: Cast) -> dict[str, Callable[[str], str]]:
    """What stands in the addresses of the desk's help centre."""
    made = article(cast)
    missed = MissedSearch.objects.create(words="send a parcel", language="en")
    return {
        "<int:article>": lambda name: str(made.pk),
        "<slug:language>": lambda name: "en",
        "<int:collection>": lambda name: str(made.collection_id),
        "<int:missed>": lambda name: str(missed.pk),
    }
