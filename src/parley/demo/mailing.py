"""The demo's mail: a mailbox, and what came to it in the last day, taken in as mail always is.

What comes is written in `content/mail.toml`. It is composed as programs would, stored, understood and
decided about by the house's own rules, so that each thing that can become of a mail is to be seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from parley.conversations.access import messages_visible_to
from parley.conversations.models import Message
from parley.demo.casting import Cast
from parley.demo.desk import person_at_desk
from parley.demo.drawing import draw
from parley.demo.mails import Answered, Letter, bounced, composed
from parley.demo.playing import Played
from parley.demo.reading_content import content
from parley.journal.access import entries_of
from parley.journal.moment import at
from parley.journal.recording import run_later
from parley.mailboxes.keeping import MailboxTyped, save_mailbox
from parley.mailboxes.message_ids import mail_host, marked
from parley.mailboxes.models import Mailbox, RawMail, Way
from parley.mailboxes.reasons import STRANGER, TOO_LARGE, reason
from parley.mailboxes.reply_addresses import address_of, mail_address, token_of
from parley.mailboxes.storing import store
from parley.mailboxes.taking import take
from parley.parties.models import Membership
from parley.tickets.models import IS_OPEN, NUMBER_FORMAT, Ticket
from parley.tickets.states import Action, allowed

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class _Post:
    """Who works at it, and where mail arrives."""

    cast: Cast
    mailbox: Mailbox
    tickets: Sequence[tuple[Ticket, str]]
    """The open ones, the latest first, each with the key of its topic."""
    taken: set[int]
    """Tickets that a mail went to already."""


def mail_in(cast: Cast, played: Iterable[Played], present: datetime) -> int:
    """Set the mailbox up, and let its mail come in; gives how many tickets came about by it.

    A mail that answers is left out where there is no ticket that fits, as in a small demo.
    """
    written = content("mail")
    admin = person_at_desk(cast, "eleanor.whitfield")
    with at(present - timedelta(days=20)):
        typed = MailboxTyped(**written["mailbox"])
        mailbox = save_mailbox(typed, by=admin)
    topics = {one.ticket: one.plan.script.topic for one in played}
    tickets = Ticket.objects.filter(IS_OPEN, pk__in=topics, dispute="none", asks_to_cancel=False)
    rows = tickets.select_related("opener", "counterparty").order_by("-pk")
    post = _Post(cast, mailbox, [(row, topics[row.pk]) for row in rows], set())
    for mail in sorted(written["mail"], key=lambda one: -float(one["hours"])):
        _bring(post, mail, present - timedelta(hours=mail["hours"]))
    return RawMail.objects.filter(reason__code=STRANGER, ticket__isnull=False).count()


def _bring(post: _Post, mail: dict[str, Any], moment: datetime) -> None:
    if "bounces" in mail:
        _bring_back(post, mail, moment)
        return
    letter = _letter(post, mail, moment)
    if letter is None:
        return
    raw = composed(letter)
    with at(moment):
        if "megabytes" in mail:
            size = mail["megabytes"] * MEGABYTE
            why = reason(TOO_LARGE, size=size, limit=50 * MEGABYTE)
            store(raw, way=Way.IMAP, mailbox=post.mailbox, set_aside=why)
            return
        _take_in(post, raw, letter)
    if mail.get("also"):
        with at(moment + timedelta(minutes=2)):
            _take_in(post, raw + b"\r\n", letter)


def _take_in(post: _Post, raw: bytes, letter: Letter) -> RawMail:
    kept = store(
        raw,
        way=Way.SMTP,
        mailbox=post.mailbox,
        envelope_from=letter.sender[1],
        envelope_to=[letter.to],
    )
    take(kept.pk)
    return kept


def _bring_back(post: _Post, mail: dict[str, Any], moment: datetime) -> None:
    """A server says that nobody has an address, and the person is marked."""
    person = _person(post.cast, mail["bounces"]).person
    raw = bounced(
        of=("Mail Delivery System", f"MAILER-DAEMON@mx.{person.email.partition('@')[2]}"),
        to=post.mailbox.address,
        address=person.email,
        at=moment,
        about=marked("letter-of-the-demo", person.email),
    )
    with at(moment):
        kept = store(
            raw,
            way=Way.SMTP,
            mailbox=post.mailbox,
            envelope_from="<>",
            envelope_to=[post.mailbox.address],
        )
        take(kept.pk)
        for entry in entries_of(f"mail:{kept.pk}"):
            run_later(entry.pk)


def _letter(post: _Post, mail: dict[str, Any], moment: datetime) -> Letter | None:
    if "from" in mail:
        sender = _parted(mail["from"])
        return _of(mail, moment, to=post.mailbox.address, sender=sender, subject=mail["subject"])
    by = _person(post.cast, mail["by"])
    sender = _parted(mail["sent_as"]) if "sent_as" in mail else (by.person.name, by.person.email)
    if not mail.get("answers") and not mail.get("forged"):
        return _of(mail, moment, to=post.mailbox.address, sender=sender, subject=mail["subject"])
    found = _ticket_of(post, by, moment, mail)
    if found is None:
        return None
    ticket, last = found
    number = NUMBER_FORMAT.format(ticket.pk)
    if mail.get("forged"):
        subject = f"{mail['subject']} [{number}]"
        return _of(mail, moment, to=post.mailbox.address, sender=sender, subject=subject)
    address = address_of(by, ticket=ticket)
    return _of(
        mail,
        moment,
        to=mail_address(address, post.mailbox),
        sender=sender,
        subject=f"Re: [{number}] {ticket.title}",
        answered=Answered(
            by=(f"{_name_of(last)} ({post.mailbox.name})", post.mailbox.address),
            at=last.at,
            text=last.text,
            message_id=f"<notice-0.ticket-{ticket.pk}.{token_of(address)}@{mail_host()}>",
        ),
    )


def _name_of(message: Message) -> str:
    return message.person.name if message.person else message.party.name


def _of(
    mail: dict[str, Any],
    moment: datetime,
    *,
    to: str,
    sender: tuple[str, str],
    subject: str,
    answered: Answered | None = None,
) -> Letter:
    host = sender[1].partition("@")[2]
    language = "en" if mail["text"].isascii() else "ru"
    return Letter(
        sender=sender,
        to=to,
        subject=subject,
        at=moment,
        message_id=f"<{mail['key']}.{moment:%Y%m%d%H%M}@{host}>",
        text=mail["text"],
        signature=mail.get("signature", ""),
        client=mail.get("client", ""),
        charset=mail.get("charset", "utf-8"),
        headers=mail.get("headers", {}),
        files=tuple(draw(kind, n, language) for n, kind in enumerate(mail.get("files", ()))),
        answered=answered,
    )


def _ticket_of(
    post: _Post, by: Membership, moment: datetime, mail: dict[str, Any]
) -> tuple[Ticket, Message] | None:
    """The latest ticket of theirs that they may reply to, with its last message.

    Rather one on a topic that the mail fits (then none that had a mail already), and where another
    spoke last.
    """
    fits = [
        (topic not in mail.get("on", ()), last.party_id == by.party_id, ticket, last)
        for ticket, topic in post.tickets
        if by.party_id in (ticket.opener_id, ticket.counterparty_id)
        and ("on" not in mail or ticket.pk not in post.taken)
        and (last := messages_visible_to(by, ticket.conversation_id).order_by("pk").last())
        and last.at < moment
        and allowed(ticket.state, Action.REPLY, ticket.side_of(by.party_id))
    ]
    if not fits:
        return None
    _topic, _spoke, ticket, last = min(fits, key=lambda one: one[:2])
    post.taken.add(ticket.pk)
    return ticket, last


def _person(cast: Cast, written: str) -> Membership:
    """Who is meant by `harriet@bramble`: their address before the @, their company (`*`: any)."""
    name, _at, key = written.partition("@")
    return next(
        actor.membership
        for company in cast.companies
        if key in ("*", company.written.key)
        for actor in company.people
        if actor.person.email.partition("@")[0] == name
    )


def _parted(written: str) -> tuple[str, str]:
    name, _bracket, address = written.partition(" <")
    return name, address.rstrip(">")
