"""Finding mails that came in, for the operator's people: by what became of them, by words, by person."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    BooleanField,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject

from parley.mailboxes.access import mails_visible_to
from parley.mailboxes.models import MailedMessage, Outcome, RawMail
from parley.parties.models import Membership
from parley.postgres.keysets import Keyset, Page

PAGE = 40
LONGEST_WORDS = 100
TO_LOOK_AT = (Outcome.REVIEW, Outcome.SET_ASIDE)
"""What waits for somebody to look at it."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which mails. `words` stand in the subject or in the sender's address; empty: all."""

    outcome: str = ""
    words: str = ""
    person: int | None = None
    ticket: int | None = None
    mailbox: int | None = None


def find_mails(reader: Membership, wanted: Wanted, *, cursor: str = "") -> Page[RawMail]:
    """A page of mails, the latest first, with their person, ticket and mailbox.

    Raises CursorUnreadable.
    """
    keyset = Keyset(("id",), cursor, PAGE)
    found = _fitting(reader, wanted).select_related("person", "ticket", "mailbox", "reviewed_by")
    return keyset.page(list(keyset.cut(found)))


def to_look_at(reader: Membership, *, cursor: str = "") -> Page[RawMail]:
    """What waits for somebody: held for review, or set aside; the latest first, as `find_mails`."""
    keyset = Keyset(("id",), cursor, PAGE)
    waiting = mails_visible_to(reader).filter(outcome__in=TO_LOOK_AT)
    return keyset.page(list(keyset.cut(waiting.select_related("person", "ticket", "mailbox"))))


def how_many_to_look_at(reader: Membership, most: int) -> int:
    """How many wait for somebody; none are counted beyond `most`."""
    return mails_visible_to(reader).filter(outcome__in=TO_LOOK_AT)[:most].count()


def mailed_on_row(reader: Membership) -> ArraySubquery:
    """Of the messages on a side's ticket those that came by mail, of what `access.mailed_of` gives.

    An expression on sides, for a ticket's row: a list of `message` (id) and `more` (whether there was
    anything beside its text). `reader` may be the one of a question (`parties.access.any_reader`).
    """
    came = MailedMessage.objects.filter(message__conversation=OuterRef("ticket__conversation"))
    if not reader.is_operator:
        came = came.filter(message__party=reader.party_id)
    has_more = ~Q(folded="") | ~Q(signature="")
    told = JSONObject(message="message_id", more=ExpressionWrapper(has_more, BooleanField()))
    return ArraySubquery(came.order_by("message").values(told=told))


def unverified_opening(reader: Membership) -> Combinable:
    """The id of the mail that opened a side's ticket and that nobody has looked at; as `mailed_on_row`.

    Null for a ticket that has none, and for all but the operator's people.
    """
    if not reader.is_operator:
        return Value(None, output_field=BigIntegerField())
    waiting = RawMail.objects.filter(ticket=OuterRef("ticket"), outcome=Outcome.REVIEW)
    return Subquery(waiting.order_by("id").values("id")[:1])


def _fitting(reader: Membership, wanted: Wanted) -> QuerySet[RawMail]:
    mails = mails_visible_to(reader)
    if wanted.outcome:
        mails = mails.filter(outcome=wanted.outcome)
    if wanted.person is not None:
        mails = mails.filter(person=wanted.person)
    if wanted.ticket is not None:
        mails = mails.filter(ticket=wanted.ticket)
    if wanted.mailbox is not None:
        mails = mails.filter(mailbox=wanted.mailbox)
    words = " ".join(wanted.words.replace("\x00", "").split())[:LONGEST_WORDS]
    if words:
        mails = mails.filter(Q(subject__icontains=words) | Q(sender__icontains=words))
    return mails
