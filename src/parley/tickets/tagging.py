"""Putting tags on tickets, and taking them off; the operator's people alone do and see this."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import OuterRef
from django.db.models.functions import JSONObject, Lower

from parley.journal.recording import record
from parley.parties.models import Membership
from parley.tickets.events import TicketTagged
from parley.tickets.models import Tag, Tagging, Ticket
from parley.tickets.moving import lock, operator_of


class TagUnknown(ValueError):
    """There is no such tag, or it is put on no more."""


def put_tag(ticket_id: int, tag_id: int, *, by: Membership) -> bool:
    """Put a tag on; whether it was not on already.

    Raises Ticket.DoesNotExist, PermissionDenied or TagUnknown.
    """
    return _change(ticket_id, tag_id, by, on=True)


def take_tag(ticket_id: int, tag_id: int, *, by: Membership) -> bool:
    """Take a tag off; whether it was on. Raises as `put_tag`, but takes off any tag there is."""
    return _change(ticket_id, tag_id, by, on=False)


def _change(ticket_id: int, tag_id: int, by: Membership, *, on: bool) -> bool:
    if not by.is_operator:
        raise PermissionDenied
    with transaction.atomic():
        ticket = lock(by, ticket_id)
        tag = Tag.objects.filter(pk=tag_id).first()
        if tag is None or (on and not tag.active):
            raise TagUnknown(tag_id)
        if not _keep(ticket, tag, on=on):
            return False
        event = TicketTagged(
            ticket=ticket.pk, seen=(operator_of(ticket),), tag=tag.pk, name=tag.name, on=on
        )
        record(event, by=by)
    return True


def _keep(ticket: Ticket, tag: Tag, *, on: bool) -> bool:
    if on:
        return Tagging.objects.get_or_create(ticket=ticket, tag=tag)[1]
    return bool(Tagging.objects.filter(ticket=ticket, tag=tag).delete()[0])


def tags_of(ticket_id: int) -> Sequence[Tag]:
    """The tags on a ticket, by name, in one query. For the operator's people."""
    taggings = Tagging.objects.filter(ticket=ticket_id).select_related("tag")
    return [tagging.tag for tagging in taggings.order_by(Lower("tag__name"))]


def tags_on_row(ticket: str = "ticket") -> ArraySubquery:
    """The tags of a row's ticket (reached by `ticket`), each as `name` and `colour`."""
    taggings = Tagging.objects.filter(ticket=OuterRef(ticket)).order_by(Lower("tag__name"))
    return ArraySubquery(taggings.values(told=JSONObject(name="tag__name", colour="tag__colour")))
