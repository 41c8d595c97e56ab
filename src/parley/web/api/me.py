"""Who one is, as the API sees it."""

from __future__ import annotations

from typing import Annotated

from ninja import Router
from pydantic import BaseModel

from parley.parties.models import Role
from parley.web.api.auth import ApiRequest
from parley.web.api.problems import refusals
from parley.web.api.shapes import PartyRef, one_of

router = Router(tags=["me"])


class Myself(BaseModel):
    id: int
    name: str
    email: str
    language: str
    time_zone: str


class Me(BaseModel):
    """The person a token was made by, and the party it acts for."""

    person: Myself
    party: PartyRef
    role: Annotated[str, one_of(Role.values)]
    unread_notices: int


@router.get("/me", response={200: Me, **refusals()}, operation_id="me", summary="Who am I?")
def me(request: ApiRequest) -> Me:
    """The person the token was made by, and the party it acts for."""
    reader = request.auth
    person = reader.person
    return Me(
        person=Myself(
            id=person.pk,
            name=person.name,
            email=person.email,
            language=person.language,
            time_zone=person.time_zone,
        ),
        party=PartyRef.of(reader.party),
        role=reader.role,
        unread_notices=person.unread_notices,
    )
