"""Erasing a person (GDPR, Art. 17): what is theirs alone goes, what others rely on stays without them.

Messages, tickets and their files are the other side's record as well (Art. 17(3)(e)): they stay, said
by a "former member of" the company. Name, address, ways to sign in, drafts, notices go.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from parley.conversations.models import Attachment, Draft, Message
from parley.guard.models import HeldReply, HeldState
from parley.journal.recording import record
from parley.mailboxes.forgetting import forget_mails_of, mails_of
from parley.mailboxes.models import ReplyAddress
from parley.messenger.models import Key, Visitor
from parley.notifications.models import Mute, Notice, Preference, Undeliverable
from parley.parties.closing import close_person
from parley.parties.models import (
    COMPANIES,
    NO_MAIL,
    ApiToken,
    Invitation,
    JoinRequest,
    Membership,
    PartyKind,
    Person,
    PinUse,
    Role,
    Session,
    SupportPin,
    WayBack,
)
from parley.postgres.text_search import CONFIGURATION, searchable
from parley.privacy.counting import count_each
from parley.privacy.events import PersonErased
from parley.tickets.models import Reading, Ticket, UnsentReply

ERASED = "erased-"


class NotConfirmed(ValueError):
    """The address that was typed to confirm is not the person's."""


class ErasedAlready(Exception):
    """There is nothing of them any more."""


def is_erased(person: Person) -> bool:
    """Whether nothing of the person is kept any more."""
    return person.email.startswith(ERASED) and person.email.endswith(NO_MAIL)


def erase(person_id: int, confirmed: str, *, by: Membership) -> None:
    """Erase the person whose e-mail address was typed to confirm.

    Raises PermissionDenied (administrators do it), Person.DoesNotExist, NotConfirmed, ErasedAlready,
    and what `parties.closing.close_person` raises: NotOneself, LastOne of a company that has nobody
    else. Then nothing has changed.
    """
    if by.role != Role.ADMIN:
        raise PermissionDenied
    files: list[str] = []
    with transaction.atomic():
        person = _closed(person_id, confirmed, by)
        _forget_words(person)
        _forget_asking(person)
        files += _unsent_files(person)
        removed = {name: rows(person).delete()[0] for name, rows in BELONGINGS.items()}
        removed["mails"] = forget_mails_of(person)
        _forget_name(person)
        record(PersonErased(person=person_id, removed=removed), by=by)
    for path in files:
        default_storage.delete(path)


def belongings_of(person: Person) -> dict[str, int]:
    """How much there is of what would go, by what it is; and `messages`, which stay."""
    kinds = {name: rows(person) for name, rows in BELONGINGS.items()} | {"mails": mails_of(person)}
    return count_each(kinds | {"messages": Message.objects.filter(person=person)})


def _closed(person_id: int, confirmed: str, by: Membership) -> Person:
    """The person, who acts here no more, locked."""
    person = Person.objects.get(pk=person_id)
    if is_erased(person):
        raise ErasedAlready
    if confirmed.strip().lower() not in {person.email, person.mailbox} - {""}:
        raise NotConfirmed
    # Whoever changes a person's memberships locks their parties, and then the person: so do we.
    if Membership.objects.filter(person=person, party__kind__in=COMPANIES).exists():
        close_person(person_id, by=by)
    person = Person.objects.select_for_update().get(pk=person_id)
    if is_erased(person):
        raise ErasedAlready
    return person


def _forget_asking(person: Person) -> None:
    """Take the name out of what owners were told when the person asked to join their company."""
    for asked in _join_requests(person):
        owners = Membership.objects.filter(party=asked.party_id).values("person")
        told = Notice.objects.filter(
            person__in=owners, party=asked.party_id, event="JoinAsked", facts__name=asked.name
        )
        told.update(facts={"name": _("Somebody")})


def _join_requests(person: Person) -> QuerySet[JoinRequest]:
    return JoinRequest.objects.filter(Q(person=person) | Q(email__iexact=person.email))


