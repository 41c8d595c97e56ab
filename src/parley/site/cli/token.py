"""`parley token`: an API token for a person."""

from __future__ import annotations

import argparse

from parley.site.cli.database import at_hand
from parley.site.environment import environment
from parley.site.supervising import CannotRun


def token(chosen: argparse.Namespace) -> int:
    """Make a token and print it, alone on its line, so that scripts can take it from there."""
    with at_hand(environment()):
        import django

        django.setup()
        print(_make(chosen.person, chosen.name))
    return 0


def _make(email: str, name: str) -> str:
    from parley.parties import access, tokens
    from parley.parties.models import Person

    try:
        person = Person.objects.get_by_natural_key(email)
    except Person.DoesNotExist:
        raise CannotRun(f"Nobody has the e-mail address {email}.") from None
    membership = access.acting_membership(person.pk)
    if membership is None:
        raise CannotRun(f"{person.name} belongs to no party any more, so has nothing to act for.")
    _row, secret = tokens.make_token(membership, name)
    return secret
