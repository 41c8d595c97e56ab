"""API tokens: made once, shown once, kept as a digest."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.db.models import Q

from parley.journal.moment import now
from parley.parties.models import ApiToken, Membership

PREFIX = "parley_"
USE_IS_NOTED_EVERY = timedelta(minutes=5)


def make_token(by: Membership, name: str) -> tuple[ApiToken, str]:
    """A new token for `by`: its row, and the secret, which can't be shown again."""
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        membership=by, name=name[:100], digest=_digest(secret), starts_with=secret[:12]
    )
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
            membership__active=True,
            membership__person__is_active=True,
        )
        .first()
    )
    if token is None:
        return None
    _note_use(token)
    return token


def revoke_token(by: Membership, token_id: int) -> bool:
    """Revoke one of one's own tokens; False when there is no such token."""
    tokens = ApiToken.objects.filter(pk=token_id, membership=by, revoked_at=None)
    return tokens.update(revoked_at=now()) == 1


def _note_use(token: ApiToken) -> None:
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now() - USE_IS_NOTED_EVERY)
    if token.last_used_at is None or token.last_used_at < now() - USE_IS_NOTED_EVERY:
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now())


def _digest(secret: str) -> str:
    # The secret has 256 random bits: a plain hash is as good as a slow one, and can be looked up.
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()
