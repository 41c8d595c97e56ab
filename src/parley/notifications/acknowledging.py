"""The answer that no person writes: a mail has opened a ticket, and this is its number.

To senders who are proven alone, at most one an address and hour, and marked as what it is (RFC 3834): a
machine that gets one has nothing to answer.
"""

from __future__ import annotations

from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext as _

from parley.journal.events import Event
from parley.journal.models import Entry
from parley.mailboxes.events import MailTaken
from parley.mailboxes.limiting import may_answer
from parley.mailboxes.message_ids import marked, thread_root
from parley.mailboxes.models import RawMail
from parley.mailboxes.reply_addresses import known_id
from parley.notifications import addresses
from parley.notifications.access import Sight
from parley.notifications.answering import answer_of, how_to_answer, is_visitor
from parley.notifications.bouncing import can_be_reached
from parley.notifications.composing import as_read_by, letter
from parley.notifications.delivering import Undelivered, connected, deliver
from parley.parties.models import Membership
from parley.tickets.access import memberships_on, tickets_visible_to


def acknowledge(event: Event, entry: Entry) -> None:
    """React to a mail that opened a ticket: tell its writer the number.

    Raises Undelivered, to be tried again, unless the server will not have it.
    """
    assert isinstance(event, MailTaken)
    if not event.opened or not event.answered:
        return
    mail = RawMail.objects.select_related("person").filter(pk=event.mail).first()
    sight = _sight(mail, event.ticket) if mail else None
    if mail is None or sight is None or not _is_theirs(mail.sender, sight.reader):
        return
    if not can_be_reached(sight.reader.person) or not may_answer(mail.sender):
        return
    with connected() as connection:
        try:
            deliver(_answer(mail, sight), connection)
        except Undelivered as trouble:
            if trouble.server_is_gone:
                raise


def _sight(mail: RawMail, ticket_id: int) -> Sight | None:
    """The ticket as the mail's writer sees it."""
    if mail.person is None:
        return None
    for reader in memberships_on(mail.person, ticket_id):
        ticket = tickets_visible_to(reader).filter(pk=ticket_id).first()
        if ticket is not None:
            return Sight(reader, ticket)
    return None


def _is_theirs(address: str, reader: Membership) -> bool:
    return address.strip().lower() == reader.person.mailbox.lower()


def _answer(mail: RawMail, sight: Sight) -> EmailMultiAlternatives:
    ticket = sight.ticket
    assert ticket is not None
    answer = answer_of(sight)
    answers = [thread_root(f"ticket-{ticket.pk}"), *known_id(mail.message_id)]
    with as_read_by(sight.reader.person):
        return letter(
            sight.reader.person,
            subject=f"[{ticket.number}] {ticket.title}",
            template="acknowledgement",
            context={
                "number": str(ticket.number),
                "title": ticket.title,
                "how_to_answer": how_to_answer(sight, answer),
                "at": ""
                if is_visitor(sight.reader)
                else addresses.ticket_address(sight.reader, ticket.pk),
                "open_words": _("Open the ticket"),
            },
            headers={
                "Message-ID": marked(
                    f"answer-{mail.pk}.ticket-{ticket.pk}", sight.reader.person.mailbox
                ),
                "In-Reply-To": answers[-1],
                "References": " ".join(answers),
                "Auto-Submitted": "auto-replied",
                "X-Auto-Response-Suppress": "All",
                "Precedence": "auto_reply",
            },
            reply_to=answer.to if answer else "",
        )
