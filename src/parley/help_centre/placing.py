"""For whom an article is, what it is related to, and where it stands among the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from parley.help_centre.events import ArticleChanged
from parley.help_centre.models import Article
from parley.help_centre.roles import must_publish
from parley.journal.recording import record
from parley.parties.models import COMPANIES, Membership

MOST_POSITION = 100_000
MOST_RELATED = 20
AUDIENCES = tuple(kind for kind in COMPANIES)
"""The kinds of party that an article can be for; for nobody in particular, it is for everybody."""


@dataclass(frozen=True, kw_only=True)
class Placed:
    """`audience`: kinds of party, none for everybody; `related`: paths; `position`: from the top."""

    audience: Sequence[str] = ()
    related: Sequence[str] = ()
    position: int = 0


def place(article: Article, placed: Placed, *, by: Membership) -> Article:
    """Change for whom an article is, what it is related to, and where it stands in its collection.

    Kinds of party that there are not, and articles that there are not, are passed over. Raises
    NotAnEditor.
    """
    must_publish(by)
    with transaction.atomic():
        locked = Article.objects.select_for_update().get(pk=article.pk)
        wanted: dict[str, Any] = {
            "audience": [str(kind) for kind in AUDIENCES if kind in placed.audience],
            "related": _known(placed.related, locked),
            "position": max(0, min(MOST_POSITION, placed.position)),
        }
        changed = {
            name: [getattr(locked, name), value]
            for name, value in wanted.items()
            if getattr(locked, name) != value
        }
        if changed:
            for name, value in wanted.items():
                setattr(locked, name, value)
            locked.save(update_fields=list(wanted))
            record(ArticleChanged(article=locked.pk, changed=changed), by=by)
    return locked


def _known(paths: Sequence[str], article: Article) -> list[str]:
    """The paths in their order, each once, without those of no article and its own."""
    wanted = list(dict.fromkeys(paths))[:MOST_RELATED]
    there = set(Article.objects.filter(path__in=wanted).values_list("path", flat=True))
    # What an import named before it was there stays until somebody takes it out.
    kept = there | set(article.related)
    return [path for path in wanted if path in kept and path != article.path]
