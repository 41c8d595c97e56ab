"""Which machines may be reached when a person has typed the address (against SSRF, OWASP A10:2021).

A person's own servers are reached; this machine and what it is managed by are not: loopback,
link-local addresses and the metadata services of clouds, from where secrets could be had. Private
networks (RFC 1918) are reached, since a supplier's server may stand in a VPN. With
`PARLEY_ALLOW_LOCAL_HOSTS` this machine is reached, too; and by what an administrator has set up,
such as a mailbox.

A name is resolved once: whoever connects uses the addresses that were looked at here, so that the
name can't point elsewhere a moment later (DNS rebinding).
"""

from __future__ import annotations

import ipaddress
import socket
from typing import Final

from django.conf import settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_METADATA: Final = frozenset(
    ipaddress.ip_address(address)
    for address in ("169.254.169.254", "fd00:ec2::254", "100.100.100.200", "168.63.129.16")
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class HostUnknown(Exception):
    """No machine has this name."""


class HostRefused(Exception):
    """The name leads to this machine, or to one that is nobody's to reach from here."""


def addresses_of(host: str, port: int, *, this_machine: bool = False) -> list[str]:
    """The network addresses of `host`, all of them looked at: connect to one of these.

    `this_machine`: it was an administrator who typed it, so it may be this very machine.
    Raises HostUnknown, and HostRefused if any of them is not to be reached from here.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise HostUnknown(host) from None
    addresses = list(dict.fromkeys(str(about[4][0]) for about in found))
    for address in addresses:
        if settings.ALLOW_LOCAL_HOSTS or (this_machine and _is_loopback(address)):
            continue
        if _is_off_limits(address):
            raise HostRefused(host)
    return addresses


def _is_loopback(text: str) -> bool:
    return _meant(ipaddress.ip_address(text.partition("%")[0])).is_loopback


def _is_off_limits(text: str) -> bool:
    address = _meant(ipaddress.ip_address(text.partition("%")[0]))
    return (
        address in _METADATA
        or address.is_loopback
        or address.is_link_local
        or address.is_unspecified
        or address.is_multicast
        or (address.version == 4 and address.is_reserved)
    )


def _meant(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for (RFC 4291, 6052, 3056), or the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if address.sixtofour:
        return address.sixtofour
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address
