"""Invitations: who may send them, what their link is worth, and when it is worth nothing."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from cast import Cast
from crowd import crowd
from parley.journal.models import Entry
from parley.journal.moment import at, now
from parley.parties.accepting import (
    AccountClosed,
    HasAccount,
    NewPerson,
    PersonRefused,
    accept_as_known,
    accept_as_new,
    invitation_by,
)
from parley.parties.closing import close_party
from parley.parties.inviting import (
    BETWEEN_TWO,
    MOST_AN_HOUR,
    MOST_TIMES,
    VALID_FOR,
    InvitationGone,
    InvitationRefused,
    NewInvitation,
    TooManyInvitations,
    digest_of,
    invite,
    new_link,
    revoke,
    send_again,
)
from parley.parties.joining import RoleDoesNotFit
from parley.parties.keeping_people import NotTheirPeople
from parley.parties.models import Invitation, Membership, Person, Role

NEW = NewInvitation(email="New@Bright-Home.example ", role="member", name="New One")
PERSON = NewPerson(name="New One", password="a long enough battery", time_zone="Europe/Riga")


def invited(cast: Cast, new: NewInvitation = NEW) -> tuple[Invitation, str]:
    """An invitation whose mail has gone out, and the digest of its link."""
    invitation = invite(cast.bright_home.pk, new, by=cast.seller)
    made = new_link(invitation.pk)
    assert made
    return made[0], digest_of(made[1])


def test_a_link_is_kept_as_a_digest_and_never_in_the_journal(cast: Cast) -> None:
    invitation = invite(cast.bright_home.pk, NEW, by=cast.seller)
    assert invitation.email == "new@bright-home.example"
    assert invitation.digest == "", "none is made before there is a mail"
    made = new_link(invitation.pk)
    assert made
    secret = made[1]
    invitation.refresh_from_db()
    assert invitation.digest == digest_of(secret) != secret
    assert secret not in str(list(Invitation.objects.values()))
    written = str(list(Entry.objects.values()))
    assert secret not in written
    assert "new@bright-home.example" not in written, "what is erased must not stay in the journal"


def test_somebody_new_gets_an_account(cast: Cast) -> None:
    _invitation, digest = invited(cast)
    membership = accept_as_new(digest, PERSON)
    assert (membership.party, membership.role) == (cast.bright_home, Role.MEMBER)
    person = membership.person
    assert (person.email, person.name) == ("new@bright-home.example", "New One")
    assert person.time_zone == "Europe/Riga"
    assert person.check_password(PERSON.password)
    assert Entry.objects.filter(kind="PersonJoined", person_id=person.pk).count() == 1
    for again in (partial(accept_as_new, digest, PERSON), partial(accept_as_known, digest)):
        with pytest.raises(InvitationGone):
            again()


def test_whoever_has_an_account_keeps_it_as_it_is(cast: Cast) -> None:
    new = NewInvitation(email=cast.supplier_member.person.email, role="owner")
    _invitation, digest = invited(cast, new)
    with pytest.raises(HasAccount):
        accept_as_new(digest, PERSON)
    before = Person.objects.get(pk=cast.supplier_member.person_id).password
    membership = accept_as_known(digest)
    assert (membership.party, membership.role) == (cast.bright_home, Role.OWNER)
    assert Person.objects.get(pk=cast.supplier_member.person_id).password == before


def test_a_closed_account_is_not_opened_by_an_invitation(cast: Cast) -> None:
    Person.objects.filter(pk=cast.supplier_member.person_id).update(is_active=False)
    _i, digest = invited(
        cast, NewInvitation(email=cast.supplier_member.person.email, role="member")
    )
    for accept in (partial(accept_as_known, digest), partial(accept_as_new, digest, PERSON)):
        with pytest.raises(AccountClosed):
            accept()


def test_one_who_joined_meanwhile_keeps_the_role_they_have(cast: Cast) -> None:
    """An invitation as a member, accepted late, does not take the last owner away."""
    _i, digest = invited(
        cast, NewInvitation(email=cast.supplier_member.person.email, role="member")
    )
    Membership.objects.create(
        person=cast.supplier_member.person, party=cast.bright_home, role=Role.OWNER
    )
    assert accept_as_known(digest).role == Role.OWNER


@pytest.mark.parametrize("how", ["ended", "revoked", "sent again", "company closed", "made up"])
def test_a_link_stops_working(cast: Cast, how: str) -> None:
    invitation, digest = invited(cast)
    later = now() + timedelta(minutes=10)
    match how:
        case "ended":
            later = now() + VALID_FOR
        case "revoked":
            revoke(invitation.pk, by=cast.seller)
        case "sent again":
            with at(later):
                send_again(invitation.pk, by=cast.seller)
        case "company closed":
            close_party(cast.bright_home.pk, by=cast.admin)
        case _:
            digest = digest_of("made up")
    with at(later):
        for use in (invitation_by, accept_as_known, partial(accept_as_new, new=PERSON)):
            with pytest.raises(InvitationGone):
                use(digest)
    with pytest.raises(InvitationGone):
        invitation_by("")


def test_of_many_who_click_at_once_one_gets_in(cast: Cast, transactional_db: None) -> None:
    _invitation, digest = invited(cast)
    came = crowd(5, partial(accept_as_new, digest, PERSON))
    assert sum(isinstance(one, Membership) for one in came) == 1
    assert Person.objects.filter(email="new@bright-home.example").count() == 1


@pytest.mark.parametrize("by", ["seller_member", "supplier", "lead", "agent", "other_seller"])
def test_only_those_who_keep_the_people_invite(cast: Cast, by: str) -> None:
    invitation = invite(cast.bright_home.pk, NEW, by=cast.seller)
    who = cast.everybody[by]
    for change in (
        partial(invite, cast.bright_home.pk, NEW),
        partial(send_again, invitation.pk),
        partial(revoke, invitation.pk),
        partial(revoke, 999_999_999),
    ):
        with pytest.raises(NotTheirPeople):
            change(by=who)


@pytest.mark.parametrize("role", ["agent", "admin", "king", ""])
def test_a_seller_has_no_agents(cast: Cast, role: str) -> None:
    with pytest.raises(RoleDoesNotFit):
        invite(cast.bright_home.pk, NewInvitation(email="x@y.example", role=role), by=cast.admin)


@pytest.mark.parametrize(
    "email",
    ["", "nobody", "a@b@c.example", "x@visitors.invalid", "x\r\nBcc: y@z.example@a.example",
     f"{'x' * 250}@y.example", "seller-member@bright-home.example", "twice@bright-home.example"],
)  # fmt: skip
def test_an_address_that_can_not_be_invited_is_refused_in_words(cast: Cast, email: str) -> None:
    invite(
        cast.bright_home.pk,
        NewInvitation(email="twice@bright-home.example", role="member"),
        by=cast.seller,
    )
    with pytest.raises(InvitationRefused) as refused:
        invite(cast.bright_home.pk, NewInvitation(email=email, role="member"), by=cast.seller)
    assert refused.value.problems["email"]


def test_nobody_floods_mailboxes(cast: Cast) -> None:
    start = now()
    with at(start):
        for n in range(MOST_AN_HOUR):
            new = NewInvitation(email=f"{n}@x.example", role="member")
            last = invite(cast.bright_home.pk, new, by=cast.seller)
        with pytest.raises(TooManyInvitations) as refused:
            invite(cast.bright_home.pk, NEW, by=cast.seller)
        assert refused.value.minutes == 60
        with pytest.raises(TooManyInvitations) as refused:
            send_again(last.pk, by=cast.seller)
        assert refused.value.minutes == 2
        invite(cast.northwind.pk, NEW, by=cast.supplier)
    with at(start + timedelta(hours=1, seconds=1)):
        invite(cast.bright_home.pk, NEW, by=cast.seller)
    moment = start + timedelta(hours=3)
    for _time in range(MOST_TIMES - 1):
        with at(moment := moment + BETWEEN_TWO):
            send_again(last.pk, by=cast.seller)
    with at(moment + BETWEEN_TWO), pytest.raises(TooManyInvitations) as refused:
        send_again(last.pk, by=cast.seller)
    assert refused.value.minutes == 0


def test_a_weak_password_or_no_name_is_refused_and_nothing_is_made(
    cast: Cast, settings: Any
) -> None:
    settings.OPERATOR_TIME_ZONE = "Europe/London"
    _invitation, digest = invited(cast)
    for person, field in (
        (NewPerson(name=" ", password=PERSON.password), "name"),
        (NewPerson(name="New One", password="short"), "password"),
        (NewPerson(name="New One", password="bright-home"), "password"),
        (NewPerson(name="New One", password="x" * 1001), "password"),
    ):
        with pytest.raises(PersonRefused) as refused:
            accept_as_new(digest, person)
        assert refused.value.problems[field]
    assert invitation_by(digest)
    odd = NewPerson(name="New", password=PERSON.password, language="xx", time_zone="Mars/Base")
    person = accept_as_new(digest, odd).person
    assert (person.language, person.time_zone) == ("en", "Europe/London")
