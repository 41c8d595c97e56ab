"""How a mail is answered: from the mailbox, where the desk has one, or on the page.

An answer goes to those who read what it answers, and never to more: one to an internal note is a note.
"""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from parley.conversations.models import Audience
from parley.mailboxes.models import ReplyAddress
from parley.mailboxes.reply_addresses import address_of, desk_mailbox, mail_address
from parley.messenger.access import has_messenger
from parley.notifications.access import Sight
from parley.parties.models import Membership, PartyKind


class Answer(NamedTuple):
    """Where a mail is answered: the row, and the mail address for Reply-To."""

    row: ReplyAddress
    to: str


def answer_of(sight: Sight) -> Answer | None:
    """Where a mail with this sight is answered; None: a reply to it does not arrive.

    The operator's people answer on tickets alone: they open none with themselves.
    """
    mailbox = desk_mailbox()
    if mailbox is None or (sight.ticket is None and sight.reader.is_operator):
        return None
    row = _row(sight)
    return Answer(row, mail_address(row, mailbox))


def _row(sight: Sight) -> ReplyAddress:
    if sight.message is None:
        return address_of(sight.reader, ticket=sight.ticket, order=sight.order)
    return address_of(
        sight.reader,
        ticket=sight.ticket,
        audience=sight.message.audience,
        audience_party=sight.message.audience_party,
    )


def how_to_answer(sight: Sight, answer: Answer | None) -> str:
    """How, in the reader's language: who reads it, or that a reply does not arrive."""
    if answer is None:
        return _on_the_page(sight.reader) if sight.ticket is not None else ""
    if sight.ticket is None:
        return _("Just reply to this mail: your words open a ticket with our support.")
    if answer.row.audience == Audience.OPERATOR:
        return _("Just reply to this mail: your words become an internal note.")
    if answer.row.audience == Audience.SIDE and answer.row.audience_party is not None:
        return _("Just reply to this mail: %(party)s and the operator alone read it.") % {
            "party": answer.row.audience_party.name
        }
    return _("Just reply to this mail: your words go onto the ticket, for everyone on it.")


def is_visitor(reader: Membership) -> bool:
    """Whether they have no pages here: nothing but the messenger, on the site where they asked."""
    return reader.party.kind == PartyKind.VISITOR


def _on_the_page(reader: Membership) -> str:
    if is_visitor(reader):
        if not has_messenger(reader):
            return ""
        return _(
            "Answer in the messenger, in the browser in which you asked: a reply to this mail does"
            " not arrive there."
        )
    return _("Please answer on the ticket's page: a reply to this mail does not arrive there.")
