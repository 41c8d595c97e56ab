"""People nobody knows, who wrote a mail: visitors, one for each address."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.db import transaction

from parley.assistant.telling_language import language_of
from parley.conversations.typed import typed_line
from parley.mail_parsing.understood import Address
from parley.parties.access import IN_FORCE
from parley.parties.joining import found, join
from parley.parties.models import NO_MAIL, Membership, PartyKind, Person, Role
from parley.postgres.waiting import one_at_a_time

LONGEST_NAME = 200
ENOUGH_TO_TELL = 4_000
"""Characters by which the language of a mail is told."""


def stranger_known(address: str) -> Membership | None:
    """The visitor who has written from the address before, if there is one."""
    found_ = Membership.objects.select_related("person", "party").filter(
        person__email=_key(address), **IN_FORCE
    )
    return found_.first()


def stranger_of(sender: Address, *, text: str) -> Membership:
    """The visitor for an address: made when somebody writes from it for the first time.

    Mail finds them at that address, which proves nothing. They are answered in the language of their
    `text`. Must run in the caller's transaction.
    """
    one_at_a_time("stranger", _key(sender.address))
    return stranger_known(sender.address) or _make(sender, text)


def _make(sender: Address, text: str) -> Membership:
    name = typed_line(sender.name)[:LONGEST_NAME] or sender.address[:LONGEST_NAME]
    person = Person(
        email=_key(sender.address),
        contact=sender.address,
        name=name,
        language=language_of(text[:ENOUGH_TO_TELL], settings.LANGUAGE_CODE),
        time_zone=settings.OPERATOR_TIME_ZONE,
    )
    person.set_unusable_password()
    with transaction.atomic():
        person.save()
        return join(person, found(PartyKind.VISITOR, name), Role.MEMBER)


def _key(address: str) -> str:
    digest = hashlib.sha256(address.strip().lower().encode("utf-8", "ignore")).hexdigest()
    return f"mail-{digest[:40]}{NO_MAIL}"
