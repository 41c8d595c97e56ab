"""What the addresses about the assistant can name: an article to write, and a way somebody asked."""

from __future__ import annotations

from collections.abc import Callable

from assistant.asked import asked
from cast import Cast
from parley.assistant.gathering import gather
from parley.assistant.models import Gap, Helped, Outcome, Question, Wording
from parley.help_centre.models import Article, Collection


def known(cast: Cast) -> dict[str, Callable[[str], str]]:
    """The words of those addresses."""
    return {
        "<int:gap>": lambda name: str(gap(cast).pk),
        "<int:question>": lambda name: str(wording(cast).pk),
    }


def gap(cast: Cast) -> Gap:
    """An article that is to be written."""
    if not Gap.objects.exists():
        asked(cast.seller, "Can you do gift wrapping?")
        gather()
    return Gap.objects.earliest("pk")


def wording(cast: Cast) -> Wording:
    """How somebody asked who was helped, and nobody has decided on it yet."""
    if found := Wording.objects.first():
        return found
    shelf, _new = Collection.objects.get_or_create(slug="")
    article, _new = Article.objects.get_or_create(path="late-parcels", collection=shelf)
    question: Question = asked(
        cast.seller, "My parcel never came", outcome=Outcome.ANSWER, helped=Helped.SAID
    )
    return Wording.objects.create(
        question=question, article=article, language="en", text="My parcel never came"
    )
