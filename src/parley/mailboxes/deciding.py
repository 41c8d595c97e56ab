"""Deciding what becomes of a mail: whose it is, to which ticket, who will read it; or why not.

It only reads. What is decided is done in `writing`, which asks every rule of the ticket again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q

from parley.conversations.access import messages_visible_to
from parley.conversations.models import Audience
from parley.conversations.typed import typed
from parley.mail_parsing.quotes import begins_with_a_quote
from parley.mail_parsing.understood import Understood
from parley.mailboxes import reply_addresses
from parley.mailboxes.limiting import repeats, too_many_from
from parley.mailboxes.message_ids import own_mark, tickets_named
from parley.mailboxes.models import Mailbox, Outcome, RawMail, ReplyAddress
from parley.mailboxes.noting import sender_of
from parley.mailboxes.reasons import (
    EMPTY,
    NO_ACCOUNT,
    NO_SENDER,
    NOT_TO_US,
    NULL_SENDER,
    OTHER_SENDER,
    OWN_PEOPLE,
    QUOTE_FIRST,
    REPEATS,
    REVOKED,
    SECOND_FACTOR,
    SEVERAL_COMPANIES,
    TOO_MANY,
    UNPROVEN,
    WHO_READS,
    reason,
)
from parley.mailboxes.recipients import first_mailbox
from parley.mailboxes.strangers import stranger_known
from parley.mailboxes.trusting import DMARC_FAILED, Proof
from parley.parties.access import IN_FORCE, memberships_in_force, memberships_of_email
from parley.parties.models import NO_MAIL, Membership, Person
from parley.tickets.models import Ticket, TicketSide
from parley.tickets.states import Side

MOST_TICKETS = 5
"""Tickets that a mail names which are looked at."""
MOST_REFERENCES = 50
MOST_ADDRESSES = 50
"""Of To and Cc, among which one of ours is looked for."""
LONGEST_ADDRESS = 254
_NUMBER = re.compile(r"\[[^\[\]]{0,20}?T-(\d{1,18})\]", re.ASCII)
LET_IN = "let_in"


@dataclass(frozen=True, kw_only=True)
class Listed:
    """It is listed, and nothing is written: automatic, a bounce, our own."""

    outcome: Outcome
    reason: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class ToReview:
    """It waits until somebody has looked at it."""

    reason: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class ToWrite:
    """It is written as `by`: on a ticket, or (None) as a new one. `verified`: by what that is known.

    `side` is that of the ticket, of a word for one side. `address` is the one it came to, if any.
    """

    by: Membership
    verified: str
    ticket: int | None = None
    audience: str = Audience.EVERYONE
    side: Side = Side.NOBODY
    order: int | None = None
    address: int | None = None


@dataclass(frozen=True, kw_only=True)
class ToOpenForStranger:
    """It opens a ticket of somebody nobody knows, for somebody to look at."""

    verified: str


Decision = Listed | ToReview | ToWrite | ToOpenForStranger


class Later(Exception):
    """Whether it is from where it says can't be looked up now; `why` as `Proof` says it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Asked:
    """What is decided about. `prove` looks up whether it is from where it says: only where that matters.

    `disproved`: a server of ours says that it is not, for which nobody is asked. `trusted`: somebody of
    the operator's lets it in, whatever is not proven.
    """

    mail: RawMail
    understood: Understood
    prove: Callable[[], Proof]
    disproved: Callable[[], bool]
    trusted: bool = False

    @property
    def sender(self) -> str:
        return sender_of(self.understood)

    def proof(self) -> str:
        """By what the sender is proven. Raises Later, or _Refused when nothing proves them."""
        if self.trusted:
            return LET_IN
        proof = self.prove()
        if proof.temporary:
            raise Later(proof.why)
        if not proof.method:
            raise _Refused(reason(UNPROVEN, why=proof.why, address=self.sender))
        if not _is_to_us(self.understood):
            # Whoever got a signed mail can send it on as it is, and it stays signed.
            raise _Refused(reason(NOT_TO_US))
        return proof.method


class _Refused(Exception):
    def __init__(self, why: dict[str, Any]) -> None:
        super().__init__(why["code"])
        self.reason = why


def _is_to_us(understood: Understood) -> bool:
    """Whether it names one of our addresses; where none is set up, it was taken in by hand."""
    named = islice(chain(understood.to, understood.cc), MOST_ADDRESSES)
    if first_mailbox(one.address for one in named) is not None:
        return True
    return not Mailbox.objects.filter(active=True).exists()


