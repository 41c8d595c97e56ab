"""The operator's list of tags: making, renaming, colouring, switching off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext as _

from parley.conversations.typed import typed_line
from parley.journal.recording import record
from parley.parties.models import Membership
from parley.postgres.waiting import one_at_a_time
from parley.tickets.events import TagsChanged
from parley.tickets.models import Tag, TagColour, Tagging

LONGEST = 40


class TagRefused(ValueError):
    """A tag can't be called or coloured so; the text says why, to the reader."""


@dataclass(frozen=True, kw_only=True)
class TagTyped:
    """A tag as the operator has typed it."""

    name: str
    colour: str = TagColour.SLATE.value
    active: bool = True


def tags() -> QuerySet[Tag]:
    """The tags that can be put on now, by name."""
    return Tag.objects.filter(active=True).order_by(Lower("name"))


def all_tags() -> QuerySet[Tag]:
    """Those switched off as well, each with `used`: how many tickets have it."""
    used = Tagging.objects.filter(tag=OuterRef("pk")).order_by().values("tag")
    counted = Subquery(used.annotate(count=Count("id")).values("count"))
    return Tag.objects.annotate(used=Coalesce(counted, 0)).order_by(Lower("name"))


def tag_named(name: str) -> Tag | None:
    """The tag of that name, whatever its letters' case."""
    return Tag.objects.filter(name__iexact=typed_line(name)).first()


def add_tag(given: TagTyped, *, by: Membership) -> Tag:
    """Make a tag. Raises PermissionDenied or TagRefused."""
    with transaction.atomic():
        name = _checked(given, by)
        tag = Tag.objects.create(name=name, colour=given.colour, active=given.active)
        now = {"name": [None, name], "colour": [None, given.colour]}
        record(TagsChanged(tag=tag.pk, what="added", changed=now), by=by)
    return tag


def change_tag(key: int, given: TagTyped, *, by: Membership) -> Tag:
    """Rename a tag, colour it, switch it off or on: tickets keep it all the while.

    Raises PermissionDenied, Tag.DoesNotExist or TagRefused.
    """
    with transaction.atomic():
        tag = Tag.objects.select_for_update().get(pk=key)
        wanted = {"name": _checked(given, by, key), "colour": given.colour, "active": given.active}
        changed: dict[str, Any] = {
            field: [getattr(tag, field), value]
            for field, value in wanted.items()
            if getattr(tag, field) != value
        }
        if not changed:
            return tag
        for field, value in wanted.items():
            setattr(tag, field, value)
        tag.save()
        record(TagsChanged(tag=tag.pk, what="changed", changed=changed), by=by)
    return tag


def _checked(given: TagTyped, by: Membership, key: int | None = None) -> str:
    """The name to keep."""
    if not by.is_operator:
        raise PermissionDenied
    name = typed_line(given.name)
    if not name:
        raise TagRefused(_("Give the tag a name."))
    if len(name) > LONGEST:
        raise TagRefused(_("Keep a tag under %(most)s characters.") % {"most": LONGEST})
    if given.colour not in TagColour.values:
        raise TagRefused(_("Pick one of the colours."))
    one_at_a_time("name-of-tag")
    if Tag.objects.filter(name__iexact=name).exclude(pk=key or 0).exists():
        raise TagRefused(_("There is a tag called %(name)s already.") % {"name": name})
    return name
