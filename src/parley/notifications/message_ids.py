"""The Message-IDs of mails: the same mail has the same one, however often it is sent.

All mails of a ticket hang on one root, which no mail has itself: mail clients thread by it
whichever of the mails they have.
"""

from __future__ import annotations

from parley.notifications.addresses import mail_host
from parley.notifications.models import Fate, Mail, Notice, Way

MOST_REFERENCES = 10
"""Mails before, named in References besides the root (RFC 5322 asks for no more than fit)."""


def notice_message_id(notice_id: int, ticket_id: int) -> str:
    """The Message-ID of a notice's mail."""
    return f"<notice-{notice_id}.ticket-{ticket_id}@{mail_host()}>"


def digest_message_id(mails: list[Mail]) -> str:
    """The Message-ID of the digest that gathers these mails."""
    return f"<digest-{max(mail.pk for mail in mails)}@{mail_host()}>"


def thread_root(ticket_id: int) -> str:
    """What all mails of a ticket refer to."""
    return f"<ticket-{ticket_id}@{mail_host()}>"


def references(notice: Notice) -> list[str]:
    """What a notice's mail refers to: the root, then the person's mails of this ticket before."""
    before = (
        Notice.objects.filter(
            person=notice.person_id,
            ticket=notice.ticket_id,
            pk__lt=notice.pk,
            mail__fate=Fate.SENT,
            mail__way=Way.AT_ONCE,
        )
        .order_by("-pk")
        .values_list("pk", flat=True)[:MOST_REFERENCES]
    )
    earlier = [notice_message_id(pk, notice.ticket_id) for pk in reversed(before)]
    return [thread_root(notice.ticket_id), *earlier]
