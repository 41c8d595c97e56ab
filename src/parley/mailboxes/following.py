"""What becomes of a mail that the guard held follows what is decided about its words."""

from __future__ import annotations

from parley.conversations.models import Message
from parley.guard.events import HeldReplyDeclined, HeldReplyReleased, HeldReplyTakenBack
from parley.guard.models import HeldReply
from parley.journal.events import Event
from parley.journal.models import Entry
from parley.mailboxes.identity import submit_key_of
from parley.mailboxes.models import Outcome, RawMail
from parley.mailboxes.reasons import GUARD, reason
from parley.mailboxes.rereading import meaning_of
from parley.mailboxes.writing import keep_beside
from parley.parties.models import Membership

MOST = 200
"""Held mails of one person that are looked through."""


def follow_held(event: Event, entry: Entry) -> None:
    """React later to a held reply that was released, declined or taken back, should it be a mail's."""
    assert isinstance(event, (HeldReplyReleased, HeldReplyDeclined, HeldReplyTakenBack))
    held = HeldReply.objects.select_related("sender__person", "message").get(pk=event.held)
    mail = _mail_of(held)
    if mail is None:
        return
    if isinstance(event, HeldReplyReleased) and held.message is not None:
        _written(mail, held.message, held.sender)
    else:
        why = reason(GUARD, ticket=held.ticket_id)
        RawMail.objects.filter(pk=mail.pk).update(outcome=Outcome.DECLINED, reason=why)


def _mail_of(held: HeldReply) -> RawMail | None:
    mails = RawMail.objects.filter(person=held.sender.person_id, outcome=Outcome.HELD)
    for mail in mails.order_by("-id")[:MOST]:
        if submit_key_of(mail.identity) == held.submit_key:
            return mail
    return None


def _written(mail: RawMail, message: Message, by: Membership) -> None:
    RawMail.objects.filter(pk=mail.pk).update(outcome=Outcome.POSTED)
    understood = meaning_of(mail)
    if understood is not None:
        keep_beside(mail, message, understood, by)
