"""Writing a mail into the ticket it belongs to, or into a new one: files, words, and what became of it.

All of it is one transaction with the mail's own row, so it is written once, whatever is killed.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from parley.conversations.drafting import draft_left_alone
from parley.conversations.models import Audience, Message
from parley.conversations.posting import MAX_TEXT, NothingToSay, posted_already
from parley.conversations.scanning import FileInfected
from parley.conversations.typed import typed, typed_line
from parley.guard.watching import OffPlatform, watch_opening, watch_reply
from parley.journal.moment import now
from parley.journal.recording import record
from parley.mail_parsing.understood import File, Understood
from parley.mailboxes.claiming import NotOurs, lock, settle
from parley.mailboxes.deciding import Decision, Listed, ToOpenForStranger, ToReview, ToWrite
from parley.mailboxes.enclosing import Enclosed, enclosed, leave_out
from parley.mailboxes.events import MailReviewed, MailTaken
from parley.mailboxes.identity import submit_key_of
from parley.mailboxes.limiting import is_strangers_turn
from parley.mailboxes.models import MailedMessage, Outcome, RawMail, ReplyAddress
from parley.mailboxes.reasons import (
    EMPTY,
    ENDED,
    FOLLOW_UP,
    GUARD,
    LEFT_OUT,
    MANY_STRANGERS,
    NOT_ALLOWED,
    REFUSED,
    SAME_AS,
    STRANGER,
    reason,
)
from parley.mailboxes.strangers import stranger_of
from parley.mailboxes.topics import topic_for, topic_of_mail
from parley.parties.models import Membership
from parley.parties.pinning import hide_pins
from parley.postgres.waiting import one_at_a_time
from parley.tickets.models import Purpose, Ticket, Topic
from parley.tickets.opening import BY_MAIL, MAX_TITLE, NewTicket, OpeningRefused, open_ticket
from parley.tickets.replying import Reply, draft_place, reply
from parley.tickets.states import ENDED as ENDED_STATES
from parley.tickets.states import NotAllowed, Side

MOST_FOLDED = 200_000
"""Characters of a quote that are kept beside the message; the raw mail has all of it."""
MOST_SIGNATURE = 10_000
LISTED = (Outcome.AUTOMATIC, Outcome.BOUNCE, Outcome.OWN)
"""What is no person's, and only listed."""
_REPLY_MARKS = re.compile(
    r"\A(?:\s*(?:re|aw|wg|fwd?|tr|sv|vs|antw|rif|odp|ynt|отв|ответ|пересл|на)(?:\[\d{1,3}\])?\s*[::])+",
    re.IGNORECASE,
)
_TAG = re.compile(r"\[[^\[\]]{0,20}?T-\d{1,18}\]\s*", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Work:
    """A claimed mail, what it means, and what it is the same as wherever it turns up again.

    `reviewer`: who lets it in, and what that is called (`MailReviewed`); None when nobody had to.
    """

    mail: RawMail
    understood: Understood
    identity: str
    reviewer: Membership | None = None
    reviewed_as: str = ""

    @property
    def key(self) -> uuid.UUID:
        """By which its words are said once; anew, where they opened a ticket that was declined."""
        declined = self.mail.ticket_id
        return submit_key_of(f"{self.identity}:{declined}" if declined else self.identity)


class NotWritten(Exception):
    """It can't be written like this: the mail waits for somebody to look at it, and says why."""

    def __init__(self, why: dict[str, Any]) -> None:
        super().__init__(why["code"])
        self.reason = why


@dataclass(frozen=True)
class _Written:
    outcome: Outcome
    ticket: int
    message: Message | None = None
    why: dict[str, Any] | None = None


def carry_out(work: Work, decision: Decision) -> None:
    """Do what was decided of a mail. Raises NotWritten, and claiming.NotOurs; nothing is written then."""
    if isinstance(decision, ToReview):
        raise NotWritten(decision.reason)
    if isinstance(decision, Listed):
        raise TypeError("a listed mail writes nothing")
    if isinstance(decision, ToOpenForStranger):
        _for_stranger(work, decision)
        return
    with enclosed(decision.by, _files_of(work)) as files:
        _in_one_go(work, decision, files, lambda: _write(work, decision, files))


def _for_stranger(work: Work, decision: ToOpenForStranger) -> None:
    sender = work.understood.sender
    assert sender is not None
    if work.reviewer is None:
        with transaction.atomic():
            lock(work.mail)
            if not is_strangers_turn():
                raise NotWritten(reason(MANY_STRANGERS))
    with transaction.atomic():
        by = stranger_of(sender, text=work.understood.text)
    writes = ToWrite(by=by, verified=decision.verified)
    with enclosed(by, _files_of(work)) as files:
        _in_one_go(work, writes, files, lambda: _open_for_stranger(work, writes, files))


def _open_for_stranger(work: Work, decision: ToWrite, files: Enclosed) -> _Written:
    written = _open(work, decision, files)
    if work.reviewer is not None:
        return written
    return replace(written, outcome=Outcome.REVIEW, why=reason(STRANGER, files=files.left_out))


def _in_one_go(
    work: Work, decision: ToWrite, files: Enclosed, write: Callable[[], _Written]
) -> None:
    """Write it and keep that it was; without files in which a virus was found meanwhile."""
    is_done = False
    while not is_done:
        try:
            with transaction.atomic():
                _settle_with(work, decision, write)
            is_done = True
        except FileInfected as infected:
            if not leave_out(files, infected.name, "infected"):
                raise
        except NothingToSay:
            raise NotWritten(reason(EMPTY, files=files.left_out)) from None
        except OffPlatform as warning:
            raise NotWritten(reason(GUARD, found=warning.kinds, ticket=decision.ticket)) from None
        except OpeningRefused as refused:
            raise NotWritten(reason(REFUSED, problems=[*refused.problems.values()])) from None
        except (NotAllowed, Ticket.DoesNotExist):
            raise NotWritten(reason(NOT_ALLOWED, ticket=decision.ticket)) from None


def _settle_with(work: Work, decision: ToWrite, write: Callable[[], _Written]) -> None:
    mail = lock(work.mail)
    one_at_a_time("mail", work.identity)
    earlier = same_before(mail, work.identity)
    if earlier is not None and not may_give_way(earlier):
        settle(mail, Outcome.DUPLICATE, reason(SAME_AS, mail=earlier.pk), ticket=earlier.ticket)
        return
    written = write()
    if earlier is not None:
        give_way(earlier, mail, ticket=written.ticket)
    by = decision.by
    settle(
        mail,
        written.outcome,
        written.why,
        identity=work.identity,
        ticket_id=written.ticket,
        person_id=by.person_id,
        verified=decision.verified,
        subject=hide_pins(mail.subject, by=by),
        reviewed_by_id=work.reviewer.person_id if work.reviewer else None,
    )
    if work.reviewer is not None:
        record(MailReviewed(mail=mail.pk, outcome=work.reviewed_as), by=work.reviewer)
    if decision.address is not None:
        ReplyAddress.objects.filter(pk=decision.address).update(used_at=now())
    if written.message is not None:
        keep_beside(mail, written.message, work.understood, by)
        _tell(work, mail, decision, written)


def same_before(mail: RawMail, identity: str) -> RawMail | None:
    """The same mail, if it was taken in before."""
    return RawMail.objects.filter(identity=identity).exclude(pk=mail.pk).first()


def may_give_way(earlier: RawMail) -> bool:
    """Whether nothing came of a mail so far, so that a better copy of it may be taken in its place.

    What came first by way of a mailing list, or without what proves its sender, may come by itself
    as well; and whoever has a copy could keep the mail out by being quicker.
    """
    return earlier.outcome in LISTED or (
        earlier.outcome == Outcome.REVIEW and earlier.ticket_id is None
    )


def give_way(earlier: RawMail, to: RawMail, *, ticket: int | None = None) -> None:
    """Leave its identity to the mail that is taken in its place, in the caller's transaction.

    Raises OperationalError while somebody decides about it, and claiming.NotOurs once they have.
    """
    same = RawMail.objects.select_for_update(of=("self",), nowait=True)
    locked = same.filter(pk=earlier.pk, outcome=earlier.outcome, ticket=None).first()
    if locked is None:
        raise NotOurs
    settle(locked, Outcome.DUPLICATE, reason(SAME_AS, mail=to.pk), identity="", ticket_id=ticket)


def keep_beside(mail: RawMail, message: Message, said: Understood, by: Membership) -> None:
    """Keep what a mail quoted, and how it is signed: with a PIN masked there, too."""
    MailedMessage.objects.get_or_create(
        message=message,
        defaults={
            "mail": mail,
            "folded": hide_pins(typed(said.folded)[:MOST_FOLDED], by=by),
            "signature": hide_pins(typed(said.signature)[:MOST_SIGNATURE], by=by),
        },
    )


def _tell(work: Work, mail: RawMail, decision: ToWrite, written: _Written) -> None:
    assert written.message is not None
    opened = written.outcome in (Outcome.OPENED, Outcome.REVIEW)
    # Nobody is answered by a machine who did not show that the mail is from there.
    proven = decision.verified not in ("", "let_in")
    event = MailTaken(
        mail=mail.pk,
        ticket=written.ticket,
        message=written.message.pk,
        opened=opened,
        verified=decision.verified,
        answered=opened and proven,
    )
    record(event, by=decision.by)


def _write(work: Work, decision: ToWrite, files: Enclosed) -> _Written:
    if decision.ticket is None:
        return _open(work, decision, files)
    try:
        return _reply(work, decision, files)
    except NotAllowed as refusal:
        if refusal.state.status not in ENDED_STATES:
            raise
        return _follow_up(work, decision, files)


def _reply(work: Work, decision: ToWrite, files: Enclosed) -> _Written:
    assert decision.ticket is not None
    by, ticket = decision.by, decision.ticket
    said = Reply(
        text=_text_of(work.understood),
        audience=decision.audience,
        side=decision.side,
        attachments=tuple(files.keys),
        submit_key=work.key,
    )
    with draft_left_alone(by, draft_place(ticket)):
        try:
            held = watch_reply(ticket, said, by=by)
        except OffPlatform as warning:
            # A mail can't be warned: it goes and is flagged, or is held.
            held = watch_reply(ticket, said, by=by, aware=warning.aware)
        if held is not None:
            return _Written(Outcome.HELD, ticket, why=_what_is_missing(files))
        message = reply(ticket, said, by=by)
    where = Ticket.objects.values_list("pk", flat=True).get(conversation=message.conversation_id)
    return _Written(Outcome.POSTED, where, message, _what_is_missing(files))


def _follow_up(work: Work, decision: ToWrite, files: Enclosed) -> _Written:
    """What answers a ticket that has ended opens another about it, between those who would have read it."""
    assert decision.ticket is not None
    ended = Ticket.objects.select_related(
        "topic__category", "opener", "counterparty", "merged_into__topic__category",
        "merged_into__opener", "merged_into__counterparty",
    ).get(pk=decision.ticket)  # fmt: skip
    ended = ended.merged_into or ended
    by = decision.by
    if by.is_operator:
        raise NotWritten(reason(ENDED, ticket=ended.pk))
    topic = ended.topic
    is_openers = ended.side_of(by.party_id) is Side.OPENER and topic.purpose == Purpose.NONE
    same = is_openers and decision.audience == Audience.EVERYONE and decision.ticket == ended.pk
    # A quote may hold what was said to one side: the other one is shown none.
    quoted = "" if same else work.understood.folded
    new = _new(work, by, files, topic if same else topic_of_mail(), quoted)
    new = replace(new, continues=ended.pk, to=ended.counterparty if same else None)
    if same and ended.order_id:
        new = replace(new, order=ended.order_id)
    try:
        opened = _opened(work, new, by)
    except OpeningRefused:
        raise NotWritten(reason(ENDED, ticket=ended.pk)) from None
    why = reason(FOLLOW_UP, ticket=ended.pk, files=files.left_out)
    return replace(opened, why=why)


def _open(work: Work, decision: ToWrite, files: Enclosed) -> _Written:
    mailbox, by = work.mail.mailbox, decision.by
    topic = topic_for(mailbox, by.party.kind)
    new = _new(work, by, files, topic, work.understood.folded)
    new = replace(new, order=decision.order)
    plain = replace(new, topic=topic_of_mail(), order=None)
    try:
        with transaction.atomic():
            opened = _opened(work, new, by)
    except OpeningRefused:
        # The mailbox's topic may ask for what no mail says, and the order may not be theirs any more.
        if new == plain:
            raise
        opened = _opened(work, plain, by)
    return replace(opened, why=_what_is_missing(files))


def _opened(work: Work, new: NewTicket, by: Membership) -> _Written:
    with translation.override(settings.LANGUAGE_CODE):
        try:
            watch_opening(new, by=by)
        except OffPlatform as warning:
            if warning.holds:
                raise
        ticket = open_ticket(new, by=by)
    return _Written(Outcome.OPENED, ticket.pk, posted_already(by, work.key))


def _new(work: Work, by: Membership, files: Enclosed, topic: Topic, quoted: str) -> NewTicket:
    """The ticket it opens; of one without words of its own, what is `quoted` is told."""
    said = work.understood
    with translation.override(by.person.language):
        text = _text_of(said) or typed(quoted).strip()[:MAX_TEXT] or typed_line(said.subject)
        return NewTicket(
            topic=topic,
            title=title_of(said.subject) or _("A mail without a subject"),
            text=text or ("" if files.keys else _("A mail without words")),
            attachments=tuple(files.keys),
            submit_key=work.key,
            draft=f"mail:{work.mail.pk}",
            via=BY_MAIL,
        )


def title_of(subject: str) -> str:
    """The subject without the marks of answers and the number of a ticket, as a ticket's title."""
    bare = _TAG.sub("", typed_line(subject))
    return _REPLY_MARKS.sub("", bare).strip()[:MAX_TITLE].strip()


def _text_of(said: Understood) -> str:
    """What its writer wrote; of more than a message holds, the beginning: the whole goes as a file."""
    text = typed(said.text).strip()
    if len(text) <= MAX_TEXT:
        return text
    cut = text.rfind("\n", MAX_TEXT // 2, MAX_TEXT)
    return text[: cut if cut > 0 else MAX_TEXT].rstrip()


def _files_of(work: Work) -> tuple[File, ...]:
    said = work.understood
    text = typed(said.text).strip()
    if len(text) <= MAX_TEXT:
        return said.files
    whole = File(name="mail.txt", media_type="text/plain", content=text.encode())
    return (whole, *said.files)


def _what_is_missing(files: Enclosed) -> dict[str, Any] | None:
    return reason(LEFT_OUT, files=files.left_out) if files.left_out else None