def decide(asked: Asked) -> Decision:
    """What becomes of the mail. Raises Later."""
    if not asked.trusted and (listed := _no_persons(asked)):
        return listed
    try:
        return _decide(asked)
    except _Refused as refused:
        return ToReview(reason=refused.reason)


def _no_persons(asked: Asked) -> Listed | None:
    """What no person wrote now: nothing of it is posted, and nothing answers it."""
    understood = asked.understood
    if _is_own(understood):
        return Listed(outcome=Outcome.OWN, reason={})
    if bounce := understood.bounce:
        about = reason(
            "bounce", address=bounce.address, status=bounce.status, words=bounce.words,
            permanent=bounce.permanent,
        )  # fmt: skip
        return Listed(outcome=Outcome.BOUNCE, reason=about)
    if automatic := understood.automatic:
        why = reason(automatic.why, evidence=automatic.evidence)
        return Listed(outcome=Outcome.AUTOMATIC, reason=why)
    if asked.mail.envelope_from == "<>":
        return Listed(outcome=Outcome.AUTOMATIC, reason=reason(NULL_SENDER))
    return None


def _is_own(understood: Understood) -> bool:
    """A mail that this site sent and that came back to it, whoever passed it on."""
    if understood.own_mark.strip().lower() == own_mark().lower():
        return True
    sender = sender_of(understood)
    return bool(sender) and Mailbox.objects.filter(address__iexact=sender).exists()


def _decide(asked: Asked) -> Decision:
    sender = asked.sender
    if not is_address(sender):
        raise _Refused(reason(NO_SENDER))
    understood = asked.understood
    if not asked.trusted and too_many_from(asked.mail, sender, sent_at=understood.date):
        raise _Refused(reason(TOO_MANY))
    address = reply_addresses.find(understood, asked.mail.envelope_to)
    if address is not None and not (asked.trusted and _writes_elsewhere(asked, address)):
        return _by_token(asked, address)
    return _by_sender(asked)


def is_address(sender: str) -> bool:
    """Whether somebody may be known by it, and answered at it; the keys of visitors are no addresses."""
    try:
        validate_email(sender)
    except ValidationError:
        return False
    return len(sender) <= LONGEST_ADDRESS and not sender.endswith(NO_MAIL)


def _writes_elsewhere(asked: Asked, address: ReplyAddress) -> bool:
    """Whether the sender is known on the ticket by their own address, and not by the token's."""
    if address.person.is_at(asked.sender) or address.ticket_id is None:
        return False
    return _on_ticket(asked.sender, address.ticket_id) is not None


def _by_token(asked: Asked, address: ReplyAddress) -> Decision:
    if not asked.trusted:
        if address.revoked_at is not None:
            raise _Refused(reason(REVOKED, ticket=address.ticket_id))
        if not address.person.is_at(asked.sender):
            why = reason(OTHER_SENDER, address=address.person.mailbox, ticket=address.ticket_id)
            raise _Refused(why)
        if asked.disproved():
            raise _Refused(reason(UNPROVEN, why=DMARC_FAILED, address=asked.sender))
    acting = Membership.objects.filter(person=address.person_id, party=address.party_id, **IN_FORCE)
    by = _may_act(acting.select_related("person", "party").first(), address.ticket_id)
    _needs_own_words(asked, by, address.ticket)
    side = Side.NOBODY
    if address.ticket is not None and address.audience_party_id:
        side = address.ticket.side_of(address.audience_party_id)
    return ToWrite(
        by=by,
        verified=LET_IN if asked.trusted else "token",
        ticket=address.ticket_id,
        audience=address.audience,
        side=side,
        order=address.order_id,
        address=address.pk,
    )


def _may_act(by: Membership | None, ticket: int | None) -> Membership:
    if by is None:
        raise _Refused(reason(REVOKED, ticket=ticket))
    found = memberships_in_force([by.pk]).first()
    if found is not None and found.owes_second_factor:
        raise _Refused(reason(SECOND_FACTOR))
    if ticket is None and by.is_operator:
        raise _Refused(reason(OWN_PEOPLE))
    return by


def _by_sender(asked: Asked) -> Decision:
    for ticket in _tickets_named(asked):
        by = _on_ticket(asked.sender, ticket.pk)
        if by is not None:
            return _on(asked, by, ticket)
    if Person.objects.filter(email=asked.sender).exists():
        return _new_of_known(asked)
    known = stranger_known(asked.sender)
    if known is not None:
        verified = asked.proof()
        if asked.trusted or _was_let_in(known):
            return ToWrite(by=known, verified=verified)
        return ToOpenForStranger(verified=verified)
    if asked.trusted:
        return ToOpenForStranger(verified=LET_IN)
    # Nobody waits for an answer of the sender's name server: what opens is looked at anyway.
    return ToOpenForStranger(verified=asked.prove().method)


