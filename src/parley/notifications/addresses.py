"""The addresses that mails link to."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from parley.messenger.access import has_messenger, site_of_visitor
from parley.notifications.unsubscribing import unsubscribe_token
from parley.parties.models import Membership, PartyKind
from parley.tickets import addresses


def ticket_address(reader: Membership, ticket_id: int, message_id: int | None = None) -> str:
    """The ticket's page for this reader, at the very message if one is given.

    A visitor has no pages here: they are led to where their messenger is; empty for one who wrote a
    mail, and has none.
    """
    if reader.party.kind == PartyKind.VISITOR:
        return messenger_address(reader) if has_messenger(reader) else ""
    place = f"#m{message_id}" if message_id else ""
    return addresses.ticket_address(reader, ticket_id) + place


def messenger_address(visitor: Membership) -> str:
    """Where a visitor has asked: the site whose browser knows them again, or our own page."""
    site = site_of_visitor(visitor)
    if site is not None and site.active and site.origins:
        return f"{site.origins[0]}/"
    return f"{settings.PUBLIC_URL}/messenger/"


def page_address(path: str) -> str:
    """A page of the site."""
    return f"{settings.PUBLIC_URL}{path}"


def attachment_address(attachment_id: UUID) -> str:
    """Where a file is downloaded, by those who may."""
    return f"{settings.PUBLIC_URL}/attachments/{attachment_id}/"


def notices_address() -> str:
    """The list behind the bell."""
    return f"{settings.PUBLIC_URL}/notices/"


def settings_address() -> str:
    """Where one chooses what to be told of."""
    return f"{settings.PUBLIC_URL}/settings/#ways"


def unsubscribe_address(person_id: int, kind: str) -> str:
    """The page, and the address for one click, that turns mails of this kind off for the person."""
    return f"{settings.PUBLIC_URL}/notices/unsubscribe/{unsubscribe_token(person_id, kind)}/"


def invitation_address(secret: str) -> str:
    """Where an invitation is accepted by whoever has its link."""
    return f"{settings.PUBLIC_URL}/account/invitations/{secret}/"
