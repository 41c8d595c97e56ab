"""Turning mails off from a mail, without signing in (RFC 8058).

The link carries who and which kind, signed: nobody can guess or change it, and all it can do is
turn that one thing off for that one person. It works as long as the mail lies in a mailbox.
"""

from __future__ import annotations

from typing import NamedTuple

from django.core import signing
from django.utils.translation import gettext as _

from parley.notifications.choosing import set_ways
from parley.notifications.models import Kind, Preference, Way
from parley.parties.access import acting_membership
from parley.parties.models import Person

DIGEST = "digest"
"""In place of a kind: everything that comes in the digest."""
_signer = signing.Signer(salt="parley.notifications.unsubscribe")


class Subscription(NamedTuple):
    """What an unsubscribing link is about: a person, and a kind of notice or the digest."""

    person: Person
    kind: str

    @property
    def words(self) -> str:
        """What it is, in the active language."""
        return _("The daily digest") if self.kind == DIGEST else str(Kind(self.kind).label)


def unsubscribe_token(person_id: int, kind: str) -> str:
    """The signed part of the link."""
    return _signer.sign_object([person_id, kind])


def subscription(token: str) -> Subscription | None:
    """What a presented link is about; None when it isn't one of ours."""
    try:
        person_id, kind = _signer.unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if kind != DIGEST and kind not in Kind.values:
        return None
    member = acting_membership(person_id)
    return Subscription(member.person, kind) if member else None


def unsubscribe(subscribed: Subscription) -> None:
    """No more mails of this kind; the bell still tells. A repeat changes nothing."""
    person_id = subscribed.person.pk
    if subscribed.kind == DIGEST:
        Preference.objects.filter(person=person_id, way=Way.DIGEST).update(way=Way.OFF)
    else:
        set_ways(person_id, {subscribed.kind: Way.OFF})
