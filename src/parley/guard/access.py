"""The doors to flags and to what is held."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from django.db.models import Exists, OuterRef, Q, QuerySet

from parley.conversations.models import Attachment
from parley.guard.models import Flag, HeldReply, HeldState
from parley.parties.models import Membership
from parley.postgres.questions import Given, Question

NOT_DONE_WITH = (HeldState.WAITING, HeldState.DECLINED)


def held_waiting() -> QuerySet[HeldReply]:
    """What waits to be looked at, the longest first. For the operator's people."""
    waiting = HeldReply.objects.filter(state=HeldState.WAITING)
    return waiting.select_related(
        "ticket__opener", "ticket__counterparty", "sender__person", "sender__party"
    ).order_by("id")


def files_held(replies: Iterable[HeldReply]) -> dict[int, list[Attachment]]:
    """The files of held replies that came through their door, by the reply's id."""
    keys = {key: held.pk for held in replies for key in held.attachments}
    found: dict[int, list[Attachment]] = {}
    for file in Attachment.objects.filter(pk__in=keys).order_by("created_at") if keys else ():
        found.setdefault(keys[str(file.pk)], []).append(file)
    return found


def held_decided() -> QuerySet[HeldReply]:
    """What became of those that were looked at, or taken back, the latest first; for the same."""
    decided = HeldReply.objects.filter(~Q(state=HeldState.WAITING))
    return decided.select_related(
        "ticket", "sender__person", "sender__party", "decided_by"
    ).order_by("-decided_at", "-id")


def own_held(reader: Membership, ticket_id: int) -> QuerySet[HeldReply]:
    """The reader's own replies on a ticket that wait, or that were declined and not taken back."""
    return HeldReply.objects.filter(
        sender=reader, ticket=ticket_id, state__in=NOT_DONE_WITH
    ).order_by("id")


def has_held(reader: Membership) -> Exists:
    """Whether the reader has such on a side's ticket: an expression on sides, for a ticket's row.

    `reader` may be the one of a question (`parties.access.any_reader`).
    """
    return Exists(
        HeldReply.objects.filter(
            ticket=OuterRef("ticket"),
            sender__person=reader.person_id,
            sender__party=reader.party_id,
            state__in=NOT_DONE_WITH,
        )
    )


def flags_of(conversation_id: int) -> list[Flag]:
    """The flags on what was said in a conversation, the newest first. For the operator's people."""
    return _flags().ask(conversation=conversation_id)


@cache
def _flags() -> Question[Flag]:
    flags = Flag.objects.filter(message__conversation=Given("conversation"))
    return Question(flags.select_related("message__person", "message__party").order_by("-message"))


def flags_newest_first() -> QuerySet[Flag]:
    """All flags, with their messages and tickets. For the operator's people."""
    return Flag.objects.select_related(
        "message__person", "message__party", "message__conversation__ticket"
    ).order_by("-at", "-message")
