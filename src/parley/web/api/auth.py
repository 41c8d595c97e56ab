"""Who asks: a bearer token says, and nothing else. Cookies are not looked at: no CSRF here."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from django.utils import timezone, translation
from ninja.security import HttpBearer

from parley.parties.limiting import Allowance, spend
from parley.parties.models import ApiToken, Membership
from parley.parties.tokens import PREFIX, valid_token
from parley.web.api.problems import out_of_scope, too_many
from parley.web.api.scopes import NoScope, scope_for
from parley.web.reader import zone_named

LONGEST_TOKEN = 200


class ApiRequest(HttpRequest):
    """A request that came with a valid token."""

    auth: Membership
    allowance: Allowance
    language_asked_for: str | None


class Token(HttpBearer):
    """`Authorization: Bearer parley_…`: the token acts as the membership it was made by."""

    openapi_description = "A token made in Settings, or by `bin/parley token --person E-MAIL`."

    def authenticate(self, request: HttpRequest, token: str) -> Membership | None:
        """The reader, with their language and time zone made the active ones.

        None for a token that is not valid. Raises Refused: 429 when it has been used too often, 403 when
        this is not within its scopes.
        """
        known = valid_token(token) if _may_be_one(token) else None
        if known is None:
            return None
        asking = cast(ApiRequest, request)
        asking.allowance = spend(known.pk)
        if not asking.allowance.granted:
            raise too_many(asking.allowance.retry_after)
        _must_be_good_for(request, known)
        person = known.membership.person
        # The envelope around every request puts both back.
        translation.activate(asking.language_asked_for or person.language)
        timezone.activate(zone_named(person.time_zone))
        return known.membership


def _must_be_good_for(request: HttpRequest, token: ApiToken) -> None:
    try:
        needed = scope_for(request.path, request.method or "")
    except NoScope:
        return  # there is nothing at this address, and that is what the answer says
    if needed is not None and needed.value not in token.scopes:
        raise out_of_scope(needed.value)


def _may_be_one(token: str) -> bool:
    return token.startswith(PREFIX) and len(token) <= LONGEST_TOKEN and token.isascii()
