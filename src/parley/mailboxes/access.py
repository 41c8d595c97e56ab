"""The doors to mails, mailboxes, and what a message had beside its text."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from parley.journal.recording import record
from parley.mailboxes.events import MailDownloaded
from parley.mailboxes.models import Mailbox, MailedMessage, RawMail
from parley.mailboxes.storing import bytes_of
from parley.parties.models import Membership, Role


def mails_visible_to(reader: Membership) -> QuerySet[RawMail]:
    """The mails that came in, for the operator's people; nobody else's to see."""
    return RawMail.objects.all() if reader.is_operator else RawMail.objects.none()


def mailboxes_visible_to(reader: Membership) -> QuerySet[Mailbox]:
    """The mailboxes, by address, for the operator's administrators."""
    if reader.role != Role.ADMIN:
        return Mailbox.objects.none()
    return Mailbox.objects.order_by("address")


def raw_of(mail: RawMail, by: Membership) -> bytes:
    """A mail as it came, for administrators; that they took it is journalled.

    Raises PermissionDenied, and MailGone when it is kept no longer.
    """
    if by.role != Role.ADMIN:
        raise PermissionDenied
    raw = bytes_of(mail)
    with transaction.atomic():
        record(MailDownloaded(mail=mail.pk), by=by)
    return raw


def mailed_of(reader: Membership, message_ids: Collection[int]) -> dict[int, MailedMessage]:
    """What those of the messages that came by mail had beside their text, by the message's id.

    For the writer's own party and the operator alone: a quote may hold what was said to one side. One
    query. That the reader may see the messages themselves is for the caller to know.
    """
    found = MailedMessage.objects.select_related("mail").filter(message__in=list(message_ids))
    if not reader.is_operator:
        found = found.filter(message__party=reader.party_id)
    return {one.message_id: one for one in found}
