"""The tables of parties and people, by what they are about."""

from parley.parties.models.invitations import Invitation, JoinRequest
from parley.parties.models.people import (
    COMPANIES,
    NO_MAIL,
    ROLES_OF,
    Membership,
    Party,
    PartyKind,
    People,
    Person,
    Role,
)
from parley.parties.models.pins import PinOutcome, PinUse, PinWay, SupportPin
from parley.parties.models.settings import Setting
from parley.parties.models.signing_in import Session, SignInWay, WayBack, WayBackEnd
from parley.parties.models.teams import Team, TeamMember
from parley.parties.models.tokens import ApiToken, Scope, TokenAllowance

__all__ = [
    "COMPANIES",
    "NO_MAIL",
    "ROLES_OF",
    "ApiToken",
    "Invitation",
    "JoinRequest",
    "Membership",
    "Party",
    "PartyKind",
    "People",
    "Person",
    "PinOutcome",
    "PinUse",
    "PinWay",
    "Role",
    "Scope",
    "Session",
    "Setting",
    "SignInWay",
    "SupportPin",
    "Team",
    "TeamMember",
    "TokenAllowance",
    "WayBack",
    "WayBackEnd",
]
