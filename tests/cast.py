"""The people and companies of every test.

    def test_a_reply_moves_the_turn(cast: Cast) -> None:
        ticket = cast.ticket()
        reply(ticket.pk, Reply(text="On its way."), by=cast.supplier)

**Harbour Market** runs the place: `admin`, `lead` and `agent`. **Bright Home** (`seller` owns it,
`seller_member` works there) and **Second Seller** (`other_seller`, `other_seller_member`) sell;
**Northwind Supply** (`supplier`, `supplier_member`) and **Second Supplier** (`other_supplier`,
`other_supplier_member`) ship. Members read Russian, everyone else English. All are memberships, the
actors of everything; `.person` and `.party` are theirs.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import override_settings

from parley.parties.models import Membership, Party, PartyKind, Person, Role
from parley.tickets.models import Category, OrderField, Ticket, Topic
from parley.tickets.opening import NewTicket, open_ticket

PASSWORD = "correct horse battery"
"""The password of everybody."""
_QUICK_HASH = ["django.contrib.auth.hashers.MD5PasswordHasher"]
_PASSWORD_HASHED = MD5PasswordHasher().encode(PASSWORD, "salt")
_numbers = itertools.count(1)


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Everybody, and the topics they talk about. See the top of this file."""

    operator: Party
    bright_home: Party
    second_seller: Party
    northwind: Party
    second_supplier: Party

    admin: Membership
    lead: Membership
    agent: Membership
    seller: Membership
    seller_member: Membership
    other_seller: Membership
    other_seller_member: Membership
    supplier: Membership
    supplier_member: Membership
    other_supplier: Membership
    other_supplier_member: Membership

    delivery: Category
    account: Category
    late_parcel: Topic
    """Seller to supplier."""
    return_of_goods: Topic
    """Seller to supplier; the order is required."""
    payouts: Topic
    """Seller or supplier to the operator."""
    wrong_address: Topic
    """Supplier to seller."""
    documents: Topic
    """Operator to seller."""

    @property
    def everybody(self) -> dict[str, Membership]:
        """All memberships by the names they have here."""
        return {name: who for name, who in vars(self).items() if isinstance(who, Membership)}

    def ticket(self, *, by: Membership | None = None, **fields: Any) -> Ticket:
        """A ticket that `by` (the seller) has opened, to Northwind Supply about a late parcel.

        `fields` are those of `NewTicket`. The cool-down is not kept here: a test of it opens its
        tickets itself.
        """
        filled: dict[str, Any] = {
            "topic": self.late_parcel,
            "to": self.northwind,
            "title": f"Parcel {next(_numbers)} has not arrived",
            "text": "It was due last Tuesday, and the tracking has not moved since.",
        }
        with override_settings(COOL_DOWN_MINUTES=0):
            opened = open_ticket(NewTicket(**filled | fields), by=by or self.seller)
        return Ticket.objects.get(pk=opened.pk)


@pytest.fixture(autouse=True, scope="session")
def quick_passwords() -> Iterator[None]:
    """Hash passwords quickly: a test is not where they need to be slow to guess."""
    with override_settings(PASSWORD_HASHERS=_QUICK_HASH):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    """Everybody, in the database; for real transactions, a test asks for `transactional_db` too."""
    _promise()
    parties = _parties()
    people = _memberships(parties)
    return Cast(**parties, **people, **_topics())


def _promise() -> None:
    """The default policies and reasons, also where an emptied database has lost them."""
    if not apps.get_model("sla", "Policy").objects.exists():
        import_module("parley.sla.migrations.0002_default_promises").make_promises(apps, None)
    import_module("parley.orders.migrations.0003_reasons_to_cancel").make_reasons(apps, None)


