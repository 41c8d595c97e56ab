"""Whose turn a mail is, and what became of it: so that each is written once, whatever is killed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction

from parley.journal.moment import now
from parley.journal.recording import record
from parley.mailboxes.events import MailHeldForReview
from parley.mailboxes.models import Outcome, RawMail
from parley.mailboxes.reasons import GIVEN_UP, reason

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
LOST_AFTER = timedelta(minutes=10)
"""How long one worker may be at a mail before it is taken for killed."""
MOST_ATTEMPTS = 8
"""Then it is set aside, for somebody to look at: some four hours after it came."""


class NotOurs(Exception):
    """Another worker has the mail by now, or somebody has decided about it."""


def claim(mail_id: int) -> RawMail | None:
    """The mail, if it waits and is due; nobody else gets it until it is taken for lost.

    One that was tried too often, since it takes its workers with it, is set aside here.
    """
    due = RawMail.objects.filter(pk=mail_id, outcome=Outcome.WAITING, try_at__lte=now())
    tried = due.values_list("attempts", flat=True).first()
    if tried is None:
        return None
    lost_at = now() + LOST_AFTER
    if not due.filter(attempts=tried).update(attempts=tried + 1, try_at=lost_at):
        return None
    mail = RawMail.objects.select_related("mailbox").get(pk=mail_id)
    if tried < MOST_ATTEMPTS:
        return mail
    error = str(mail.reason.get("error", ""))
    with transaction.atomic():
        settle(lock(mail), Outcome.SET_ASIDE, reason(GIVEN_UP, error=error))
    return None


def lock(mail: RawMail) -> RawMail:
    """The claimed mail, locked for the rest of the transaction. Raises NotOurs."""
    locked = (
        RawMail.objects.select_for_update(of=("self",))
        .filter(pk=mail.pk, outcome=mail.outcome, attempts=mail.attempts)
        .first()
    )
    if locked is None:
        raise NotOurs
    return locked


def settle(
    mail: RawMail, outcome: Outcome, why: Mapping[str, Any] | None = None, **fields: Any
) -> None:
    """Keep what became of a locked mail; `fields` are more of its columns.

    That it waits for somebody to look at it is journalled.
    """
    code = (why or {}).get("code", "")
    waits = outcome in (Outcome.REVIEW, Outcome.SET_ASIDE)
    kept = {"outcome": outcome, "reason": dict(why or {}), "done_at": None if waits else now()}
    for name, value in (kept | fields).items():
        setattr(mail, name, value)
    mail.save(update_fields=[*kept, *fields])
    if waits:
        record(MailHeldForReview(mail=mail.pk, why=code), by=None)


def put_off(mail: RawMail, why: dict[str, Any]) -> None:
    """Have a claimed mail tried again, ever later."""
    wait = min(FIRST_WAIT * 2 ** min(mail.attempts - 1, 10), LONGEST_WAIT)
    RawMail.objects.filter(pk=mail.pk, outcome=Outcome.WAITING, attempts=mail.attempts).update(
        try_at=now() + wait, reason=why
    )
