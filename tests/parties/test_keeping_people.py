"""Who keeps whose people; that somebody always does; and what ends with a membership or an account."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from cast import Cast
from crowd import all_at_once
from parley.journal.models import Entry
from parley.journal.moment import now
from parley.parties.access import acting_membership, members_of, memberships_of, parties_of_kind
from parley.parties.closing import (
    NotOneself,
    NotTheOperator,
    close_party,
    close_person,
    reopen_party,
    reopen_person,
)
from parley.parties.founding import PartyRefused, found_party, rename_party
from parley.parties.inviting import NewInvitation, invite
from parley.parties.joining import RoleDoesNotFit
from parley.parties.keeping_people import (
    LastOne,
    NotTheirPeople,
    change_role,
    deactivate,
    may_keep_people,
    reactivate,
)
from parley.parties.models import Membership, Party, PartyKind, Role, Session
from parley.parties.tokens import make_token, membership_of_token, revoke_token


def last_entry() -> Entry:
    entry = Entry.objects.order_by("-id").first()
    assert entry
    return entry


def test_one_who_was_let_go_meanwhile_changes_nobody(cast: Cast) -> None:
    """A request that was on its way, or waited for the lock, when its sender lost the right."""
    change_role(cast.seller_member.pk, Role.OWNER, by=cast.seller)
    second = Membership.objects.select_related("person", "party").get(pk=cast.seller_member.pk)
    deactivate(cast.seller.pk, by=second)
    for change in (
        partial(deactivate, second.pk),
        partial(change_role, second.pk, Role.MEMBER),
        partial(reactivate, cast.seller.pk),
    ):
        with pytest.raises(NotTheirPeople):
            change(by=cast.seller)
    reactivate(cast.seller.pk, by=second)
    change_role(cast.seller.pk, Role.MEMBER, by=second)
    with pytest.raises(NotTheirPeople):
        deactivate(second.pk, by=cast.seller)
    second.refresh_from_db()
    assert second.active


def test_owners_keep_their_own_people_and_administrators_everybodys(cast: Cast) -> None:
    keep = {
        name: {
            party.name
            for party in (cast.operator, cast.bright_home, cast.northwind)
            if may_keep_people(who, party)
        }
        for name, who in cast.everybody.items()
    }
    assert keep["admin"] == {"Harbour Market", "Bright Home", "Northwind Supply"}
    assert keep["seller"] == {"Bright Home"}
    assert keep["supplier"] == {"Northwind Supply"}
    assert not any(keep[name] for name in keep if name not in ("admin", "seller", "supplier")), (
        "agents, leads, members and other companies keep nobody"
    )


@pytest.mark.parametrize(
    "by", ["lead", "agent", "seller_member", "other_seller", "supplier", "other_supplier"]
)
def test_nobody_else_changes_anything(cast: Cast, by: str) -> None:
    who, member = cast.everybody[by], cast.seller_member
    for change in (
        partial(change_role, member.pk, Role.OWNER),
        partial(deactivate, member.pk),
        partial(reactivate, member.pk),
        partial(deactivate, 999_999_999),
        partial(close_person, member.person_id),
        partial(reopen_person, member.person_id),
        partial(close_party, cast.bright_home.pk),
        partial(reopen_party, cast.bright_home.pk),
        partial(found_party, "seller", "Mine"),
        partial(rename_party, cast.bright_home.pk, "Mine"),
    ):
        with pytest.raises(NotTheirPeople):
            change(by=who)
    assert acting_membership(member.person_id) == member
    assert not Entry.objects.exists()


def test_a_role_is_changed_and_journalled_with_before_and_after(cast: Cast) -> None:
    change_role(cast.seller_member.pk, Role.OWNER, by=cast.seller)
    cast.seller_member.refresh_from_db()
    assert cast.seller_member.role == Role.OWNER
    entry = last_entry()
    assert (entry.kind, entry.subject) == ("RoleChanged", f"party:{cast.bright_home.pk}")
    assert entry.data["fields"] == {"role": ["member", "owner"]}
    assert entry.person_id == cast.seller.person_id
    for role in (Role.ADMIN, "king", ""):
        with pytest.raises(RoleDoesNotFit):
            change_role(cast.seller_member.pk, role, by=cast.seller)


def test_the_last_owner_stays_owner_whoever_asks(cast: Cast) -> None:
    for by in (cast.seller, cast.admin):
        for change in (
            partial(deactivate, cast.seller.pk, by=by),
            partial(change_role, cast.seller.pk, Role.MEMBER, by=by),
        ):
            with pytest.raises(LastOne) as refused:
                change()
            assert refused.value.party == cast.bright_home
    with pytest.raises(LastOne):
        close_person(cast.seller.person_id, by=cast.admin)
    with pytest.raises(LastOne):
        change_role(cast.admin.pk, Role.AGENT, by=cast.admin)
    change_role(cast.seller_member.pk, Role.OWNER, by=cast.seller)
    deactivate(cast.seller.pk, by=cast.seller)
    assert [m.person.name for m in members_of(cast.bright_home.pk)] == ["Семён Продавцов"]


def test_an_owner_whose_account_is_closed_counts_as_none(cast: Cast) -> None:
    change_role(cast.seller_member.pk, Role.OWNER, by=cast.seller)
    close_person(cast.seller_member.person_id, by=cast.admin)
    with pytest.raises(LastOne):
        deactivate(cast.seller.pk, by=cast.seller)


def test_two_owners_who_remove_each_other_leave_one(cast: Cast, transactional_db: None) -> None:
    change_role(cast.seller_member.pk, Role.OWNER, by=cast.seller)
    cast.seller_member.refresh_from_db()
    outcome = all_at_once(
        [
            partial(deactivate, cast.seller_member.pk, by=cast.seller),
            partial(deactivate, cast.seller.pk, by=cast.seller_member),
            partial(change_role, cast.seller.pk, Role.MEMBER, by=cast.admin),
            partial(close_person, cast.seller_member.person_id, by=cast.admin),
        ]
    )
    owners = Membership.objects.filter(
        party=cast.bright_home, role=Role.OWNER, active=True, person__is_active=True
    )
    assert owners.count() == 1
    assert any(isinstance(one, LastOne) for one in outcome)


def test_what_worked_in_ones_name_ends_and_stays_ended(cast: Cast) -> None:
    _token, secret = make_token(cast.seller_member, "Shop")
    change_role(cast.seller_member.pk, Role.OWNER, by=cast.seller)
    cast.seller_member.refresh_from_db()
    sent = invite(
        cast.bright_home.pk,
        NewInvitation(email="x@y.example", role="member"),
        by=cast.seller_member,
    )
    deactivate(cast.seller_member.pk, by=cast.seller)
    assert acting_membership(cast.seller_member.person_id) is None
    assert membership_of_token(secret) is None
    assert last_entry().kind == "MembershipEnded"
    reactivate(cast.seller_member.pk, by=cast.seller)
    assert acting_membership(cast.seller_member.person_id) == cast.seller_member
    assert membership_of_token(secret) is None
    sent.refresh_from_db()
    assert not sent.is_open
    assert last_entry().kind == "MembershipRestored"


def test_a_closed_account_acts_for_nobody(cast: Cast) -> None:
    _token, secret = make_token(cast.seller_member, "Shop")
    Membership.objects.create(
        person=cast.seller_member.person, party=cast.northwind, role=Role.MEMBER
    )
    with pytest.raises(NotOneself):
        close_person(cast.admin.person_id, by=cast.admin)
    close_person(cast.seller_member.person_id, by=cast.admin)
    assert acting_membership(cast.seller_member.person_id) is None
    assert membership_of_token(secret) is None
    assert cast.seller_member not in members_of(cast.bright_home.pk)
    assert (last_entry().kind, last_entry().subject) == (
        "PersonClosed",
        f"person:{cast.seller_member.person_id}",
    )
    reopen_person(cast.seller_member.person_id, by=cast.admin)
    assert acting_membership(cast.seller_member.person_id) is not None
    assert membership_of_token(secret) is None


def test_nobody_acts_for_a_closed_company(cast: Cast) -> None:
    _token, secret = make_token(cast.seller, "Shop")
    close_party(cast.bright_home.pk, by=cast.admin)
    assert acting_membership(cast.seller.person_id) is None
    assert not memberships_of(cast.seller.person).exists()
    assert membership_of_token(secret) is None
    assert not parties_of_kind(PartyKind.SELLER).filter(pk=cast.bright_home.pk).exists()
    entry = last_entry()
    assert entry.kind == "PartyClosed"
    assert set(entry.data["people"]) == {cast.seller.person_id, cast.seller_member.person_id}
    reopen_party(cast.bright_home.pk, by=cast.admin)
    assert acting_membership(cast.seller.person_id) == cast.seller
    with pytest.raises(NotTheOperator):
        close_party(cast.operator.pk, by=cast.admin)


def test_sessions_end_with_the_last_thing_one_acts_for(cast: Cast) -> None:
    def sign_in() -> None:
        for who in (cast.seller, cast.seller_member):
            key = f"{who.person_id}-{now().timestamp()}"
            Session.objects.create(
                session_key=key[:40], person=who.person, expire_date=now() + timedelta(days=1)
            )

    def signed_in(who: Membership) -> bool:
        return Session.objects.filter(person=who.person).exists()

    sign_in()
    elsewhere = Membership.objects.create(
        person=cast.seller_member.person, party=cast.northwind, role=Role.MEMBER
    )
    deactivate(cast.seller_member.pk, by=cast.seller)
    assert signed_in(cast.seller_member), "for the other company"
    deactivate(elsewhere.pk, by=cast.supplier)
    assert not signed_in(cast.seller_member)
    reactivate(cast.seller_member.pk, by=cast.seller)
    sign_in()
    close_party(cast.bright_home.pk, by=cast.admin)
    assert not signed_in(cast.seller)
    reopen_party(cast.bright_home.pk, by=cast.admin)
    sign_in()
    close_person(cast.seller_member.person_id, by=cast.admin)
    assert not signed_in(cast.seller_member)
    assert signed_in(cast.seller)


def test_a_company_is_made_and_named_by_the_operator(cast: Cast) -> None:
    made = found_party("supplier", "  Fenland \x00 Goods ", by=cast.admin)
    assert Party.objects.get(pk=made.pk).name == "Fenland Goods"
    rename_party(made.pk, "Fenland Goods Ltd", by=cast.admin)
    assert last_entry().data["fields"] == {"name": ["Fenland Goods", "Fenland Goods Ltd"]}
    for kind, name in (("operator", "Another"), ("visitor", "V"), ("seller", " "), ("", "X")):
        with pytest.raises(PartyRefused):
            found_party(kind, name, by=cast.admin)


def test_an_administrator_takes_back_anybodys_token_and_an_owner_only_their_own(cast: Cast) -> None:
    token, secret = make_token(cast.seller_member, "Shop")
    assert not revoke_token(cast.seller, token.pk)
    assert revoke_token(cast.admin, token.pk)
    assert membership_of_token(secret) is None
    entry = last_entry()
    assert (entry.kind, entry.subject) == (
        "TokenRevoked",
        f"person:{cast.seller_member.person_id}",
    )
    assert secret not in str(entry.data)
