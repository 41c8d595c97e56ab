"""The Message-IDs of mails: the same mail has the same one, however often it is sent.

All mails of a ticket (or an order) hang on one root, which no mail has itself: mail clients thread by it
whichever of the mails they have.
"""

from __future__ import annotations

from parley.notifications.addresses import mail_host
from parley.notifications.models import Fate, Mail, Notice, Way
from parley.notifications.subjects import key_of

MOST_REFERENCES = 10
"""Mails before, named in References besides the root (RFC 5322 asks for no more than fit)."""


def notice_message_id(notice_id: int, key: str) -> str:
    """The Message-ID of the mail of a notice about the thing of this key (`ticket-17`)."""
    return f"<notice-{notice_id}.{key}@{mail_host()}>"


def digest_message_id(mails: list[Mail]) -> str:
    """The Message-ID of the digest that gathers these mails."""
    return f"<digest-{max(mail.pk for mail in mails)}@{mail_host()}>"


def thread_root(key: str) -> str:
    """What all mails about a thing refer to."""
    return f"<{key}@{mail_host()}>"


def references(notice: Notice) -> list[str]:
    """What a notice's mail refers to: the root, then the person's mails about it before."""
    before = (
        Notice.objects.filter(
            person=notice.person_id,
            ticket=notice.ticket_id,
            order=notice.order_id,
            path=notice.path,
            pk__lt=notice.pk,
            mail__fate=Fate.SENT,
            mail__way=Way.AT_ONCE,
        )
        .order_by("-pk")
        .values_list("pk", flat=True)[:MOST_REFERENCES]
    )
    key = key_of(notice)
    return [thread_root(key), *(notice_message_id(pk, key) for pk in reversed(before))]
