"""How much mail is taken in unread, and how often a machine answers: a flood stops at these."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from parley.journal.moment import now
from parley.mailboxes.models import AutomaticAnswer, MailedMessage, Outcome, RawMail, Way
from parley.messenger.limiting import HOUR, Rate, TooMany, spend
from parley.parties.settling import Settled, settled
from parley.postgres.waiting import one_at_a_time


def _is_number(value: Any) -> bool:
    return type(value) is int and 1 <= value <= 100_000


PER_SENDER: Settled[int] = Settled("mail.per_sender_hour", 60, _is_number)
"""Mails of one sender within an hour that are written without anybody looking at them."""
STRANGERS: Settled[int] = Settled("mail.strangers_hour", 100, _is_number)
"""Tickets that are opened within an hour for people nobody knows."""
ANSWERED_EVERY = timedelta(hours=1)
"""How often an address gets an answer that no person wrote, at most."""
MOST_REPEATED = 3
REPEATED_WITHIN = timedelta(days=1)
"""So often the same words of one sender are written on a ticket within so long."""
_MADE_SOMETHING = Q(
    outcome__in=(Outcome.WAITING, Outcome.POSTED, Outcome.OPENED, Outcome.HELD)
) | Q(outcome=Outcome.REVIEW, ticket__isnull=False)
"""Mails that count: what was only listed, or waits as forged, would shut out whose name it bears."""
_ANSWERS_KEPT_FOR = timedelta(days=7)


def too_many_from(mail: RawMail, sender: str, *, sent_at: datetime | None = None) -> bool:
    """Whether the sender has written more, in the hour before this mail, than is taken in unread.

    What has lain in a mailbox for longer (`sent_at`) is no flood: it is read after an outage, or when
    the mailbox is set up.
    """
    has_lain = sent_at is not None and sent_at < mail.received_at - HOUR
    if mail.way == Way.IMAP and has_lain:
        return False
    most = settled(PER_SENDER)
    before = RawMail.objects.filter(
        sender=sender,
        received_at__gt=mail.received_at - HOUR,
        received_at__lte=mail.received_at,
        pk__lt=mail.pk,
    )
    return before.filter(_MADE_SOMETHING)[:most].count() >= most


def repeats(person_id: int, ticket_id: int, text: str) -> bool:
    """Whether they have mailed these very words to the ticket again and again, as machines do.

    Some answering machines bear no mark of it: two of these would write to each other for ever.
    """
    same = MailedMessage.objects.filter(
        message__person=person_id,
        message__conversation__ticket=ticket_id,
        message__at__gt=now() - REPEATED_WITHIN,
        message__text=text,
    )
    return bool(text) and same[:MOST_REPEATED].count() >= MOST_REPEATED


def is_strangers_turn() -> bool:
    """Whether a ticket may be opened for somebody nobody knows; it counts, if so.

    Must run in the transaction that opens it.
    """
    try:
        spend("mail", "strangers", Rate(settled(STRANGERS), HOUR))
    except TooMany:
        return False
    return True


def may_answer(address: str) -> bool:
    """Whether the address may get an answer that no person wrote, now; it counts, if so.

    Must run in the transaction that has it sent.
    """
    address = address.strip().lower()[:320]
    one_at_a_time("automatic answer", address)
    lately = AutomaticAnswer.objects.filter(address=address, at__gt=now() - ANSWERED_EVERY)
    if lately.exists():
        return False
    AutomaticAnswer.objects.create(address=address, at=now())
    return True


def forget_answers() -> int:
    """Throw away what no hour asks for any more; gives how many."""
    old = AutomaticAnswer.objects.filter(at__lt=now() - _ANSWERS_KEPT_FOR)
    return old.delete()[0]
