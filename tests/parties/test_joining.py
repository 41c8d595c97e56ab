"""Parties, the people who act for them, and their keys."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from cast import Cast
from parley.journal.moment import at, now
from parley.parties.access import (
    acting_membership,
    members_of,
    memberships_of,
    operator,
    parties_by_name,
    parties_of_kind,
    tokens_of,
)
from parley.parties.joining import RoleDoesNotFit, found, join
from parley.parties.models import (
    COMPANIES,
    ROLES_OF,
    ApiToken,
    Membership,
    Party,
    PartyKind,
    Person,
    Role,
)
from parley.parties.tokens import PREFIX, make_token, membership_of_token, revoke_token


def test_there_is_one_operator(cast: Cast) -> None:
    assert operator() == cast.operator
    with pytest.raises(IntegrityError), transaction.atomic():
        found(PartyKind.OPERATOR, "Another Market")
    with pytest.raises(IntegrityError), transaction.atomic():
        found("bank", "Bank")
    assert found(PartyKind.SELLER, "Bright Home").pk, "two sellers may share a name"


def test_before_the_marketplace_is_set_up_there_is_none(db: None) -> None:
    with pytest.raises(Party.DoesNotExist):
        operator()


@pytest.mark.parametrize("kind", COMPANIES)
@pytest.mark.parametrize("role", [*Role.values, "king", ""])
def test_roles_fit_their_kind_of_party(cast: Cast, kind: str, role: str) -> None:
    party = parties_of_kind(kind).first()
    assert party
    person = Person.objects.create_user("new@x.example", name="New")
    if role in ROLES_OF[kind]:
        assert join(person, party, role).is_operator == (kind == PartyKind.OPERATOR)
    else:
        with pytest.raises(RoleDoesNotFit):
            join(person, party, role)
        assert not memberships_of(person).exists()


def test_joining_again_changes_the_role_and_lets_back_in(cast: Cast) -> None:
    Membership.objects.filter(pk=cast.seller_member.pk).update(active=False)
    again = join(cast.seller_member.person, cast.bright_home, Role.OWNER)
    assert (again.pk, again.role, again.active) == (cast.seller_member.pk, Role.OWNER, True)


def test_an_address_is_one_address_in_any_case(db: None) -> None:
    Person.objects.create_user(" Ann@X.example ", "pw", name="Ann")
    assert Person.objects.get_by_natural_key("ann@x.EXAMPLE").email == "ann@x.example"
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create_user("ANN@x.example", name="Ann")


def test_who_is_out_acts_no_more(cast: Cast) -> None:
    person = cast.seller.person
    assert acting_membership(person.pk) == cast.seller
    assert acting_membership(person.pk, cast.supplier.pk) is None, "not by another's membership"
    Membership.objects.filter(pk=cast.seller.pk).update(active=False)
    assert acting_membership(person.pk) is None
    assert cast.seller not in members_of(cast.bright_home.pk)
    Membership.objects.filter(pk=cast.seller.pk).update(active=True)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert acting_membership(person.pk) is None
    assert cast.seller not in members_of(cast.bright_home.pk)


def test_a_person_of_two_parties_chooses(cast: Cast) -> None:
    other = join(cast.seller.person, cast.second_seller, Role.MEMBER)
    assert acting_membership(cast.seller.person_id) == cast.seller
    assert acting_membership(cast.seller.person_id, other.pk) == other


@pytest.mark.parametrize("like", ["Northwind", "nortwind", "northwind suply", "NORTHWIND"])
def test_a_party_is_found_as_people_misspell_it(cast: Cast, like: str) -> None:
    assert parties_by_name(like)[0] == cast.northwind
    assert not parties_by_name("zzzz")


# --- tokens ---


def test_a_token_acts_as_its_membership_and_is_not_kept(cast: Cast) -> None:
    token, secret = make_token(cast.supplier, "Warehouse")
    assert secret.startswith(PREFIX)
    assert membership_of_token(secret) == cast.supplier
    row = ApiToken.objects.filter(pk=token.pk).values().get()
    assert secret not in str(row)
    assert tokens_of(cast.supplier).get() == token
    assert not tokens_of(cast.supplier_member).exists()


@pytest.mark.parametrize("secret", ["", "parley_", "parley_x", "\x00", "я", "x" * 10_000, "\ud800"])
def test_a_wrong_token_is_nobodys(cast: Cast, secret: str) -> None:
    make_token(cast.supplier, "Warehouse")
    assert membership_of_token(secret) is None


def test_a_revoked_token_is_dead(cast: Cast) -> None:
    token, secret = make_token(cast.supplier, "Warehouse")
    assert not revoke_token(cast.supplier_member, token.pk), "one's own only"
    assert membership_of_token(secret)
    assert revoke_token(cast.supplier, token.pk)
    assert not revoke_token(cast.supplier, token.pk)
    assert membership_of_token(secret) is None
    assert not tokens_of(cast.supplier).exists()


def test_a_token_dies_with_its_membership_and_person(cast: Cast) -> None:
    _token, secret = make_token(cast.supplier, "Warehouse")
    Membership.objects.filter(pk=cast.supplier.pk).update(active=False)
    assert membership_of_token(secret) is None
    Membership.objects.filter(pk=cast.supplier.pk).update(active=True)
    Person.objects.filter(pk=cast.supplier.person_id).update(is_active=False)
    assert membership_of_token(secret) is None


def test_its_use_is_noted_now_and_then(cast: Cast) -> None:
    token, secret = make_token(cast.supplier, "Warehouse")
    start = now()
    with at(start):
        membership_of_token(secret)
    with at(start + timedelta(minutes=1)):
        membership_of_token(secret)
    token.refresh_from_db()
    assert token.last_used_at == start
    with at(start + timedelta(minutes=6)):
        membership_of_token(secret)
    token.refresh_from_db()
    assert token.last_used_at == start + timedelta(minutes=6)
