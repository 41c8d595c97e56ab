"""Drafts that several people may write at: nobody's words go unseen, and none are lost.

What a page was given to change has a `token`, told by when the draft was last changed. Who saves a
text says which one they had seen; if there is another one by now, theirs waits until they have said
what becomes of it. A text that gives way is kept in the journal, whole (`TextSetAside`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction

from parley.help_centre.events import ArticleRemoved, TextSetAside
from parley.help_centre.models import Article, Collection, Translation, Version
from parley.help_centre.naming import slug_of
from parley.help_centre.roles import must_write
from parley.help_centre.writing import Written, add_article, checked, keep_draft
from parley.journal.access import entries_of
from parley.journal.models import Entry
from parley.journal.recording import record
from parley.parties.models import Membership, Person

LONGEST_SLUG = 90
"""Characters of an address that is made of a title."""


class DraftMoved(Exception):
    """Somebody has changed the draft since it was seen: `theirs` is how it stands now, None: gone."""

    def __init__(self, theirs: Translation | None) -> None:
        super().__init__("the draft has changed since")
        self.theirs = theirs


@dataclass(frozen=True)
class SetAside:
    """A text that gave way to another: in which way, when, and at whose hands. `key` names it."""

    key: int
    why: str
    at: datetime
    who: str
    written: Written


def token_of(draft: Translation | None) -> str:
    """What tells this state of a draft from any other; empty when there is none yet."""
    return draft.changed_at.isoformat() if draft else ""


def written_in(text: Translation | Version) -> Written:
    """What a draft or a version says."""
    return Written(
        title=text.title,
        summary=text.summary,
        body=text.body,
        also_asked_as=list(text.also_asked_as),
    )


def save_draft(
    article: Article,
    language: str,
    written: Written,
    *,
    seen: str,
    instead: bool = False,
    by: Membership,
) -> Translation:
    """Keep a draft by somebody who had `seen` the one with that token.

    With `instead`, that one is set aside for this. Raises NotAnEditor, TextRefused, and DraftMoved
    when there is another text by now; one that says the same is no matter.
    """
    must_write(by)
    with transaction.atomic():
        draft = locked_draft(article, language)
        if token_of(draft) != seen:
            if draft is None or not _says_the_same(draft, written):
                raise DraftMoved(draft)
            return draft
        if instead and draft is not None:
            set_aside(article, language, written_in(draft), "replaced", draft.changed_by_id, by=by)
        return keep_draft(article, language, written, by=by)


def begin_article(
    collection: Collection, language: str, written: Written, *, by: Membership
) -> Article:
    """Begin an article: its address is made of its title, in the collection's.

    Raises NotAnEditor, TextRefused, PathUnfit and PathTaken.
    """
    must_write(by)
    slug = slug_of(written.title)[:LONGEST_SLUG].strip("-")
    with transaction.atomic():
        path = f"{collection.slug}/{slug}" if collection.slug else slug
        article = add_article(path, by=by)
        keep_draft(article, language, written, by=by)
    return article


def locked_draft(article: Article, language: str) -> Translation | None:
    """The draft, which nobody else changes until the transaction ends."""
    Article.objects.select_for_update().get(pk=article.pk)
    return Translation.objects.filter(article=article, language=language).first()


def set_aside(
    article: Article,
    language: str,
    written: Written,
    why: str,
    whose: int | None,
    *,
    by: Membership,
) -> None:
    """Keep a text that gives way to another in the journal."""
    event = TextSetAside(
        article=article.pk,
        language=language,
        why=why,
        whose=whose,
        title=written.title,
        summary=written.summary,
        body=written.body,
        also_asked_as=tuple(written.also_asked_as),
    )
    with transaction.atomic():
        record(event, by=by)


def give_way(article: Article, language: str, written: Written, *, by: Membership) -> None:
    """One's own text, not saved yet, gives way to the other's: it is set aside.

    Raises NotAnEditor and TextRefused.
    """
    must_write(by)
    set_aside(article, language, checked(written), "replaced", by.person_id, by=by)


def set_aside_texts(article: Article, language: str) -> list[SetAside]:
    """The texts of an article in a language that gave way to others, the latest first; at most 50."""
    entries = entries_of(f"article:{article.pk}", [TextSetAside.__name__])
    found = list(entries.filter(data__language=language).order_by("-id")[:50])
    people = Person.objects.filter(pk__in=[entry.person_id for entry in found])
    names = dict(people.values_list("pk", "name"))
    return [_from_entry(entry, names.get(entry.person_id or 0, "")) for entry in found]


def old_text(article: Article, language: str, number: int) -> Written | None:
    """What the version of that number said; None: there is none."""
    numbered = Version.objects.filter(translation__article=article, translation__language=language)
    version = numbered.filter(number=number).first()
    return written_in(version) if version else None


def discard_draft(article: Article, language: str, *, by: Membership) -> bool:
    """Throw away what is not published: the draft says again what readers see, or saw last.

    One that never was published goes; an article left without any text goes with it, and False is
    given. The text is set aside. Raises NotAnEditor and Translation.DoesNotExist.
    """
    must_write(by)
    with transaction.atomic():
        draft = locked_draft(article, language)
        if draft is None:
            raise Translation.DoesNotExist
        set_aside(article, language, written_in(draft), "discarded", draft.changed_by_id, by=by)
        shown = draft.published or draft.versions.order_by("-number").first()
        if shown is not None:
            keep_draft(article, language, written_in(shown), by=by)
            return True
        draft.delete()
        if article.translations.exists():
            return True
        _remove(article, by)
    return False


def restore_text(
    article: Article, language: str, written: Written, *, by: Membership
) -> Translation:
    """Make an old text the draft; what the draft says that nobody published is set aside.

    Raises NotAnEditor.
    """
    must_write(by)
    with transaction.atomic():
        draft = locked_draft(article, language)
        if draft is not None and not _says_the_same(draft, written) and is_changed(draft):
            set_aside(article, language, written_in(draft), "restored", draft.changed_by_id, by=by)
        return keep_draft(article, language, written, by=by)


def is_changed(draft: Translation) -> bool:
    """Whether a draft says anything that is not published."""
    return draft.published is None or written_in(draft) != written_in(draft.published)


def _remove(article: Article, by: Membership) -> None:
    for stored_as in article.images.values_list("stored_as", flat=True):
        transaction.on_commit(partial(default_storage.delete, stored_as))
    record(ArticleRemoved(article=article.pk, path=article.path), by=by)
    article.delete()


def _says_the_same(draft: Translation, written: Written) -> bool:
    return written_in(draft) == checked(written)


def _from_entry(entry: Entry, who: str) -> SetAside:
    data = entry.data
    written = Written(
        title=data["title"],
        summary=data["summary"],
        body=data["body"],
        also_asked_as=list(data["also_asked_as"]),
    )
    return SetAside(entry.pk, data["why"], entry.at, who, written)
