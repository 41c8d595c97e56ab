"""A new installation gets its first administrator, and one who is locked out for good comes in again."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from cast import Cast
from parley.journal.models import Entry
from parley.notifications.addresses import invitation_address
from parley.parties.beginning import (
    CannotBegin,
    HasNoSecondFactor,
    begin,
    let_in_without_second_factor,
)
from parley.parties.models import Membership, Party, PartyKind, Person, Role, Session


def opened(secret: str) -> tuple[Client, str]:
    """A browser that has followed the link, and what it shows."""
    client = Client()
    path = "/" + invitation_address(secret).split("/", 3)[3]
    return client, client.get(path, follow=True).content.decode()


def accept(secret: str, name: str) -> None:
    form = {"name": name, "password": "a heron on the pier", "language": "en"}
    assert opened(secret)[0].post("/account/invitation/", form).status_code == 302


@pytest.mark.django_db
def test_the_first_administrator_makes_an_account_by_the_link() -> None:
    _invitation, secret = begin("Harbour Market", "Eleanor@harbour.example", "ru")
    accept(secret, "Eleanor")
    (member,) = Membership.objects.select_related("party", "person")
    assert (member.party.name, member.party.kind) == ("Harbour Market", PartyKind.OPERATOR)
    assert (member.role, member.person.email) == (Role.ADMIN, "eleanor@harbour.example")
    kinds = set(Entry.objects.values_list("kind", flat=True))
    assert {"PartyFounded", "FirstAdministratorInvited", "PersonJoined"} <= kinds


@pytest.mark.django_db
def test_doing_it_again_makes_another_link_for_the_same_marketplace() -> None:
    first, secret = begin("Harbour Market", "eleanor@harbour.example")
    again, other = begin("Another name", "eleanor@harbour.example")
    assert first.pk == again.pk
    assert secret != other
    assert Party.objects.get().name == "Harbour Market"
    assert "works no longer" in opened(secret)[1]
    assert "works no longer" not in opened(other)[1]


@pytest.mark.django_db
@pytest.mark.parametrize("email", ["", "nobody", "x@visitors.invalid"])
def test_an_address_that_is_none_is_refused_and_nothing_is_made(email: str) -> None:
    with pytest.raises(CannotBegin):
        begin("Harbour Market", email)
    assert not Party.objects.exists()


def test_whoever_is_locked_out_comes_in_by_the_password_alone(cast: Cast) -> None:
    person = cast.admin.person
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    client = Client()
    client.force_login(person)
    assert let_in_without_second_factor(person.email.upper()) == person
    assert not Authenticator.objects.filter(user=person).exists()
    assert not Session.objects.filter(person=person).exists()
    assert Entry.objects.filter(kind="SecondFactorRemoved").exists()


def test_there_must_be_somebody_and_something_to_take_off(cast: Cast) -> None:
    with pytest.raises(HasNoSecondFactor):
        let_in_without_second_factor(cast.admin.person.email)
    with pytest.raises(Person.DoesNotExist):
        let_in_without_second_factor("nobody@harbour.example")