def _on(asked: Asked, by: Membership, ticket: Ticket) -> Decision:
    verified = asked.proof()
    _may_act(by, ticket.pk)
    _needs_own_words(asked, by, ticket)
    if not _was_told_more(by, ticket):
        return ToWrite(by=by, verified=verified, ticket=ticket.pk)
    if not asked.trusted:
        # It may answer what was said to fewer: then everybody would read the answer.
        raise _Refused(reason(WHO_READS, ticket=ticket.pk))
    if by.is_operator:
        return ToWrite(by=by, verified=verified, ticket=ticket.pk, audience=Audience.OPERATOR)
    side = ticket.side_of(by.party_id)
    audience = Audience.SIDE
    return ToWrite(by=by, verified=verified, ticket=ticket.pk, audience=audience, side=side)


def _was_told_more(by: Membership, ticket: Ticket) -> bool:
    """Whether anything was said to them, and not to everybody, that they may answer here.

    What was merged or split off stands elsewhere by now; that it was mailed is known by its address.
    """
    told = ReplyAddress.objects.filter(person=by.person_id, ticket=ticket.pk)
    if told.exclude(audience=Audience.EVERYONE).exists():
        return True
    where = ticket.merged_into or ticket
    narrower = messages_visible_to(by, where.conversation_id).exclude(audience=Audience.EVERYONE)
    return narrower.exists()


def _new_of_known(asked: Asked) -> Decision:
    verified = asked.proof()
    theirs = list(memberships_of_email(asked.sender))
    if not theirs:
        raise _Refused(reason(NO_ACCOUNT))
    if len(theirs) > 1 and not asked.trusted:
        raise _Refused(reason(SEVERAL_COMPANIES))
    return ToWrite(by=_may_act(theirs[0], None), verified=verified)


def _was_let_in(visitor: Membership) -> bool:
    """Whether somebody has looked at a mail of theirs before, and found it good."""
    written = (Outcome.OPENED, Outcome.POSTED)
    let_in = RawMail.objects.filter(person=visitor.person_id, outcome__in=written)
    return let_in.exclude(reviewed_by=None).exists()


def _needs_own_words(asked: Asked, by: Membership, ticket: Ticket | None) -> None:
    """An answer of nothing but a quote would show everybody what was said to its writer alone.

    And one that says the same again and again is a machine's, that answers another.
    """
    text = asked.understood.text
    if not text.strip() and not asked.understood.files:
        raise _Refused(reason(EMPTY))
    if ticket is None or asked.trusted:
        return
    if begins_with_a_quote(text):
        raise _Refused(reason(QUOTE_FIRST, ticket=ticket.pk))
    if repeats(by.person_id, ticket.merged_into_id or ticket.pk, typed(text).strip()):
        raise _Refused(reason(REPEATS, ticket=ticket.pk))


def _tickets_named(asked: Asked) -> Iterator[Ticket]:
    """The tickets that a mail may be about: by what it answers, then by the number in its subject."""
    understood = asked.understood
    named = (*understood.in_reply_to, *reversed(understood.references))
    answered = tuple(typed(one) for one in named[:MOST_REFERENCES])
    keys = [
        *tickets_named(answered),
        *_by_mails_before(answered),
        *(int(number) for number in _NUMBER.findall(understood.subject)),
    ]
    wanted = list(dict.fromkeys(keys))[:MOST_TICKETS]
    found = Ticket.objects.in_bulk(wanted)
    for key in wanted:
        if key in found:
            yield found[key]


def _by_mails_before(answered: tuple[str, ...]) -> list[int]:
    """The tickets that the mails went into which this one goes on, whoever wrote those."""
    if not answered:
        return []
    before = RawMail.objects.filter(message_id__in=answered, ticket__isnull=False)
    return [
        pk for pk in before.order_by("-id").values_list("ticket", flat=True)[:MOST_TICKETS] if pk
    ]


def _on_ticket(sender: str, ticket_id: int) -> Membership | None:
    """As whom the address writes on the ticket: a company's person before the operator's."""
    parties = TicketSide.objects.filter(ticket=ticket_id).values("party")
    theirs = Q(person__email=sender) | Q(
        person__email__endswith=NO_MAIL, person__contact__iexact=sender
    )
    found = Membership.objects.select_related("person", "party").filter(
        theirs, party__in=parties, **IN_FORCE
    )
    # To the database, `i` without its dot is the same letter, and to DNS another domain.
    same = (one for one in found if one.person.is_at(sender))
    return min(same, key=lambda one: (one.is_operator, one.pk), default=None)
