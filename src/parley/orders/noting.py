"""Notes on an order, for the parties on it (O10)."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from parley.conversations.typed import typed
from parley.journal.recording import record
from parley.orders import events
from parley.orders.models import Order, OrderNote
from parley.orders.moving import consignments_of, lock, seen_by_all, seen_by_part
from parley.parties.models import Membership, PartyKind

LONGEST_NOTE = 2_000


class NoteRefused(ValueError):
    """There is nothing to note, or for nobody on the order; says so to the reader."""


def note(order_id: int, text: str, *, by: Membership, supplier_id: int | None = None) -> OrderNote:
    """Write a note on the order, for all on it, or of its suppliers for that one alone.

    A supplier's note is for the seller and the operator: what the others ship is none of its matter.
    Raises Order.DoesNotExist or NoteRefused.
    """
    text = typed(text).strip()
    if not text:
        raise NoteRefused(_("Write the note first."))
    if len(text) > LONGEST_NOTE:
        raise NoteRefused(_("Keep a note under %(most)s characters.") % {"most": LONGEST_NOTE})
    with transaction.atomic():
        order = lock(order_id, by)
        for_whom, seen = _for_whom(order, by, supplier_id)
        written = OrderNote.objects.create(
            order=order,
            party_id=by.party_id,
            person_id=by.person_id,
            supplier_id=for_whom,
            text=text,
        )
        Order.objects.filter(pk=order.pk).update(notes=F("notes") + 1)
        record(events.OrderNoted(order=order.pk, seen=seen, note=written.pk), by=by)
    return written


def _for_whom(
    order: Order, by: Membership, supplier_id: int | None
) -> tuple[int | None, tuple[int, ...]]:
    """The one supplier who may read it, and the ids of all parties who may."""
    if by.party.kind == PartyKind.SUPPLIER:
        supplier_id = by.party_id
    if supplier_id is None:
        return None, seen_by_all(order)
    for part in consignments_of(order):
        if part.supplier_id == supplier_id:
            return supplier_id, seen_by_part(order, part)
    raise NoteRefused(_("Pick a supplier of this order."))
