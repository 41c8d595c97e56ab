"""The sites that have the messenger on their pages: the administrators' to make, change and stop."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from parley.conversations.typed import typed_line
from parley.journal.moment import now
from parley.journal.recording import record
from parley.messenger.events import SiteChanged
from parley.messenger.models import Key, Site
from parley.parties.models import Membership, Role

OVERLAP = timedelta(days=2)
"""How long the secret before the last still counts: time enough to put the new one in its place."""
MOST_ORIGINS = 20
LONGEST_NAME = 100
_KEY = re.compile(r"[A-Za-z0-9_-]{8,40}")


class SiteRefused(ValueError):
    """A site can't be kept so; `problems` says why, field by field, for the reader."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


def may_keep_sites(reader: Membership) -> bool:
    """Whether the reader keeps the sites: the operator's administrators alone do."""
    return reader.role == Role.ADMIN


def sites_of(reader: Membership) -> QuerySet[Site]:
    """All sites, for those who keep them; nothing for anybody else."""
    return Site.objects.order_by("name", "id") if may_keep_sites(reader) else Site.objects.none()


def site_of_key(key: str) -> Site | None:
    """The active site with this public key."""
    return Site.objects.filter(key=key, active=True).first() if _KEY.fullmatch(key) else None


def is_of_a_site(origin: str) -> bool:
    """Whether pages of this origin may ask at all: some active site has it."""
    return Site.objects.filter(active=True, origins__contains=[origin]).exists()


def make_site(
    name: str, origins: Iterable[str], *, by: Membership, trusted: bool = False
) -> tuple[Site, str]:
    """A new site, and its secret, which is not shown again. Raises SiteRefused, PermissionDenied."""
    _only_keepers(by)
    name, origins = _checked(name, origins)
    secret = _new_secret()
    with transaction.atomic():
        site = Site.objects.create(
            name=name,
            key=secrets.token_urlsafe(12),
            secret={"now": secret},
            origins=origins,
            trusted=trusted,
        )
        told = {"name": name, "origins": origins, "trusted": trusted, "secret": "made"}
        record(SiteChanged(site=site.pk, fields=told), by=by)
    return site, secret


def change_site(
    site_id: int, *, by: Membership, name: str, origins: Iterable[str], trusted: bool, active: bool
) -> Site:
    """Set what a site is. Raises Site.DoesNotExist, SiteRefused, PermissionDenied."""
    _only_keepers(by)
    name, origins = _checked(name, origins)
    wanted: dict[str, Any] = {
        "name": name, "origins": origins, "trusted": trusted, "active": active,
    }  # fmt: skip
    with transaction.atomic():
        site = Site.objects.select_for_update().get(pk=site_id)
        changed = {
            field: (getattr(site, field), value)
            for field, value in wanted.items()
            if getattr(site, field) != value
        }
        if not changed:
            return site
        for field, (_before, value) in changed.items():
            setattr(site, field, value)
        site.save(update_fields=list(changed))
        record(SiteChanged(site=site.pk, fields=changed), by=by)
    return site


def rotate_secret(site_id: int, *, by: Membership, at_once: bool = False) -> tuple[Site, str]:
    """A new secret, which is not shown again. The old one counts for two days more.

    `at_once`: it does not, for it is known to somebody; and all that was got with tokens of this site
    ends. Raises Site.DoesNotExist, PermissionDenied.
    """
    _only_keepers(by)
    secret = _new_secret()
    with transaction.atomic():
        site = Site.objects.select_for_update().get(pk=site_id)
        before = "" if at_once else site.secret.get("now", "")
        until = (now() + OVERLAP).isoformat()
        site.secret = {"now": secret} | ({"before": before, "until": until} if before else {})
        site.save(update_fields=["secret"])
        if at_once:
            vouched = Key.objects.filter(site=site, signed_at__isnull=False, ended_at=None)
            vouched.update(ended_at=now())
        told = {"secret": "replaced at once" if at_once else "replaced"}
        record(SiteChanged(site=site.pk, fields=told), by=by)
    return site, secret


def secrets_of(site: Site) -> list[str]:
    """The secrets that tokens of the site may be signed with now, the newest first."""
    kept = site.secret
    found = [kept.get("now", "")]
    if kept.get("before") and datetime.fromisoformat(kept["until"]) > now():
        found.append(kept["before"])
    return [secret for secret in found if secret]


def origin_of(text: str) -> str | None:
    """The origin (RFC 6454) that somebody means by an address, as browsers write it; None if none."""
    text = typed_line(text)
    if "://" not in text and "." not in text:
        return None
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("https", "http") or not host or parts.username is not None:
        return None
    try:
        host = host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        return None
    if not re.fullmatch(r"[a-z0-9.-]+", host):
        return None
    is_usual = port is None or port == {"https": 443, "http": 80}[parts.scheme]
    return f"{parts.scheme}://{host}" + ("" if is_usual else f":{port}")


def _checked(name: str, origins: Iterable[str]) -> tuple[str, list[str]]:
    name = typed_line(name)
    given = [line for line in origins if line.strip()]
    meant = [origin_of(line) for line in given]
    problems = {
        "name": _problem_with_name(name),
        "origins": _problem_with_origins(given, meant),
    }
    if any(problems.values()):
        raise SiteRefused({field: words for field, words in problems.items() if words})
    return name, list(dict.fromkeys(origin for origin in meant if origin))


def _problem_with_name(name: str) -> str:
    if 0 < len(name) <= LONGEST_NAME:
        return ""
    return _("Write a name of at most %(most)s characters.") % {"most": LONGEST_NAME}


def _problem_with_origins(given: list[str], meant: list[str | None]) -> str:
    if not given:
        return _("Write at least one address, such as https://shop.example.")
    if len(given) > MOST_ORIGINS:
        return _("A site has at most %(most)s addresses.") % {"most": MOST_ORIGINS}
    wrong = next((line for line, origin in zip(given, meant, strict=True) if origin is None), None)
    if wrong is None:
        return ""
    return _("“%(address)s” is no address of a site. Write it such as https://shop.example.") % {
        "address": typed_line(wrong)[:100]
    }


def _only_keepers(by: Membership) -> None:
    if not may_keep_sites(by):
        raise PermissionDenied


def _new_secret() -> str:
    return secrets.token_urlsafe(32)
