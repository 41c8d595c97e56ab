"""Looking at mails that were not written as they came: letting one in, declining it, trying it again.

For the operator's people. What is listed as automatic, as a bounce or as our own is looked at here as
well, should one of them have been a person's after all.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from parley.journal.moment import now
from parley.journal.recording import record
from parley.mailboxes.access import mails_visible_to
from parley.mailboxes.claiming import NotOurs, lock, settle
from parley.mailboxes.deciding import LET_IN, Asked, Decision, ToOpenForStranger, decide, is_address
from parley.mailboxes.events import MailReviewed, MailTriedAgain
from parley.mailboxes.identity import identity_of
from parley.mailboxes.models import Outcome, RawMail
from parley.mailboxes.noting import note
from parley.mailboxes.reasons import NO_SENDER, TOO_LARGE, reason
from parley.mailboxes.storing import MailGone, take_later
from parley.mailboxes.taking import asked_of, read
from parley.mailboxes.writing import NotWritten, Work, carry_out
from parley.parties.access import memberships_of
from parley.parties.models import Membership
from parley.tickets.ending import cancel
from parley.tickets.models import Ticket
from parley.tickets.states import NotAllowed

OPEN_TO_REVIEW = (
    Outcome.REVIEW,
    Outcome.SET_ASIDE,
    Outcome.AUTOMATIC,
    Outcome.BOUNCE,
    Outcome.OWN,
    Outcome.DECLINED,
)
"""What may become of a mail still, if somebody decides so."""


class NothingToReview(Exception):
    """It was written, or somebody else has decided about it meanwhile."""


class CannotBeLetIn(Exception):
    """The ticket, or whom the address names, does not allow it; `reason` as `mailboxes.reasons` has it."""

    def __init__(self, why: dict[str, Any]) -> None:
        super().__init__(why["code"])
        self.reason = why


def let_in(mail_id: int, *, by: Membership) -> Ticket:
    """Write a mail as the person whom its address names, though nothing proves that it is theirs.

    That is the person its sender's address is of, or else the one whose reply address it went to. The
    mail of somebody nobody knows opens a ticket; where it has, this says that it is good. What a mail
    says to fewer is never shown to more. Gives the ticket; where the guard holds the words, that on
    which they wait.

    Raises PermissionDenied, RawMail.DoesNotExist, NothingToReview, CannotBeLetIn, storing.MailGone, and
    taking.Unreadable.
    """
    mail = _mail(mail_id, by)
    if _waits_with_ticket(mail):
        return _found_good(mail, by)
    work, trusted = _work(mail, by, "let_in")
    return _carried_out(work, decide(trusted))


def open_from(mail_id: int, *, by: Membership) -> Ticket:
    """Open a ticket with a mail, in the name of its address, and of nobody whom we know by it.

    Raises what `let_in` raises.
    """
    mail = _mail(mail_id, by)
    if _waits_with_ticket(mail):
        return _found_good(mail, by)
    work, _trusted = _work(mail, by, "opened")
    if not is_address(mail.sender):
        raise CannotBeLetIn(reason(NO_SENDER))
    return _carried_out(work, ToOpenForStranger(verified=LET_IN))


def decline(mail_id: int, *, by: Membership) -> None:
    """Leave a mail as it is: nothing is written. The ticket it opened for a stranger is cancelled.

    Raises PermissionDenied, RawMail.DoesNotExist, NothingToReview.
    """
    mail = _mail(mail_id, by)
    with transaction.atomic():
        locked = _locked(mail)
        if locked.ticket is not None:
            _call_off(locked.ticket)
        settle(
            locked,
            Outcome.DECLINED,
            locked.reason,
            reviewed_by_id=by.person_id,
        )
        record(MailReviewed(mail=mail.pk, outcome="declined"), by=by)


def try_again(mail_id: int, *, by: Membership) -> None:
    """Have a mail taken in anew, as if it had come now. Raises as `decline` does, and storing.MailGone."""
    mail = _mail(mail_id, by)
    if mail.ticket_id is not None:
        raise NothingToReview
    _needs_whole(mail)
    with transaction.atomic():
        locked = _locked(mail)
        locked.outcome, locked.reason, locked.identity = Outcome.WAITING, {}, ""
        locked.attempts, locked.try_at, locked.done_at = 0, now(), None
        locked.save(
            update_fields=["outcome", "reason", "identity", "attempts", "try_at", "done_at"]
        )
        record(MailTriedAgain(mail=mail.pk), by=by)
        take_later(mail.pk)


def _mail(mail_id: int, by: Membership) -> RawMail:
    if not by.is_operator:
        raise PermissionDenied
    mail = mails_visible_to(by).select_related("mailbox").get(pk=mail_id)
    if mail.outcome not in OPEN_TO_REVIEW:
        raise NothingToReview
    return mail


def _locked(mail: RawMail) -> RawMail:
    try:
        return lock(mail)
    except NotOurs:
        raise NothingToReview from None


def _waits_with_ticket(mail: RawMail) -> bool:
    """Whether it has opened a ticket that is to be looked at, and was not declined with it."""
    return mail.ticket_id is not None and mail.outcome == Outcome.REVIEW


def _found_good(mail: RawMail, by: Membership) -> Ticket:
    """What a stranger's mail has opened stays: somebody has looked at it."""
    with transaction.atomic():
        locked = _locked(mail)
        assert locked.ticket is not None
        settle(locked, Outcome.OPENED, None, reviewed_by_id=by.person_id)
        record(MailReviewed(mail=mail.pk, outcome="let_in"), by=by)
    return locked.ticket


def _needs_whole(mail: RawMail) -> None:
    """Of one that was too large, nothing but its headers was fetched."""
    if not mail.stored_as or mail.reason.get("code") == TOO_LARGE:
        raise MailGone


def _work(mail: RawMail, by: Membership, as_what: str) -> tuple[Work, Asked]:
    _needs_whole(mail)
    raw, understood = read(mail)
    note(mail, understood)
    identity = identity_of(understood, mail.sha256)
    work = Work(
        mail=mail, understood=understood, identity=identity, reviewer=by, reviewed_as=as_what
    )
    return work, asked_of(mail, raw, understood, trusted=True)


def _carried_out(work: Work, decision: Decision) -> Ticket:
    try:
        carry_out(work, decision)
    except NotOurs:
        raise NothingToReview from None
    except NotWritten as refused:
        raise CannotBeLetIn(refused.reason) from None
    written = RawMail.objects.select_related("ticket").get(pk=work.mail.pk)
    if written.ticket is None:
        raise NothingToReview
    return written.ticket


def _call_off(ticket: Ticket) -> None:
    """Cancel, in its opener's name, the ticket of a mail that is declined.

    So no mail goes to an address that may never have written one.
    """
    assert ticket.opener_person is not None
    opener = memberships_of(ticket.opener_person).filter(party=ticket.opener_id).first()
    if opener is None:
        return
    try:
        cancel(ticket.pk, by=opener)
    except NotAllowed:
        return  # it has ended already
