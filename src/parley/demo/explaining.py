"""The demo's help centre: the articles under `help/`, and what readers thought of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from parley.demo.casting import Actor, Cast
from parley.demo.reading_content import content
from parley.help_centre.folder import read_article
from parley.help_centre.front_matter import straight
from parley.help_centre.importing import import_folder
from parley.help_centre.missing import note_missed
from parley.help_centre.models import Article
from parley.help_centre.opining import give_opinion
from parley.help_centre.reading import read
from parley.help_centre.writing import Written, add_article, keep_draft, publish, unpublish
from parley.journal.moment import at
from parley.journal.recording import without_later
from parley.parties.models import Membership

FOLDER = Path(__file__).parent / "help"
WRITTEN = timedelta(days=75)
REVISED = timedelta(days=4)
"""Since when some English articles say more than their translations."""
OPINIONS = 140


def explain(cast: Cast, moment: datetime, rng: Random) -> None:
    """Write the help centre, in both languages, and let readers say what they think of it.

    Some translations are outdated, and some are still drafts, so that the marks are seen. Where there
    are articles already, somebody has taken them in before the demo's first start: they stay alone.
    """
    if Article.objects.exists():
        return
    editor = _editor(cast)
    script = content("help")
    with without_later():
        with at(moment - WRITTEN):
            for path in script["outdated"]:
                _write_shorter(path, editor)
            import_folder(FOLDER / "ru", "ru", by=editor)
        with at(moment - REVISED):
            import_folder(FOLDER / "en", "en", by=editor)
            for path in script["untranslated"]:
                _take_back(path, editor)
        _hear(cast, moment, rng, script)


def _editor(cast: Cast) -> Membership:
    return next(a.membership for a in cast.operator.people if a.person.role == "admin")


def _write_shorter(path: str, editor: Membership) -> None:
    """Publish an article as it was before its last part was written."""
    text = straight((FOLDER / "en" / f"{path}.md").read_text(encoding="utf-8"))
    file = read_article(path, ".md", text)
    written = Written(
        title=file.title,
        summary=file.summary,
        body=file.body.rpartition("\n\n")[0],
        also_asked_as=file.also_asked_as,
    )
    article = add_article(path, audience=file.audience or (), by=editor)
    publish(keep_draft(article, "en", written, by=editor), by=editor)


def _take_back(path: str, editor: Membership) -> None:
    article = Article.objects.get(path=path)
    unpublish(article.translations.select_related("article").get(language="ru"), by=editor)


def _hear(cast: Cast, moment: datetime, rng: Random, script: dict[str, object]) -> None:
    readers = [
        a for company in cast.companies for a in company.people if not a.membership.is_operator
    ]
    paths = sorted(Article.objects.values_list("path", flat=True))
    for _number in range(OPINIONS):
        with at(moment - timedelta(hours=rng.randrange(1, int(REVISED.total_seconds() // 3600)))):
            _say(rng.choice(readers), rng.choice(paths), rng, script)
    missed = script["missed"]
    assert isinstance(missed, list)
    for one in missed:
        for _time in range(one["times"]):
            with at(moment - timedelta(minutes=rng.randrange(5, 20_000))):
                note_missed(one["words"], one["language"])


def _say(who: Actor, path: str, rng: Random, script: dict[str, object]) -> None:
    reading = read(who.membership, who.person.language, path)
    if reading is None:
        return
    helped = rng.random() < 0.8
    reasons = script["reasons"]
    assert isinstance(reasons, dict)
    said: Sequence[str] = reasons[reading.language]
    reason = "" if helped or rng.random() < 0.5 else rng.choice(said)
    give_opinion(path, reading.language, helped=helped, reason=reason, by=who.membership)