def _parties() -> dict[str, Party]:
    made = {
        "operator": Party(kind=PartyKind.OPERATOR, name="Harbour Market"),
        "bright_home": Party(kind=PartyKind.SELLER, name="Bright Home"),
        "second_seller": Party(kind=PartyKind.SELLER, name="Second Seller"),
        "northwind": Party(kind=PartyKind.SUPPLIER, name="Northwind Supply"),
        "second_supplier": Party(kind=PartyKind.SUPPLIER, name="Second Supplier"),
    }
    Party.objects.bulk_create(made.values())
    return made


_PEOPLE = [
    # (in the cast, party, role, name, language, time zone)
    ("admin", "operator", Role.ADMIN, "Ada Admin", "en", "Europe/London"),
    ("lead", "operator", Role.LEAD, "Léa Lead", "en", "Europe/London"),
    ("agent", "operator", Role.AGENT, "Агата Агентова", "ru", "Europe/Moscow"),
    ("seller", "bright_home", Role.OWNER, "Selma Seller", "en", "Europe/London"),
    ("seller_member", "bright_home", Role.MEMBER, "Семён Продавцов", "ru", "Europe/Moscow"),
    ("other_seller", "second_seller", Role.OWNER, "Otto Other", "en", "Europe/Berlin"),
    ("other_seller_member", "second_seller", Role.MEMBER, "Ольга Другая", "ru", "Asia/Omsk"),
    ("supplier", "northwind", Role.OWNER, "Nora North", "en", "Europe/London"),
    ("supplier_member", "northwind", Role.MEMBER, "Никита Северов", "ru", "Europe/Moscow"),
    ("other_supplier", "second_supplier", Role.OWNER, "Udo Umber", "en", "UTC"),
    ("other_supplier_member", "second_supplier", Role.MEMBER, "Ульяна Иная", "ru", "UTC"),
]


def _memberships(parties: dict[str, Party]) -> dict[str, Membership]:
    people = [
        Person(
            email=f"{key.replace('_', '-')}@{party.replace('_', '-')}.example",
            name=name,
            language=language,
            time_zone=time_zone,
            password=_PASSWORD_HASHED,
        )
        for key, party, _role, name, language, time_zone in _PEOPLE
    ]
    Person.objects.bulk_create(people)
    made = {
        key: Membership(person=person, party=parties[party], role=role)
        for (key, party, role, *_rest), person in zip(_PEOPLE, people, strict=True)
    }
    Membership.objects.bulk_create(made.values())
    return made


def _topics() -> dict[str, Any]:
    seller, supplier, operator = PartyKind.SELLER, PartyKind.SUPPLIER, PartyKind.OPERATOR
    delivery = Category(names={"en": "Delivery", "ru": "Доставка"})
    account = Category(names={"en": "Account", "ru": "Учётная запись"})
    Category.objects.bulk_create([delivery, account])
    made = {
        "late_parcel": Topic(
            category=delivery,
            names={"en": "Late parcel", "ru": "Посылка опаздывает"},
            keywords={"en": ["delay", "lost", "tracking"], "ru": ["задержка", "потеряна"]},
            opened_by=[seller],
            goes_to=supplier,
        ),
        "return_of_goods": Topic(
            category=delivery,
            names={"en": "Return of goods", "ru": "Возврат товара"},
            opened_by=[seller],
            goes_to=supplier,
            order_field=OrderField.REQUIRED,
        ),
        "payouts": Topic(
            category=account,
            names={"en": "Payouts", "ru": "Выплаты"},
            opened_by=[seller, supplier],
            goes_to=operator,
        ),
        "wrong_address": Topic(
            category=delivery,
            names={"en": "Wrong address", "ru": "Неверный адрес"},
            opened_by=[supplier],
            goes_to=seller,
        ),
        "documents": Topic(
            category=account,
            names={"en": "Documents", "ru": "Документы"},
            opened_by=[operator],
            goes_to=seller,
            order_field=OrderField.NONE,
        ),
    }
    Topic.objects.bulk_create(made.values())
    return {"delivery": delivery, "account": account, **made}
