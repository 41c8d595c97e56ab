"""What the clock tests start from."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps

from parley.journal import recording
from parley.parties.joining import found, join
from parley.parties.models import Membership, PartyKind, Person, Role
from parley.sla.starting import follow_priority, follow_turn
from parley.tickets import events
from parley.tickets.models import Category, OrderField, Topic
from sla.scene import Scene

MOVES = (
    events.TicketOpened,
    events.ReplyPosted,
    events.InformationAsked,
    events.TicketCancelled,
    events.TicketClosed,
    events.TicketRated,
    events.TicketExpired,
    events.OperatorAsked,
    events.OperatorSteppedIn,
    events.DisputeDecided,
)


@pytest.fixture
def clocks_follow(monkeypatch: pytest.MonkeyPatch, settings: object) -> None:
    """Let the clocks follow tickets, and nothing else react to anything."""
    settings.COOL_DOWN_MINUTES = 0  # type: ignore[attr-defined]
    at_once: dict[type, tuple[object, ...]] = dict.fromkeys(MOVES, (follow_turn,))
    at_once[events.PriorityChanged] = (follow_priority,)
    monkeypatch.setattr(recording, "_table", recording.Reactions(at_once=at_once))  # type: ignore[arg-type]


@pytest.fixture
def promises() -> None:
    """The default policies, also where an emptied database has lost them."""
    import_module("parley.sla.migrations.0002_default_promises").make_promises(apps, None)


@pytest.fixture
def scene(clocks_follow: None, promises: None) -> Scene:
    """Needs the database: the test asks for `db` or `transactional_db`, or is marked."""
    category = Category.objects.create(names={"en": "Delivery"})
    return Scene(
        seller=_member(PartyKind.SELLER, "Copper Kettle", Role.OWNER),
        supplier=_member(PartyKind.SUPPLIER, "Northwind Supply", Role.MEMBER),
        agent=_member(PartyKind.OPERATOR, "Harbour Market", Role.AGENT),
        to_supplier=_topic(category, "Late parcel", PartyKind.SUPPLIER),
        to_operator=_topic(category, "My account", PartyKind.OPERATOR),
    )


def _member(kind: str, name: str, role: str) -> Membership:
    email = f"someone@{name.lower().replace(' ', '-')}.example"
    person = Person.objects.create_user(email, name=f"Someone at {name}")
    return join(person, found(kind, name), role)


def _topic(category: Category, name: str, goes_to: str) -> Topic:
    return Topic.objects.create(
        category=category,
        names={"en": name},
        opened_by=[PartyKind.SELLER],
        goes_to=goes_to,
        order_field=OrderField.OPTIONAL,
    )
