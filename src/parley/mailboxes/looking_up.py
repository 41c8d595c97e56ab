"""Looking up what a domain publishes of itself for mail: TXT records."""

from __future__ import annotations

import dns.exception
import dns.resolver
from django.conf import settings

SECONDS = 5
"""So long one look-up may take, all its tries together."""
LENGTH = 4_096
"""Bytes of a record that are read: a key of 8192 bits has 1,500 letters."""

_NOT_NOW = (
    dns.exception.Timeout,
    dns.resolver.NoNameservers,
    dns.resolver.NoResolverConfiguration,
    OSError,
)


class CannotLookUp(Exception):
    """It is not known whether there is such a record: asking again later may tell."""


def txt_of(name: str) -> bytes | None:
    """The TXT record of a name; None: there is none. Raises CannotLookUp.

    Asks the system's resolver, or the one that `settings.MAIL_DNS` names (`127.0.0.1:5353`).
    """
    try:
        answer = _resolver().resolve(name, "TXT", search=False)
    except _NOT_NOW as trouble:
        raise CannotLookUp(f"{name}: {type(trouble).__name__}") from trouble
    except (dns.exception.DNSException, UnicodeError, ValueError):
        return None  # no such name, or nothing that could be one
    records = [b"".join(record.strings) for record in answer]
    return records[0][:LENGTH] if records else None


def _resolver() -> dns.resolver.Resolver:
    asked = getattr(settings, "MAIL_DNS", "")
    if not asked:
        resolver = dns.resolver.Resolver()
    else:
        host, _, port = asked.rpartition(":")
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers = [host.strip("[]")]
        resolver.port = int(port)
    resolver.lifetime = SECONDS
    return resolver
