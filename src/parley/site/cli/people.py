"""`parley begin` and `parley rescue`: what only whoever runs the server does for people."""

from __future__ import annotations

import argparse

from parley.site.cli.database import at_hand
from parley.site.environment import environment
from parley.site.supervising import CannotRun


def begin(chosen: argparse.Namespace) -> int:
    """Print the link by which the first administrator comes in, alone on its line."""
    if not chosen.name.strip():
        raise CannotRun("Give the marketplace a name.")
    with at_hand(environment()):
        import django

        django.setup()
        from parley.notifications.addresses import invitation_address
        from parley.parties.beginning import CannotBegin
        from parley.parties.beginning import begin as invite_the_first

        try:
            _invitation, secret = invite_the_first(chosen.name, chosen.admin, chosen.language)
        except CannotBegin:
            raise CannotRun(f"{chosen.admin} is no e-mail address.") from None
        print(invitation_address(secret))
    return 0


def rescue(chosen: argparse.Namespace) -> int:
    """Take the second factors off, and say so."""
    with at_hand(environment()):
        import django

        django.setup()
        from parley.parties.beginning import HasNoSecondFactor, let_in_without_second_factor
        from parley.parties.models import Person

        try:
            person = let_in_without_second_factor(chosen.person)
        except Person.DoesNotExist:
            raise CannotRun(f"Nobody has the e-mail address {chosen.person}.") from None
        except HasNoSecondFactor:
            raise CannotRun(f"{chosen.person} has no second factor.") from None
        print(f"{person.name} comes in by the password alone now, and can set up another one.")
    return 0
