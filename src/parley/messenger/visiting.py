"""Who is there: what a browser's key stands for, and visitors, made when they first say something.

A key is 256 random bits and more, of which only the SHA-256 is kept. It opens the messenger and
nothing else in the house. Whoever has said nothing yet costs no row: their key says itself, signed by
us, which site they came from and how they read. A person whom a site vouches for by a signed token
gets a key with a row at once, which ends with the day.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
import zoneinfo
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from parley.conversations.typed import typed_line
from parley.journal.moment import now
from parley.journal.recording import record
from parley.messenger.events import VisitorCame
from parley.messenger.models import Key, Site, Visitor
from parley.messenger.vouching import TokenRefused, TokenTooOld, Vouched, vouched_by
from parley.parties.access import memberships_of_email
from parley.parties.joining import found, join
from parley.parties.models import NO_MAIL, Membership, PartyKind, Person, Role
from parley.postgres.waiting import one_at_a_time

FRESH_FOR = timedelta(days=1)
"""How long a key of somebody who has said nothing yet is taken."""
KEPT_FOR = timedelta(days=90)
"""How long a visitor is known again who does not come."""
VOUCHED_FOR = timedelta(hours=12)
"""How long a site's word holds in a browser, unless it says it again."""
USE_IS_NOTED_EVERY = timedelta(hours=1)
LONGEST_KEY = 600
_VOUCHED = "pm_"
_signer = signing.Signer(sep=".", salt="parley.messenger.key")


@dataclass(frozen=True)
class Caller:
    """Who asks: as whom they act (nobody yet, for somebody new), from which site, how they read."""

    key: str
    membership: Membership | None
    site: Site | None
    language: str
    time_zone: str
    subject: str = ""
    vouched: dict[str, Any] = field(default_factory=dict)

    @property
    def is_known(self) -> bool:
        """Whether they act as somebody already."""
        return self.membership is not None


def newcomer(site: Site | None, *, language: str, time_zone: str) -> Caller:
    """Somebody nobody knows, with a key of their own; nothing is kept of them."""
    said = {
        "r": secrets.token_urlsafe(32),
        "s": site.pk if site else 0,
        "l": language,
        "z": time_zone,
        "t": int(now().timestamp()),
    }
    key = _signer.sign_object(said)
    return Caller(key, None, site, language, time_zone)


def caller_of(key: str) -> Caller | None:
    """Whom a key stands for; None when it is unknown, has ended, or its site is no more."""
    if not (0 < len(key) <= LONGEST_KEY and key.isascii()):
        return None
    row = (
        Key.objects.select_related("membership__person", "membership__party", "site")
        .filter(digest=_digest(key))
        .first()
    )
    if row is None:
        return None if key.startswith(_VOUCHED) else _new_one(key)
    if not _holds(row):
        return None
    _note_use(row)
    return _caller(key, row)


def caller_by_token(site: Site, token: str, *, key: str, language: str, time_zone: str) -> Caller:
    """Whom the site's token vouches for; `key` is one they have already, or empty.

    One of our people is recognised where the site is trusted with that and says that the address is
    theirs; never one of the operator's, nor for a company that requires a second factor, which no site
    has seen. Everybody else is a visitor of that site. A token that has
    grown old with its page lets those go on who have a key by it. Raises TokenRefused.
    """
    known = caller_of(key) if key.startswith(_VOUCHED) else None
    try:
        vouched = vouched_by(site, token)
    except TokenTooOld as old:
        if known and _is_of(known, site, old.vouched):
            return known
        raise
    if _signed_out_since(site, vouched):
        raise TokenRefused("they have signed out since")
    membership = _one_of_ours(site, vouched) or _known_visitor(site, vouched.subject)
    is_same = known is not None and known.membership == membership
    if known and is_same and _is_of(known, site, vouched) and _renewed(key, vouched):
        return known
    made = _VOUCHED + secrets.token_urlsafe(32)
    row = Key.objects.create(
        digest=_digest(made),
        membership=membership,
        site=site,
        subject=vouched.subject,
        vouched={
            "name": vouched.name,
            "email": vouched.email,
            "language": language,
            "time_zone": time_zone,
        },
        signed_at=vouched.signed_at,
        ends_at=now() + VOUCHED_FOR,
    )
    return _caller(made, row)


def arrive(caller: Caller) -> Membership:
    """The membership a caller acts with: a visitor is made of somebody new who says something now."""
    if caller.membership is not None:
        return caller.membership
    with transaction.atomic():
        # Two first words at once, of one browser or of two of one person, make one visitor.
        one_at_a_time(
            "arrive", caller.site.pk if caller.site else 0, caller.subject or _digest(caller.key)
        )
        row = Key.objects.select_related("membership__person", "membership__party").filter(
            digest=_digest(caller.key)
        ).first()  # fmt: skip
        if row is not None and row.membership is not None:
            return row.membership
        known = (
            _known_visitor(caller.site, caller.subject) if caller.subject and caller.site else None
        )
        membership = known or _make_visitor(caller)
        _keep_key(caller, row, membership)
    return membership


def go_on(key: str, site: Site | None) -> Caller | None:
    """Whom a key that a browser has kept stands for, on pages of that site (None: ours).

    One that a site's word was needed for does not hold without it: whoever has that browser now may
    be somebody else.
    """
    caller = None if key.startswith(_VOUCHED) else caller_of(key)
    if caller is None or (caller.site.pk if caller.site else None) != (site.pk if site else None):
        return None
    return caller


