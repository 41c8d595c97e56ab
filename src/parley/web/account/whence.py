"""Where a request comes from."""

from __future__ import annotations

import ipaddress

from django.http import HttpRequest
from django.http.request import split_domain_port

from parley.parties.signing_in import Whence, cleaned_agent
from parley.web.reader import address_of_caller


def whence_of(request: HttpRequest) -> Whence:
    """The network address, and what the browser says it is."""
    agent = cleaned_agent(request.headers.get("User-Agent", ""))
    return Whence(address=address_of_caller(request), agent=agent)


def passkeys_work(request: HttpRequest) -> bool:
    """Whether browsers take passkeys here: they bind them to a name, and never to a bare number.

    Web Authentication Level 3, section 5.1.2: the RP ID is a domain.
    """
    host = split_domain_port(request.get_host())[0].strip("[]")
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return True
    return False
