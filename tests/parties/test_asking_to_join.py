"""Joining a company by its code and its owners' word."""

from __future__ import annotations

from functools import partial

import pytest

from cast import Cast
from parley.journal.models import Entry
from parley.parties import asking_to_join
from parley.parties.asking_to_join import (
    JoinRefused,
    NewJoinRequest,
    RequestGone,
    approve,
    ask_to_join,
    decline,
    new_code,
    party_by_code,
    take_code_away,
)
from parley.parties.closing import close_party
from parley.parties.inviting import InvitationRefused
from parley.parties.joining import RoleDoesNotFit
from parley.parties.keeping_people import NotTheirPeople
from parley.parties.models import Invitation, JoinRequest, Membership, Role


def asked(cast: Cast, email: str = "new@x.example") -> JoinRequest:
    code = cast.bright_home.join_code or new_code(cast.bright_home.pk, by=cast.seller)
    cast.bright_home.join_code = code
    return ask_to_join(NewJoinRequest(code=code, email=email, name="New"), person=None)


def test_a_code_leads_to_its_company_however_it_is_written(cast: Cast) -> None:
    code = new_code(cast.bright_home.pk, by=cast.seller)
    for written in (code, code.lower(), f" {code[:5]}-{code[5:]} "):
        assert party_by_code(written) == cast.bright_home
    for wrong in ("", code[:-1], f"{code}A", "0" * 10, "\x00", "ключ"):
        assert party_by_code(wrong) is None
    other = new_code(cast.bright_home.pk, by=cast.admin)
    assert party_by_code(code) is None
    assert party_by_code(other) == cast.bright_home
    assert code not in str(list(Entry.objects.values()))
    take_code_away(cast.bright_home.pk, by=cast.seller)
    assert party_by_code(other) is None
    assert party_by_code("") is None, "no company without a code is found by none"


def test_a_stranger_who_is_approved_gets_an_invitation(cast: Cast) -> None:
    request = asked(cast)
    assert approve(request.pk, "member", by=cast.seller) is None
    invitation = Invitation.objects.get(party=cast.bright_home)
    assert (invitation.email, invitation.name, invitation.role) == (
        "new@x.example",
        "New",
        "member",
    )
    with pytest.raises(RequestGone):
        approve(request.pk, "member", by=cast.seller)
    with pytest.raises(RequestGone):
        decline(request.pk, by=cast.seller)


def test_somebody_signed_in_who_is_approved_acts_for_it_at_once(cast: Cast) -> None:
    code = new_code(cast.bright_home.pk, by=cast.seller)
    new = NewJoinRequest(code=code, email="typed@elsewhere.example")
    request = ask_to_join(new, person=cast.supplier.person)
    assert request.email == cast.supplier.person.email, "what is typed counts for nothing"
    membership = approve(request.pk, "owner", by=cast.seller)
    assert membership
    assert (membership.party, membership.role) == (cast.bright_home, Role.OWNER)
    kinds = list(Entry.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["JoinCodeChanged", "JoinAsked", "JoinApproved", "PersonJoined"]
    with pytest.raises(JoinRefused):
        ask_to_join(new, person=cast.supplier.person)


def test_an_owner_who_once_asked_is_not_made_a_member(cast: Cast) -> None:
    code = new_code(cast.bright_home.pk, by=cast.seller)
    request = ask_to_join(NewJoinRequest(code=code), person=cast.supplier.person)
    Membership.objects.create(person=cast.supplier.person, party=cast.bright_home, role=Role.OWNER)
    membership = approve(request.pk, "member", by=cast.seller)
    assert membership
    assert membership.role == Role.OWNER


def test_asking_twice_is_one_request(cast: Cast) -> None:
    assert asked(cast) == asked(cast)
    assert Entry.objects.filter(kind="JoinAsked").count() == 1


def test_a_stranger_changes_nothing_of_what_somebody_signed_in_asked(cast: Cast) -> None:
    code = new_code(cast.bright_home.pk, by=cast.seller)
    new = NewJoinRequest(code=code, note="We met in Leeds.")
    request = ask_to_join(new, person=cast.supplier.person)
    email = cast.supplier.person.email
    ask_to_join(NewJoinRequest(code=code, email=email, name="The Chief"), person=None)
    request.refresh_from_db()
    assert (request.person, request.note) == (cast.supplier.person, "We met in Leeds.")
    assert request.name == cast.supplier.person.name
    assert Entry.objects.filter(kind="JoinAsked").count() == 1


def test_only_its_owners_answer(cast: Cast) -> None:
    request = asked(cast)
    for by in (cast.seller_member, cast.supplier, cast.agent, cast.lead):
        for change in (
            partial(approve, request.pk, "member"),
            partial(decline, request.pk),
            partial(decline, 999_999_999),
            partial(new_code, cast.bright_home.pk),
            partial(take_code_away, cast.bright_home.pk),
        ):
            with pytest.raises(NotTheirPeople):
                change(by=by)
    with pytest.raises(RoleDoesNotFit):
        approve(request.pk, "admin", by=cast.seller)
    decline(request.pk, by=cast.seller)
    assert not Membership.objects.filter(person__email="new@x.example").exists()
    with pytest.raises(NotTheirPeople):
        new_code(cast.operator.pk, by=cast.admin)


def test_a_request_under_a_colleagues_address_makes_nobody_of_anybody(cast: Cast) -> None:
    """To a stranger, the address of somebody who works there is like any other."""
    request = asked(cast, cast.seller_member.person.email)
    with pytest.raises(InvitationRefused):
        approve(request.pk, "owner", by=cast.seller)
    cast.seller_member.refresh_from_db()
    assert cast.seller_member.role == Role.MEMBER
    request.refresh_from_db()
    assert request.approved_at is None, "it can still be declined"


def test_what_can_not_be_asked(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    asked(cast)
    code = cast.bright_home.join_code
    for new, field in (
        (NewJoinRequest(code="AAAAAAAAAA", email="a@b.example", name="A"), "code"),
        (NewJoinRequest(code=code, email="nobody", name="A"), "email"),
        (NewJoinRequest(code=code, email="a@visitors.invalid", name="A"), "email"),
        (NewJoinRequest(code=code, email="a@b.example", name="\x00 "), "name"),
        (NewJoinRequest(code=code, email="a@b.example", name="A", note="x" * 501), "note"),
    ):
        with pytest.raises(JoinRefused) as refused:
            ask_to_join(new, person=None)
        assert refused.value.problems[field]
    monkeypatch.setattr(asking_to_join, "MOST_WAITING", 1)
    with pytest.raises(JoinRefused):
        asked(cast, "another@x.example")
    close_party(cast.bright_home.pk, by=cast.admin)
    assert party_by_code(code) is None
