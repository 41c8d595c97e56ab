"""Telling a request that is repeated from another one under the same key.

A program that repeats a request because the answer was lost sends the same key again. The submit
key made here has the key in its first half and what was asked in its second: equal ones are the
same request, and those that only begin alike are one key used for two requests.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction

from parley.conversations.models import Message
from parley.parties.models import Membership

_HALF = 8
"""Bytes of a submit key that come from the key, and as many from the request."""


class KeyUsedOtherwise(Exception):
    """The key came with another request before."""


@contextmanager
def once(by: Membership, key: str, request: str) -> Iterator[uuid.UUID | None]:
    """The submit key for a `request` (its place and content, written out) under the caller's `key`.

    Whoever comes with the same key meanwhile waits until the block's transaction has ended. Gives
    None for an empty key. Raises KeyUsedOtherwise.
    """
    if not key:
        yield None
        return
    start = _half(f"{by.pk}\n{key}")
    submit_key = uuid.UUID(bytes=start + _half(request))
    with transaction.atomic():
        _wait_for_others(start)
        if _used_otherwise(by, start, submit_key):
            raise KeyUsedOtherwise
        yield submit_key


def _used_otherwise(by: Membership, start: bytes, submit_key: uuid.UUID) -> bool:
    first = uuid.UUID(bytes=start + b"\x00" * _HALF)
    last = uuid.UUID(bytes=start + b"\xff" * _HALF)
    return (
        Message.objects.filter(person_id=by.person_id, submit_key__range=(first, last))
        .exclude(submit_key=submit_key)
        .exists()
    )


def _wait_for_others(start: bytes) -> None:
    number = int.from_bytes(start, signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def _half(text: str) -> bytes:
    # Keyed: what is masked before it is kept can't be guessed from the half that stands beside it.
    key = hashlib.sha256(settings.SECRET_KEY.encode()).digest()
    return hashlib.blake2b(text.encode(), key=key, digest_size=_HALF).digest()
