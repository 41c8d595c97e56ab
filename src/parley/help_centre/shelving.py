"""Collections: making them, naming them in each language, their order, and taking empty ones away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext as _

from parley.conversations.typed import typed_line
from parley.help_centre.events import CollectionsChanged
from parley.help_centre.models import LONGEST_TITLE, Collection, CollectionText
from parley.help_centre.naming import slug_of
from parley.help_centre.roles import must_publish
from parley.journal.recording import record
from parley.parties.models import Membership

ICONS = (
    "rocket", "package", "boxes", "wallet", "receipt", "messages-square", "scale", "undo-2", "truck",
    "file-down", "plug", "shield-check", "key-round", "users", "settings", "store", "chart-line",
    "calendar", "bell", "shield", "circle-question-mark", "book-open", "wrench", "globe", "tag",
)  # fmt: skip
"""What a collection's icon is picked from: names of lucide icons."""
LONGEST_DESCRIPTION = 500
LONGEST_SLUG = 100


class CollectionRefused(ValueError):
    """A collection can't be kept as it was typed. `problems` says why, by field."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


class CollectionNotEmpty(ValueError):
    """There are articles in it; they have to be moved first."""


@dataclass(frozen=True, kw_only=True)
class CollectionTyped:
    """A collection as an editor has typed it: title and description by language, and an icon."""

    titles: Mapping[str, str]
    descriptions: Mapping[str, str] = field(default_factory=dict)
    icon: str = ""


def all_collections() -> QuerySet[Collection]:
    """Every collection in its order, each with `texts` and how many articles lie in it: `size`."""
    counted = Collection.objects.annotate(size=Count("articles"))
    return counted.prefetch_related("texts").order_by("position", "slug")


def collection_to_pick(key: int | None) -> Collection | None:
    """The collection somebody picked, if there is one of that key."""
    return Collection.objects.filter(pk=key).first() if key else None


def add_collection(given: CollectionTyped, *, by: Membership) -> Collection:
    """Add a collection at the end. Raises NotAnEditor and CollectionRefused."""
    must_publish(by)
    titles, descriptions, icon = _checked(given)
    slug = slug_of(titles[settings.LANGUAGE_CODE])[:LONGEST_SLUG]
    with transaction.atomic():
        if Collection.objects.filter(slug=slug).exists():
            raise CollectionRefused(
                {
                    f"title_{settings.LANGUAGE_CODE}": _(
                        "There is a collection of that name already."
                    )
                }
            )
        last = Collection.objects.aggregate(last=Max("position"))["last"]
        position = 0 if last is None else last + 1
        collection = Collection.objects.create(slug=slug, icon=icon, position=position)
        _write_texts(collection, titles, descriptions)
        _tell(collection, "added", {"titles": [None, titles]}, by)
    return collection


def change_collection(key: int, given: CollectionTyped, *, by: Membership) -> Collection:
    """Change what a collection is called, what it says it holds, and its icon; its address stays.

    Raises NotAnEditor, Collection.DoesNotExist and CollectionRefused.
    """
    must_publish(by)
    with transaction.atomic():
        collection = Collection.objects.select_for_update().get(pk=key)
        titles, descriptions, icon = _checked(given, collection.icon)
        before = {text.language: text for text in collection.texts.all()}
        was = {
            "titles": {code: text.title for code, text in before.items()},
            "descriptions": {c: text.description for c, text in before.items() if text.description},
            "icon": collection.icon,
        }
        now_is = {"titles": titles, "descriptions": descriptions, "icon": icon}
        changed = {name: [was[name], now_is[name]] for name in was if was[name] != now_is[name]}
        if changed:
            collection.icon = icon
            collection.save(update_fields=["icon"])
            _write_texts(collection, titles, descriptions)
            _tell(collection, "changed", changed, by)
    return collection


def order_collections(keys: Sequence[int], *, by: Membership) -> None:
    """Put the collections in the order of `keys`; those not named come after. Raises NotAnEditor."""
    must_publish(by)
    with transaction.atomic():
        listed = list(Collection.objects.select_for_update().order_by("position", "slug"))
        place = {key: at for at, key in reversed(list(enumerate(keys)))}
        before = [collection.pk for collection in listed]
        listed.sort(key=lambda collection: place.get(collection.pk, len(keys)))
        after = [collection.pk for collection in listed]
        if before == after:
            return
        for position, collection in enumerate(listed):
            collection.position = position
        Collection.objects.bulk_update(listed, ["position"])
        _tell(listed[0], "moved", {"order": [before, after]}, by)


def remove_collection(key: int, *, by: Membership) -> None:
    """Take an empty collection away.

    Raises NotAnEditor, Collection.DoesNotExist and CollectionNotEmpty.
    """
    must_publish(by)
    with transaction.atomic():
        collection = Collection.objects.select_for_update().get(pk=key)
        if collection.articles.exists():
            raise CollectionNotEmpty
        titles = {text.language: text.title for text in collection.texts.all()}
        _tell(collection, "removed", {"titles": [titles, None]}, by)
        collection.delete()


def _checked(
    given: CollectionTyped, icon_now: str = ""
) -> tuple[dict[str, str], dict[str, str], str]:
    codes = [code for code, _name in settings.LANGUAGES]
    titles = {code: typed_line(given.titles.get(code, "")) for code in codes}
    descriptions = {code: typed_line(given.descriptions.get(code, "")) for code in codes}
    problems: dict[str, str] = {}
    if not titles[settings.LANGUAGE_CODE]:
        problems[f"title_{settings.LANGUAGE_CODE}"] = _(
            "Name it in the first language; that stands in for the others."
        )
    for code in codes:
        if len(titles[code]) > LONGEST_TITLE:
            problems[f"title_{code}"] = _("Keep it under %(most)s characters.") % {
                "most": LONGEST_TITLE
            }
        if descriptions[code] and not titles[code]:
            problems[f"title_{code}"] = _("Give it a name in this language too.")
        if len(descriptions[code]) > LONGEST_DESCRIPTION:
            problems[f"description_{code}"] = _("Keep it under %(most)s characters.") % {
                "most": LONGEST_DESCRIPTION
            }
    if problems:
        raise CollectionRefused(problems)
    # One that came from elsewhere stays until another is picked.
    icon = given.icon if given.icon in (*ICONS, icon_now) else ""
    kept = {code: title for code, title in titles.items() if title}
    return kept, {code: words for code, words in descriptions.items() if words}, icon


def _write_texts(
    collection: Collection, titles: dict[str, str], descriptions: dict[str, str]
) -> None:
    CollectionText.objects.filter(collection=collection).exclude(language__in=titles).delete()
    for code, title in titles.items():
        CollectionText.objects.update_or_create(
            collection=collection,
            language=code,
            defaults={"title": title, "description": descriptions.get(code, "")},
        )


def _tell(collection: Collection, what: str, changed: dict[str, Any], by: Membership) -> None:
    record(CollectionsChanged(collection=collection.pk, what=what, changed=changed), by=by)
