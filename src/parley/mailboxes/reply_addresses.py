"""Where a person answers by mail: `support+r17.k3…@market.example`.

What follows the plus is the address's token. It is bound to a person, to what they answer and to who
may read the answer, nobody can guess it, and it can be revoked. Many mail programs and servers lose
the part after the plus, and some mailboxes have none, so the same token stands in the Message-ID of
each mail too, which an answer names in In-Reply-To and References.

A token says what is answered, and not who answers: whoever got a copy of a mail has it. What is made
of one is decided in `taking`.
"""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain, islice

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from parley.conversations.models import Audience
from parley.journal.events import Event
from parley.journal.models import Entry
from parley.journal.moment import now
from parley.journal.recording import record
from parley.mail_parsing.understood import Understood
from parley.mailboxes.events import ReplyAddressesRevoked
from parley.mailboxes.models import Mailbox, RawMail, ReplyAddress
from parley.orders.models import Order
from parley.parties.events import MembershipEnded, PartyClosed, PersonClosed
from parley.parties.models import Membership, Party, Role
from parley.tickets.models import Ticket

MAC_BITS = 100
_MAC_CHARACTERS = MAC_BITS // 5
_TOKEN = rf"(r[0-9]{{1,18}}\.[a-z2-7]{{{_MAC_CHARACTERS}}})"
_TAGGED = re.compile(rf"\+{_TOKEN}@", re.ASCII)
_IN_MESSAGE_ID = re.compile(rf"\.{_TOKEN}@", re.ASCII)
_MESSAGE_ID = re.compile(r"<?([!-;=?-~]{3,200})>?", re.ASCII)
MOST_ANSWERS = 10
_SALT = "parley.mailboxes.reply_addresses"
MOST_LOCAL_PART = 64
"""Characters before the @ (RFC 5321, 4.5.3.1.1)."""
MOST_LOOKED_AT = 200
"""Addresses and Message-IDs of one mail that are looked at: a header may name a million."""


class MayNotRevoke(PermissionError):
    """A person's addresses are revoked by the person, or by an administrator."""


def address_of(
    reader: Membership,
    *,
    ticket: Ticket | None = None,
    order: Order | None = None,
    audience: str = Audience.EVERYONE,
    audience_party: Party | None = None,
) -> ReplyAddress:
    """Where `reader` answers what this audience was told: made the first time it is asked for.

    It was about the ticket, or the order, or nothing in particular.
    """
    of = {
        "person_id": reader.person_id,
        "party_id": reader.party_id,
        "ticket": ticket,
        "order": order,
        "audience": audience,
        "audience_party": audience_party,
    }
    in_force = ReplyAddress.objects.filter(**of, revoked_at=None)
    found = in_force.first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return ReplyAddress.objects.create(**of, nonce=_new_nonce())
    except IntegrityError:  # another worker made it meanwhile
        return in_force.get()


def token_of(address: ReplyAddress) -> str:
    """Its token: `r17.` and twenty characters that nobody can guess, in lower case."""
    return f"r{address.pk}.{_mac(address)}"


def desk_mailbox() -> Mailbox | None:
    """The mailbox that answers go to: the one that sends, or else the first that is read."""
    return Mailbox.objects.filter(active=True).order_by("-sends", "pk").first()


def mail_address(address: ReplyAddress, mailbox: Mailbox | None = None) -> str:
    """The mail address (of `mailbox`; None: of the desk's); empty where no mail is taken in.

    Without the token where the mailbox knows no tags, or there is no room for one: then the
    Message-ID alone carries it.
    """
    mailbox = mailbox or desk_mailbox()
    if mailbox is None:
        return ""
    local, _at, host = mailbox.address.rpartition("@")
    tagged = f"{local}+{token_of(address)}"
    if not mailbox.tagged or len(tagged) > MOST_LOCAL_PART:
        return mailbox.address
    return f"{tagged}@{host}"


