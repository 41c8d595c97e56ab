"""API tokens: made once, shown once, kept as a digest."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from parley.journal.moment import now
from parley.journal.recording import record
from parley.parties.access import IN_FORCE
from parley.parties.events import TokenMade, TokenRevoked
from parley.parties.models import ApiToken, Membership, Role, Scope

PREFIX = "parley_"
USE_IS_NOTED_EVERY = timedelta(minutes=5)


class NoScopes(ValueError):
    """A token is made for something: no scope was picked, or one that there is not."""


def make_token(
    by: Membership, name: str, scopes: Collection[str] | None = None
) -> tuple[ApiToken, str]:
    """A new token for `by`: its row, and the secret, which can't be shown again.

    It is good for what `scopes` name (`models.Scope`); None is everything. Raises NoScopes.
    """
    good_for = [s for s in Scope.values if scopes is None or s in scopes]
    if not good_for or not set(scopes or ()) <= set(Scope.values):
        raise NoScopes
    secret = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        token = ApiToken.objects.create(
            membership=by, name=name[:100], digest=_digest(secret), starts_with=secret[:12],
            scopes=good_for,
        )  # fmt: skip
        made = TokenMade(
            person=by.person_id, party=by.party_id, token=token.pk, scopes=tuple(good_for)
        )
        record(made, by=by)
    return token, secret


def membership_of_token(secret: str) -> Membership | None:
    """Who a presented token acts as; None when it is unknown, revoked, or its person is gone."""
    token = valid_token(secret)
    return token.membership if token else None


def valid_token(secret: str) -> ApiToken | None:
    """The token that was presented, with its membership, person and party; None as above."""
    token = (
        ApiToken.objects.select_related("membership__person", "membership__party")
        .filter(
            digest=_digest(secret),
            revoked_at=None,
            membership__in=Membership.objects.filter(**IN_FORCE),
        )
        .first()
    )
    if token is None:
        return None
    _note_use(token)
    return token


def revoke_token(by: Membership, token_id: int) -> int | None:
    """Revoke one of one's own tokens, or as an administrator anybody's.

    Gives the id of the person in whose name it acted; None when there is no such token.
    """
    tokens = ApiToken.objects.filter(pk=token_id, revoked_at=None)
    if by.role != Role.ADMIN:
        tokens = tokens.filter(membership=by)
    with transaction.atomic():
        token = tokens.select_related("membership").select_for_update(of=["self"]).first()
        if token is None:
            return None
        token.revoked_at = now()
        token.save(update_fields=["revoked_at"])
        of = token.membership
        record(TokenRevoked(person=of.person_id, party=of.party_id, token=token.pk), by=by)
    return of.person_id


def _note_use(token: ApiToken) -> None:
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now() - USE_IS_NOTED_EVERY)
    if token.last_used_at is None or token.last_used_at < now() - USE_IS_NOTED_EVERY:
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now())


def _digest(secret: str) -> str:
    # The secret has 256 random bits: a plain hash is as good as a slow one, and can be looked up.
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()
