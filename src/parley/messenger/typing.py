"""Who is typing in a conversation: known for some seconds, told to the others, kept nowhere."""

from __future__ import annotations

from datetime import timedelta

from parley.conversations.models import Conversation
from parley.journal.moment import now
from parley.journal.telling import tell
from parley.messenger.events import typing_topic
from parley.messenger.models import Typing
from parley.parties.models import Membership

HOLDS_FOR = timedelta(seconds=6)
"""After the last key; a browser says it again every three seconds while somebody types."""


def note_typing(conversation: int, parties: tuple[int, ...], *, by: Membership) -> None:
    """Note that `by` is typing in a conversation they have come to through its door.

    `parties` are those who may know: all that would see what is being written.
    """
    if not Conversation.objects.filter(pk=conversation).exists():
        return
    Typing.objects.bulk_create(
        [Typing(conversation_id=conversation, membership=by, until=now() + HOLDS_FOR)],
        update_conflicts=True,
        unique_fields=["conversation", "membership"],
        update_fields=["until"],
    )
    tell(*(typing_topic(conversation, party) for party in parties))


def stop_typing(conversation: int, *, by: Membership) -> None:
    """What was typed has been sent."""
    Typing.objects.filter(conversation=conversation, membership=by).delete()


def typing_in(conversation: int, reader: Membership) -> list[str]:
    """The names of the others who are typing there now; at most three."""
    others = Typing.objects.filter(conversation=conversation, until__gt=now()).exclude(
        membership__person=reader.person_id
    )
    return list(others.order_by("id").values_list("membership__person__name", flat=True)[:3])
