"""Reviewing replies that were held: sending them as their sender's, or telling the sender why not."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from parley.conversations.drafting import add_to_draft, draft_left_alone
from parley.conversations.models import Attachment, Message
from parley.conversations.typed import typed
from parley.guard.events import HeldReplyDeclined, HeldReplyReleased, HeldReplyTakenBack
from parley.guard.models import HeldReply, HeldState
from parley.journal.moment import now
from parley.journal.recording import record
from parley.parties.access import memberships_in_force
from parley.parties.models import Membership
from parley.parties.pinning import hide_pins
from parley.tickets.moving import lock, operator_of
from parley.tickets.replying import Reply, draft_place, reply

LONGEST_REASON = 2_000


class DecidedAlready(Exception):
    """Somebody else has looked at it meanwhile, or its sender has taken it back."""


class SenderGone(Exception):
    """Its sender acts for that company no more, so that nothing is sent as theirs."""


class ReasonRefused(ValueError):
    """There is no reason, or too long a one; says so to the reader."""


def release(held_id: int, *, by: Membership) -> Message:
    """Send it as its sender's, as of now: where the ticket stands now decides what that does.

    Raises PermissionDenied, HeldReply.DoesNotExist, DecidedAlready, SenderGone, and what `reply`
    raises (the ticket has ended, say); then it waits as before.
    """
    with _decided(held_id, HeldState.RELEASED, by) as held:
        sender = memberships_in_force([held.sender_id]).first()
        if sender is None:
            raise SenderGone
        said = Reply(
            text=held.text,
            asks=held.asks,
            attachments=_files_again(held),
            submit_key=held.submit_key,
        )
        with draft_left_alone(sender, draft_place(held.ticket_id)):
            message = reply(held.ticket_id, said, by=sender)
        held.message = message
        seen = _seen(held, by)
        record(
            HeldReplyReleased(ticket=held.ticket_id, seen=seen, held=held.pk, message=message.pk),
            by=by,
        )
    return message


def decline(held_id: int, reason: str, *, by: Membership) -> HeldReply:
    """Don't send it, and tell its sender why; the text stays theirs, to change and send anew.

    Raises PermissionDenied, HeldReply.DoesNotExist, DecidedAlready, ReasonRefused.
    """
    reason = hide_pins(typed(reason).strip(), by=by)
    if not reason:
        raise ReasonRefused(_("Say why, so that they know what to change."))
    if len(reason) > LONGEST_REASON:
        raise ReasonRefused(
            _("Keep the reason under %(most)s characters.") % {"most": LONGEST_REASON}
        )
    with _decided(held_id, HeldState.DECLINED, by) as held:
        held.reason = reason
        _files_again(held)
        record(
            HeldReplyDeclined(
                ticket=held.ticket_id,
                seen=_seen(held, by),
                held=held.pk,
                sender=held.sender.person_id,
            ),
            by=by,
        )
    return held


def take_back(held_id: int, *, by: Membership) -> HeldReply:
    """Put one's own reply back into the draft: one that waits still, or one that was declined.

    Raises HeldReply.DoesNotExist, DecidedAlready (it was sent, or is taken back).
    """
    with transaction.atomic():
        held = HeldReply.objects.select_for_update().get(pk=held_id, sender=by)
        if held.state not in (HeldState.WAITING, HeldState.DECLINED):
            raise DecidedAlready
        files = _files_again(held)
        add_to_draft(by, draft_place(held.ticket_id), held.text, files)
        held.state = HeldState.TAKEN_BACK
        held.decided_at = now()
        held.save(update_fields=["state", "decided_at"])
        ticket = lock(by, held.ticket_id)
        seen = tuple(sorted({by.party_id, operator_of(ticket)}))
        record(HeldReplyTakenBack(ticket=ticket.pk, seen=seen, held=held.pk), by=by)
    return held


@contextmanager
def _decided(held_id: int, state: HeldState, by: Membership) -> Iterator[HeldReply]:
    """The waiting reply, locked; decided and kept once the block has ended well."""
    if not by.is_operator:
        raise PermissionDenied
    with transaction.atomic():
        locked = HeldReply.objects.select_related("sender").select_for_update(of=("self",))
        held = locked.get(pk=held_id)
        if held.state != HeldState.WAITING:
            raise DecidedAlready
        yield held
        held.state, held.decided_by_id, held.decided_at = state, by.person_id, now()
        held.save(update_fields=["state", "decided_by", "decided_at", "reason", "message"])


def _files_again(held: HeldReply) -> list[uuid.UUID]:
    """Its files, from now on its sender's uploads like any others."""
    keys = [uuid.UUID(key) for key in held.attachments]
    # As old as now: an upload that is not sent is thrown away a week later, not at once.
    Attachment.objects.filter(pk__in=keys).update(held=False, created_at=now())
    return keys


def _seen(held: HeldReply, by: Membership) -> tuple[int, ...]:
    return tuple(sorted({held.sender.party_id, by.party_id}))