def read_in(caller: Caller, language: str, time_zone: str) -> None:
    """Note in which language and zone a visitor reads: as their browser says at the moment."""
    member = caller.membership
    if member is None or member.party.kind != PartyKind.VISITOR:
        return
    person = member.person
    if (person.language, person.time_zone) != (language, time_zone):
        person.language, person.time_zone = language, time_zone
        person.save(update_fields=["language", "time_zone"])


def sign_out(caller: Caller) -> None:
    """The key ends, and with it the tokens that were signed until now: they sign nobody in again."""
    Key.objects.filter(digest=_digest(caller.key), ended_at=None).update(ended_at=now())


def forget_old_keys(limit: int = 5_000) -> int:
    """Throw away keys that have run out; gives how many."""
    old = Key.objects.filter(ends_at__lt=now() - FRESH_FOR).values("pk")[:limit]
    return Key.objects.filter(pk__in=old).delete()[0]


def keys_in_force(digests: set[str]) -> set[str]:
    """Those of the digests whose keys still hold, asked for all at once: for open streams."""
    rows = Key.objects.select_related("membership__person", "membership__party", "site").filter(
        digest__in=digests
    )
    return {row.digest for row in rows if _holds(row)}


def digest_of(caller: Caller) -> str:
    """What is kept of a caller's key."""
    return _digest(caller.key)


def _new_one(key: str) -> Caller | None:
    try:
        said = _signer.unsign_object(key)
        site_id, made_at = int(said["s"]), int(said["t"])
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None
    if made_at < (now() - FRESH_FOR).timestamp():
        return None
    site = Site.objects.filter(pk=site_id, active=True).first() if site_id else None
    if site_id and site is None:
        return None
    return Caller(key, None, site, str(said["l"]), str(said["z"]))


def _holds(row: Key) -> bool:
    if row.ended_at is not None or row.ends_at <= now():
        return False
    if row.site is not None and not row.site.active:
        return False
    membership = row.membership
    if membership is None:
        return True
    if not membership.is_in_force:
        return False
    if membership.party.kind == PartyKind.VISITOR:
        return True
    # One of our people: by a site's word alone, for as long as it is taken for that. A site has seen
    # no second factor, so it is not where the company requires one.
    if membership.party.kind == PartyKind.OPERATOR or membership.party.requires_second_factor:
        return False
    return row.site is not None and row.site.trusted


def _note_use(row: Key) -> None:
    moment = now()
    if row.used_at > moment - USE_IS_NOTED_EVERY:
        return
    row.used_at = moment
    if row.signed_at is None:
        row.ends_at = moment + KEPT_FOR
    row.save(update_fields=["used_at", "ends_at"])


def _caller(key: str, row: Key) -> Caller:
    person = row.membership.person if row.membership else None
    return Caller(
        key,
        row.membership,
        row.site,
        person.language if person else row.vouched.get("language", settings.LANGUAGE_CODE),
        person.time_zone if person else row.vouched.get("time_zone", "UTC"),
        row.subject,
        row.vouched,
    )


def _signed_out_since(site: Site, vouched: Vouched) -> bool:
    ended = Key.objects.filter(site=site, subject=vouched.subject, signed_at__isnull=False)
    return ended.filter(ended_at__gte=vouched.signed_at).exists()


def _one_of_ours(site: Site, vouched: Vouched) -> Membership | None:
    if not (site.trusted and vouched.email_verified and vouched.email):
        return None
    theirs = list(memberships_of_email(vouched.email))
    if any(one.is_operator for one in theirs):
        return None  # No site's word opens the desk, nor anything of those who sit at it.
    companies = (one for one in theirs if one.party.kind != PartyKind.VISITOR)
    return next((one for one in companies if not one.party.requires_second_factor), None)


def _known_visitor(site: Site | None, subject: str) -> Membership | None:
    known = Visitor.objects.select_related("membership__person", "membership__party").filter(
        site=site, subject=subject
    )
    visitor = known.first()
    return visitor.membership if visitor else None


def _is_of(known: Caller, site: Site, vouched: Vouched) -> bool:
    """Whether a key was made by this site's word for the same one."""
    is_sites = known.site is not None and known.site.pk == site.pk
    return is_sites and known.subject == vouched.subject


def _renewed(key: str, vouched: Vouched) -> bool:
    """Let a key that they have hold for longer, since the site has said so again."""
    held = Key.objects.filter(digest=_digest(key), ended_at=None)
    return held.update(signed_at=vouched.signed_at, ends_at=now() + VOUCHED_FOR) == 1


def _make_visitor(caller: Caller) -> Membership:
    number = uuid.uuid4()
    name = typed_line(str(caller.vouched.get("name", ""))) or f"Visitor {number.hex[:4].upper()}"
    person = Person(
        email=f"visitor-{number}{NO_MAIL}",
        contact=_address(str(caller.vouched.get("email", ""))),
        name=name,
        language=caller.language,
        time_zone=caller.time_zone,
    )
    person.set_unusable_password()
    person.save()
    membership = join(person, found(PartyKind.VISITOR, name), Role.MEMBER)
    visitor = Visitor.objects.create(
        membership=membership, site=caller.site, subject=caller.subject
    )
    record(
        VisitorCame(visitor=visitor.pk, site=caller.site.pk if caller.site else None),
        by=membership,
    )
    return membership


def _keep_key(caller: Caller, row: Key | None, membership: Membership) -> None:
    if row is not None:
        row.membership = membership
        row.save(update_fields=["membership"])
        return
    Key.objects.create(
        digest=_digest(caller.key),
        membership=membership,
        site=caller.site,
        ends_at=now() + KEPT_FOR,
    )


def _address(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        return ""
    return text


def zone_or_utc(name: str) -> str:
    """A time zone that a browser names, or UTC."""
    return name if name in zoneinfo.available_timezones() else "UTC"


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