def find(understood: Understood, envelope_to: Iterable[str] = ()) -> ReplyAddress | None:
    """The reply address that a mail answers to; None if it has no token, or none of ours.

    The addresses it went to are looked at first (`envelope_to`: as its server was told), then the
    mail it answers, then those before, the latest first. It may be a revoked one (`revoked_at`): then
    the mail writes nothing.
    """
    told = list(islice(_tokens_in(_places(understood, envelope_to)), MOST_LOOKED_AT))
    rows = ReplyAddress.objects.select_related(
        "person", "party", "ticket", "order", "audience_party"
    ).in_bulk([pk for pk, _mac in told])
    for pk, mac in told:
        row = rows.get(pk)
        if row is not None and hmac.compare_digest(_mac(row), mac):
            return row
    return None


def is_tagged(address: str) -> bool:
    """Whether a mail address has the form of those that answers go to."""
    return _TAGGED.search(address.lower()) is not None


def answers_of(person_id: int, ticket_id: int, *, before: datetime) -> list[tuple[datetime, str]]:
    """When a person has written to a ticket by mail, and under which Message-IDs; the latest few."""
    mails = RawMail.objects.filter(
        person=person_id, ticket=ticket_id, received_at__lt=before, message_id__contains="@"
    )
    found = mails.order_by("-received_at").values_list("received_at", "message_id")[:MOST_ANSWERS]
    return [(at, named) for at, message_id in found for named in known_id(message_id)]


def known_id(message_id: str) -> list[str]:
    """A Message-ID somebody else made, fit to refer to in a header; none if it is not."""
    found = _MESSAGE_ID.fullmatch(message_id.strip())
    return [f"<{found[1]}>"] if found else []


def addresses_in_force(reader: Membership) -> QuerySet[ReplyAddress]:
    """Those by which the reader can write by mail, for whichever of their parties; newest first."""
    return ReplyAddress.objects.filter(person_id=reader.person_id, revoked_at=None).order_by("-pk")


def revoke(person_id: int, *, by: Membership, ticket_id: int | None = None) -> int:
    """Nothing sent to a person's addresses so far (of one ticket: `ticket_id`) writes any more.

    Later mails bring new ones. Gives how many were in force. Raises MayNotRevoke unless `by` is the
    person or an administrator.
    """
    if by.person_id != person_id and by.role != Role.ADMIN:
        raise MayNotRevoke
    in_force = ReplyAddress.objects.filter(person_id=person_id)
    if ticket_id is not None:
        in_force = in_force.filter(ticket_id=ticket_id)
    with transaction.atomic():
        count = _end(in_force)
        if count:
            record(ReplyAddressesRevoked(person=person_id, ticket=ticket_id, count=count), by=by)
    return count


def revoke_of_the_gone(event: Event, entry: Entry) -> None:
    """React at once to people who act for a party no more: they write for it by mail no more either."""
    theirs = ReplyAddress.objects.all()
    if isinstance(event, MembershipEnded):
        theirs = theirs.filter(person=event.person, party=event.party)
    elif isinstance(event, PersonClosed):
        theirs = theirs.filter(person=event.person)
    else:
        assert isinstance(event, PartyClosed)
        theirs = theirs.filter(party=event.party)
    _end(theirs)


def _end(addresses: QuerySet[ReplyAddress]) -> int:
    return addresses.filter(revoked_at=None).update(revoked_at=now())


def _places(understood: Understood, envelope_to: Iterable[str]) -> Iterator[str]:
    """Where a token may stand: mail addresses whose local part ends with it, then Message-IDs."""
    named = (one.address for one in (*understood.to, *understood.cc))
    for address in chain(envelope_to, understood.delivered_to, named):
        yield from _TAGGED.findall(address.lower())
    for message_id in chain(understood.in_reply_to, reversed(understood.references)):
        yield from _IN_MESSAGE_ID.findall(message_id.lower())


def _tokens_in(places: Iterable[str]) -> Iterator[tuple[int, str]]:
    seen = set()
    for token in places:
        if token not in seen:
            seen.add(token)
            pk, _dot, mac = token[1:].partition(".")
            yield int(pk), mac


def _mac(address: ReplyAddress) -> str:
    made = salted_hmac(_SALT, f"{address.pk}:{address.nonce}", algorithm="sha256").digest()
    return base64.b32encode(made).decode("ascii").lower()[:_MAC_CHARACTERS]


def _new_nonce() -> str:
    return base64.b32encode(secrets.token_bytes(16)).decode("ascii").lower().rstrip("=")
