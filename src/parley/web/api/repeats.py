"""`Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): asked twice, done once."""

from __future__ import annotations

import uuid
from contextlib import AbstractContextManager
from typing import Annotated

from ninja import Header
from pydantic import BaseModel

from parley.conversations import repeating
from parley.parties.models import Membership

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=255,
        description="any text that is new for each new request, such as a UUID",
        example="8e03978e-40d5-43dd-bc93-6894a57f9324",
    ),
]


def once(
    by: Membership, key: str, place: str, body: BaseModel
) -> AbstractContextManager[uuid.UUID | None]:
    """The submit key of a request; see `conversations.repeating.once`."""
    return repeating.once(by, key.strip().strip('"'), f"{place}\n{body.model_dump_json()}")