def _forget_name(person: Person) -> None:
    membership = (
        Membership.objects.filter(person=person).select_related("party").order_by("pk").first()
    )
    is_visitor = membership is not None and membership.party.kind == PartyKind.VISITOR
    with translation.override(settings.LANGUAGE_CODE):
        visitor = _("Visitor")
        party = membership.party.name if membership else _("the marketplace")
        name = visitor if is_visitor else _("Former member of %(party)s") % {"party": party}
    Person.objects.filter(pk=person.pk).update(
        name=name[:200],
        email=f"{ERASED}{person.pk}{NO_MAIL}",
        contact="",
        password="!",  # noqa: S106 - what no password ever hashes to
        language=settings.LANGUAGE_CODE,
        time_zone="UTC",
        unread_notices=0,
        mail_fails="",
        is_active=False,
    )
    # How a site that vouched for a visitor calls them there.
    Visitor.objects.filter(membership__person=person).update(subject="")
    if membership and is_visitor:
        # A visitor's party is named for them.
        type(membership.party).objects.filter(pk=membership.party_id).update(name=visitor)


def _forget_words(person: Person) -> None:
    """Take the name out of what tickets are found by."""
    conversations = Message.objects.filter(person=person).values("conversation")
    opened = Q(opener_person=person) | Q(conversation__in=conversations)
    keys = list(Ticket.objects.filter(opened).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tickets_words SET everyone = ts_delete(everyone, name.words),"
            " opener = ts_delete(opener, name.words),"
            " counterparty = ts_delete(counterparty, name.words),"
            " operator = ts_delete(operator, name.words)"
            " FROM (SELECT tsvector_to_array(to_tsvector(%s::regconfig, %s)) AS words) AS name"
            " WHERE ticket_id = ANY(%s)",
            [CONFIGURATION, searchable(person.name), keys],
        )


def _unsent_files(person: Person) -> list[str]:
    unsent = _unsent(person)
    return [path for row in unsent.values_list("stored_as", "thumbnail") for path in row if path]


def _unsent(person: Person) -> QuerySet[Attachment]:
    return Attachment.objects.filter(person=person, message=None)


BELONGINGS: dict[str, Callable[[Person], QuerySet[Any]]] = {
    "held_replies": lambda p: HeldReply.objects.filter(sender__person=p).exclude(
        state=HeldState.RELEASED
    ),
    "unsent_replies": lambda p: UnsentReply.objects.filter(sender__person=p),
    "unsent_files": _unsent,
    "drafts": lambda p: Draft.objects.filter(person=p),
    "notices": lambda p: Notice.objects.filter(person=p),
    "notice_choices": lambda p: Preference.objects.filter(person=p),
    "muted_tickets": lambda p: Mute.objects.filter(person=p),
    "undeliverable_addresses": lambda p: Undeliverable.objects.filter(person=p),
    "reply_addresses": lambda p: ReplyAddress.objects.filter(person=p),
    "readings": lambda p: Reading.objects.filter(person=p),
    "sessions": lambda p: Session.objects.filter(person=p),
    "api_tokens": lambda p: ApiToken.objects.filter(membership__person=p),
    "messenger_keys": lambda p: Key.objects.filter(membership__person=p),
    "support_pin": lambda p: SupportPin.objects.filter(person=p),
    "support_pin_uses": lambda p: PinUse.objects.filter(person=p),
    "ways_back": lambda p: WayBack.objects.filter(person=p),
    "invitations": lambda p: Invitation.objects.filter(Q(person=p) | Q(email__iexact=p.email)),
    "join_requests": _join_requests,
    "second_factors": lambda p: Authenticator.objects.filter(user=p),
    "mail_addresses": lambda p: EmailAddress.objects.filter(user=p),
    "single_sign_on": lambda p: SocialAccount.objects.filter(user=p),
}
"""What goes with the person, and how its rows are found."""
