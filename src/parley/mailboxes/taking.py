"""Taking a mail in: it is understood, decided about, and written, or it is listed with the reason.

A mail was kept before (`storing`). It is claimed by a conditional UPDATE with a time after which it is
taken for lost, so that a worker killed at any moment loses nothing; what it says and what became of
it are settled in one transaction. What fails for a reason of ours is tried again, ever later; what
can't be understood is set aside until somebody has it tried again, and holds nothing else up.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from typing import Any

from django.db import transaction

from parley.journal.moment import now
from parley.journal.recording import record
from parley.mail_parsing.understanding import understand
from parley.mail_parsing.understood import Understood
from parley.mailboxes.claiming import MOST_ATTEMPTS, NotOurs, claim, lock, put_off, settle
from parley.mailboxes.deciding import Asked, Later, Listed, decide
from parley.mailboxes.identity import identity_of
from parley.mailboxes.models import Outcome, RawMail, Way
from parley.mailboxes.noting import note
from parley.mailboxes.reasons import (
    FILE_GONE,
    LATER,
    SAME_AS,
    UNEXPECTED,
    UNPROVEN,
    UNREADABLE,
    reason,
)
from parley.mailboxes.storing import MailGone, bytes_of
from parley.mailboxes.telling import came_back
from parley.mailboxes.trusting import Proof, is_disproved, proof_of
from parley.mailboxes.writing import (
    LISTED,
    NotWritten,
    Work,
    carry_out,
    give_way,
    may_give_way,
    same_before,
)
from parley.postgres.waiting import one_at_a_time

log = logging.getLogger(__name__)


class Unreadable(Exception):
    """A mail that could not be understood; `error` is the kind of what went wrong."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


def take(mail_id: int) -> None:
    """Take in a mail that waits, or note why not. A repeat does nothing."""
    mail = claim(mail_id)
    if mail is None:
        return
    try:
        _take(mail)
    except NotOurs:
        return
    except Later as later:
        _later(mail, later.why)
    except MailGone:
        _set_aside(mail, reason(FILE_GONE))
    except Unreadable as trouble:
        _set_aside(mail, reason(UNREADABLE, error=trouble.error))
    except Exception as trouble:
        log.exception("Mail %s can't be taken in", mail.pk)
        put_off(mail, reason(UNEXPECTED, error=type(trouble).__name__))


def sweep(limit: int = 200) -> int:
    """Take in what waits: what failed before, and what a killed worker left. Gives how many."""
    waiting = RawMail.objects.filter(outcome=Outcome.WAITING, try_at__lte=now())
    keys = list(waiting.order_by("try_at").values_list("id", flat=True)[:limit])
    for key in keys:
        take(key)
    return len(keys)


def read(mail: RawMail) -> tuple[bytes, Understood]:
    """A mail's bytes and what they mean. Raises MailGone, OSError, or Unreadable."""
    raw = bytes_of(mail)
    try:
        return raw, understand(raw)
    except Exception as trouble:
        log.exception("Mail %s can't be understood", mail.pk)
        raise Unreadable(type(trouble).__name__) from trouble


def asked_of(mail: RawMail, raw: bytes, understood: Understood, *, trusted: bool = False) -> Asked:
    """What is to be decided about a mail."""
    believed = mail.mailbox if _came_by_its_server(mail) else None

    def prove() -> Proof:
        return proof_of(raw, understood, believed)

    def disproved() -> bool:
        return is_disproved(raw, understood, believed)

    return Asked(mail, understood, prove, disproved, trusted)


def _came_by_its_server(mail: RawMail) -> bool:
    """Whether the mail passed the server whose word its mailbox believes.

    Where a mailbox is read by IMAP that is the one it lies on. What anybody brings to our own door, or
    a provider does, may say anything in that server's name.
    """
    if mail.way not in (Way.SMTP, Way.WEBHOOK):
        return True
    return mail.mailbox is None or not mail.mailbox.imap_host


def _take(mail: RawMail) -> None:
    raw, understood = read(mail)
    note(mail, understood)
    work = Work(mail=mail, understood=understood, identity=identity_of(understood, mail.sha256))
    if _is_known(work):
        return
    decision = decide(asked_of(mail, raw, understood))
    if isinstance(decision, Listed):
        _list(work, decision)
        return
    try:
        carry_out(work, decision)
    except NotWritten as refused:
        _review(work, refused.reason)


def _is_known(work: Work) -> bool:
    """Settle a mail that was taken in before: asked here, so that nobody is looked up for it."""
    earlier = same_before(work.mail, work.identity)
    if earlier is None or may_give_way(earlier):
        return False
    with transaction.atomic():
        why = reason(SAME_AS, mail=earlier.pk)
        settle(lock(work.mail), Outcome.DUPLICATE, why, ticket_id=earlier.ticket_id)
    return True


def _list(work: Work, listed: Listed) -> None:
    with transaction.atomic():
        mail = _locked_once(work)
        if mail is None:
            return
        settle(mail, listed.outcome, listed.reason, identity=work.identity)
        if listed.outcome == Outcome.BOUNCE and (bounce := work.understood.bounce):
            event = came_back(
                mail=mail.pk,
                address=bounce.address,
                status=bounce.status,
                permanent=bounce.permanent,
                about=bounce.about,
                words=bounce.words,
            )
            record(event, by=None)


def _review(work: Work, why: dict[str, Any]) -> None:
    with transaction.atomic():
        mail = _locked_once(work, in_place_of=LISTED)
        if mail is not None:
            settle(mail, Outcome.REVIEW, why, identity=work.identity)


def _locked_once(work: Work, in_place_of: Collection[Outcome] = ()) -> RawMail | None:
    """The mail, locked; None when the same one was taken in before, and this is settled as such."""
    mail = lock(work.mail)
    one_at_a_time("mail", work.identity)
    earlier = same_before(mail, work.identity)
    if earlier is None:
        return mail
    if earlier.outcome in in_place_of:
        give_way(earlier, mail)
        return mail
    settle(mail, Outcome.DUPLICATE, reason(SAME_AS, mail=earlier.pk), ticket_id=earlier.ticket_id)
    return None


def _later(mail: RawMail, why: str) -> None:
    """Try again when names can be looked up; after a while somebody has to look at it."""
    if mail.attempts < MOST_ATTEMPTS:
        put_off(mail, reason(LATER, why=why))
        return
    with transaction.atomic():
        settle(lock(mail), Outcome.REVIEW, reason(UNPROVEN, why=why, address=mail.sender))


def _set_aside(mail: RawMail, why: dict[str, Any]) -> None:
    with transaction.atomic():
        settle(lock(mail), Outcome.SET_ASIDE, why)
