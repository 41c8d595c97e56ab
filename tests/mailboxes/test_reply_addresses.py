"""Addresses to answer to: bound to a person and what they answer, unguessable, revocable."""

from __future__ import annotations

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from cast import Cast
from parley.conversations.models import Audience
from parley.journal.models import Entry
from parley.mail_parsing.understood import Address, Understood
from parley.mailboxes.message_ids import is_ours, thread_root, tickets_named
from parley.mailboxes.models import Mailbox, ReplyAddress
from parley.mailboxes.reply_addresses import (
    MayNotRevoke,
    address_of,
    find,
    is_tagged,
    mail_address,
    revoke,
    token_of,
)
from parley.parties.keeping_people import deactivate


def sent_to(*addresses: str, **fields: object) -> Understood:
    return Understood(sender=None, to=tuple(map(Address, addresses)), **fields)  # type: ignore[arg-type]


def a_mailbox(**fields: object) -> Mailbox:
    return Mailbox.objects.create(address="support@market.example", **fields)


def test_it_is_made_once_and_is_another_for_every_audience(cast: Cast) -> None:
    ticket = cast.ticket()
    first = address_of(cast.seller, ticket=ticket)
    assert address_of(cast.seller, ticket=ticket) == first
    others = {
        address_of(cast.seller_member, ticket=ticket).pk,
        address_of(cast.seller).pk,
        address_of(cast.lead, ticket=ticket, audience=Audience.OPERATOR).pk,
        address_of(
            cast.seller, ticket=ticket, audience=Audience.SIDE, audience_party=cast.bright_home
        ).pk,
    }
    assert len(others | {first.pk}) == 5


def test_answers_are_found_by_the_address_and_by_the_message_id(cast: Cast) -> None:
    a_mailbox()
    address = address_of(cast.seller, ticket=cast.ticket())
    typed = mail_address(address)
    assert typed == f"support+{token_of(address)}@market.example"
    assert is_tagged(typed)
    message_id = f"<notice-1.ticket-2.{token_of(address)}@desk.example>"
    for understood in (
        sent_to("anna@elsewhere.example", typed),
        sent_to(typed.upper()),
        sent_to("support@market.example", delivered_to=(typed,)),
        sent_to("support@market.example", in_reply_to=(message_id,)),
        sent_to("support@market.example", references=(message_id, "<other@gmail.example>")),
    ):
        assert find(understood) == address
    assert find(sent_to("support@market.example"), envelope_to=[typed]) == address


def test_the_mail_that_is_answered_comes_before_older_ones(cast: Cast) -> None:
    ticket = cast.ticket()
    note = address_of(cast.lead, ticket=ticket, audience=Audience.OPERATOR)
    older = address_of(cast.lead, ticket=ticket)
    ids = {row: f"<notice-1.ticket-2.{token_of(row)}@desk.example>" for row in (note, older)}
    assert find(sent_to(references=(ids[older], ids[note]))) == note
    assert find(sent_to(in_reply_to=(ids[note],), references=(ids[older],))) == note


def test_one_that_is_made_up_is_none(cast: Cast) -> None:
    a_mailbox()
    address = address_of(cast.seller, ticket=cast.ticket())
    typed = mail_address(address)
    token = token_of(address)
    changed = token[:-1] + ("a" if token[-1] != "a" else "b")
    for made_up in (
        typed.replace(token, changed),
        typed.replace(f"+r{address.pk}.", f"+r{address.pk + 1}."),
        typed.replace(f"+r{address.pk}.", "+r999999999999999999."),
        "support+r1.@market.example",
        "support@market.example",
    ):
        assert find(sent_to(made_up)) is None
    with override_settings(SECRET_KEY="another" * 10):
        assert find(sent_to(typed)) is None


def test_a_mailbox_that_knows_no_tags_is_answered_by_the_message_id_alone(cast: Cast) -> None:
    address = address_of(cast.seller)
    assert mail_address(address) == ""
    box = a_mailbox(tagged=False)
    assert mail_address(address) == "support@market.example"
    long = Mailbox(address=f"{'very-' * 9}long@market.example")
    assert mail_address(address, long) == long.address
    box.active = False
    box.save()
    assert mail_address(address) == ""


def test_a_person_revokes_theirs_and_new_mails_bring_new_ones(cast: Cast) -> None:
    ticket, other = cast.ticket(), cast.ticket()
    here, there = address_of(cast.seller, ticket=ticket), address_of(cast.seller, ticket=other)
    of_colleague = address_of(cast.seller_member, ticket=ticket)
    with pytest.raises(MayNotRevoke):
        revoke(cast.seller.person_id, by=cast.seller_member)
    assert revoke(cast.seller.person_id, by=cast.seller, ticket_id=ticket.pk) == 1
    here.refresh_from_db()
    there.refresh_from_db()
    assert here.revoked_at is not None
    assert there.revoked_at is None
    assert revoke(cast.seller.person_id, by=cast.admin) == 1
    assert revoke(cast.seller.person_id, by=cast.seller) == 0
    assert Entry.objects.filter(kind="ReplyAddressesRevoked").count() == 2
    assert address_of(cast.seller, ticket=ticket) != here
    of_colleague.refresh_from_db()
    assert of_colleague.revoked_at is None


def test_whoever_leaves_a_company_writes_for_it_no_more(cast: Cast) -> None:
    address = address_of(cast.seller_member, ticket=cast.ticket())
    kept = address_of(cast.seller, ticket=address.ticket)
    deactivate(cast.seller_member.pk, by=cast.seller)
    assert ReplyAddress.objects.get(pk=address.pk).revoked_at is not None
    assert ReplyAddress.objects.get(pk=kept.pk).revoked_at is None


def test_tickets_are_named_by_our_message_ids_alone() -> None:
    with override_settings(PUBLIC_URL="https://desk.example"):
        assert thread_root("ticket-7") == "<ticket-7@desk.example>"
        assert is_ours("<digest-3@DESK.example>")
        assert not is_ours("<ticket-7@elsewhere.example>")
        ids = [
            "<notice-1.ticket-5@desk.example>",
            "<notice-2.ticket-5.r1.aaaaaaaaaaaaaaaaaaaa@desk.example>",
            "<ticket-7@desk.example>",
            "<ticket-8@elsewhere.example>",
            "<order-9@desk.example>",
            "rubbish",
        ]
        assert tickets_named(ids) == [5, 7]


@given(st.lists(st.text(max_size=40), max_size=5))
def test_nothing_that_stands_there_is_an_error(lines: list[str]) -> None:
    tickets_named(lines)
    for line in lines:
        is_tagged(line)
