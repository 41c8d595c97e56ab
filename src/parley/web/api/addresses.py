"""Reading what stands in an address; what can't be one is not there, like anything unknown."""

from __future__ import annotations

import re
import uuid
from typing import Annotated

from ninja import Path
from pydantic import Field

from parley.web.api.problems import not_found

TicketKey = Annotated[
    str,
    Path(..., description="the ticket's id, or its number", example="T-10042"),
    Field(json_schema_extra={"pattern": "^(T-)?[0-9]{1,18}$"}),
]
TopicKey = Annotated[
    str,
    Path(..., description="the topic's id", example="3"),
    Field(json_schema_extra={"pattern": "^[0-9]{1,18}$"}),
]
FileKey = Annotated[
    str, Path(..., description="the file's id"), Field(json_schema_extra={"format": "uuid"})
]
_NUMBER = re.compile(r"(?:[Tt]-)?([0-9]{1,18})")


def number_of(text: str) -> int:
    """The id in `10042` or `T-10042`. Raises Refused (404)."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise not_found()
    return int(found[1])


def id_of(text: str) -> int:
    """The id in `3041`. Raises Refused (404)."""
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise not_found()
    return int(text)


def uuid_of(text: str) -> uuid.UUID:
    """Raises Refused (404)."""
    try:
        return uuid.UUID(text)
    except ValueError:
        raise not_found() from None
