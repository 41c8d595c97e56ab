"""What can happen to a party."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from parley.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class CompanyChanged(Event):
    """What stands on its papers was changed: field → (before, after), of what differs."""

    party: int
    fields: dict[str, Any]

    @property
    def subject(self) -> str:
        return f"party:{self.party}"


@dataclass(frozen=True, kw_only=True)
class SettingChanged(Event):
    """Something that holds for the whole marketplace was settled otherwise."""

    key: str
    was: Any
    now: Any

    @property
    def subject(self) -> str:
        return f"setting:{self.key}"


@dataclass(frozen=True, kw_only=True)
class PartyEvent(Event):
    """Something about a party's people or its place here.

    Of people it says their ids, never an address or a name: what is erased later must not be left
    in the journal.
    """

    party: int

    @property
    def subject(self) -> str:
        return f"party:{self.party}"


@dataclass(frozen=True, kw_only=True)
class PartyFounded(PartyEvent):
    """A new company on the marketplace, made by the operator."""

    kind: str


@dataclass(frozen=True, kw_only=True)
class FirstAdministratorInvited(PartyEvent):
    """By the command line of the server: no mail goes out, whoever runs it hands the link on."""

    invitation: int


@dataclass(frozen=True, kw_only=True)
class PartyRenamed(PartyEvent):
    """`fields`: `name` → (before, after)."""

    fields: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class PartyClosed(PartyEvent):
    """Nobody acts for it any more; `people` did."""

    people: tuple[int, ...]

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(leaving_topic(person) for person in self.people)


@dataclass(frozen=True, kw_only=True)
class PartyReopened(PartyEvent):
    """Its people act for it again."""


@dataclass(frozen=True, kw_only=True)
class PersonInvited(PartyEvent):
    """A mailbox was asked to act for the party."""

    invitation: int
    role: str


@dataclass(frozen=True, kw_only=True)
class InvitationSentAgain(PartyEvent):
    """With a new link; the one before works no longer."""

    invitation: int


@dataclass(frozen=True, kw_only=True)
class InvitationRevoked(PartyEvent):
    """Its link works no longer."""

    invitation: int


@dataclass(frozen=True, kw_only=True)
class JoinAsked(PartyEvent):
    """Somebody who knows the party's code asks to act for it."""

    request: int


@dataclass(frozen=True, kw_only=True)
class JoinApproved(PartyEvent):
    request: int


@dataclass(frozen=True, kw_only=True)
class JoinDeclined(PartyEvent):
    request: int


@dataclass(frozen=True, kw_only=True)
class JoinCodeChanged(PartyEvent):
    """The code to ask with was made, replaced, or (`given` is false) taken away."""

    given: bool


@dataclass(frozen=True, kw_only=True)
class MembershipEvent(PartyEvent):
    """Something about one who acts for a party."""

    person: int
    membership: int


@dataclass(frozen=True, kw_only=True)
class PersonJoined(MembershipEvent):
    """Somebody acts for the party from now on: `by_way_of` an invitation or a request to join."""

    role: str
    by_way_of: str


@dataclass(frozen=True, kw_only=True)
class RoleChanged(MembershipEvent):
    """`fields`: `role` → (before, after)."""

    fields: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class MembershipEnded(MembershipEvent):
    """They act for the party no more."""

    @property
    def topics(self) -> tuple[str, ...]:
        return (leaving_topic(self.person),)


@dataclass(frozen=True, kw_only=True)
class MembershipRestored(MembershipEvent):
    """They act for the party again."""


@dataclass(frozen=True, kw_only=True)
class PersonEvent(Event):
    """Something about a person's account."""

    person: int

    @property
    def subject(self) -> str:
        return f"person:{self.person}"


@dataclass(frozen=True, kw_only=True)
class PersonClosed(PersonEvent):
    """The account is closed: nobody signs in with it, whatever party it acted for."""

    @property
    def topics(self) -> tuple[str, ...]:
        return (leaving_topic(self.person),)


@dataclass(frozen=True, kw_only=True)
class PersonReopened(PersonEvent):
    """The account can be signed in with again."""


@dataclass(frozen=True, kw_only=True)
class TokenMade(PersonEvent):
    """An API token acts in their name from now on."""

    party: int
    token: int
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TokenRevoked(PersonEvent):
    """It works no longer."""

    party: int
    token: int


@dataclass(frozen=True, kw_only=True)
class FromSomewhere(PersonEvent):
    """Something a browser did: `device` in words, `network` it came from (never the whole address)."""

    device: str
    network: str


@dataclass(frozen=True, kw_only=True)
class SignedIn(FromSomewhere):
    """A person came in: `way` says by what (`SignInWay`)."""

    way: str


@dataclass(frozen=True, kw_only=True)
class SignInRefused(FromSomewhere):
    """Somebody tried to come in as this person: `why` is `password`, `second_factor` or `closed`."""

    why: str


@dataclass(frozen=True, kw_only=True)
class SessionsEnded(PersonEvent):
    """So many sessions of the person ended: `why` is `asked`, `password` or `second_factor`."""

    count: int
    why: str

    @property
    def topics(self) -> tuple[str, ...]:
        return (leaving_topic(self.person),)


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(PersonEvent):
    """`way`: `settings` for those who knew the old one, `mail` for those who had forgotten it."""

    way: str


@dataclass(frozen=True, kw_only=True)
class SecondFactorAdded(PersonEvent):
    """`factor`: `totp` or `webauthn`."""

    factor: str


@dataclass(frozen=True, kw_only=True)
class SecondFactorRemoved(PersonEvent):
    """`factor`: `totp` or `webauthn`."""

    factor: str


@dataclass(frozen=True, kw_only=True)
class RecoveryCodesMade(PersonEvent):
    """New ones; those from before work no longer."""


@dataclass(frozen=True, kw_only=True)
class SecondFactorRequirementChanged(PartyEvent):
    """Whether all who act for the party need a second factor."""

    was: bool
    now: bool


@dataclass(frozen=True, kw_only=True)
class WayBackAsked(PersonEvent):
    """Somebody who knows the password says that the second factor is lost."""

    way_back: int


@dataclass(frozen=True, kw_only=True)
class WayBackApproved(PersonEvent):
    """Whoever keeps the company's people has said that it is them; it opens at `opens_at` (ISO 8601)."""

    way_back: int
    opens_at: str


@dataclass(frozen=True, kw_only=True)
class WayBackEnded(PersonEvent):
    """`end` says how (`WayBackEnd`); taken, all second factors are off."""

    way_back: int
    end: str


def leaving_topic(person_id: int) -> str:
    """The topic that ends the open streams of a person; those who still may come back by themselves."""
    return f"leaving/{person_id}"


@dataclass(frozen=True, kw_only=True)
class PinMade(PersonEvent):
    """A person has a new support PIN; `replaced` when they asked for another one."""

    replaced: bool


@dataclass(frozen=True, kw_only=True)
class PinVerified(PersonEvent):
    """A person's PIN was quoted, and was right: `way` says how it came (`PinWay`)."""

    way: str
    conversation: int | None


@dataclass(frozen=True, kw_only=True)
class PinRefused(PersonEvent):
    """A PIN was quoted for a person that was not theirs, or no longer: `why` (`PinOutcome`)."""

    way: str
    conversation: int | None
    why: str
