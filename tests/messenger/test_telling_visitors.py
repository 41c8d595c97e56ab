"""Visitors are told of answers by mail: in their language, with what was said, and no page of ours."""

from __future__ import annotations

from typing import Any

import pytest

from cast import Cast
from parley.journal.models import Entry
from parley.journal.recording import run_later
from parley.messenger.handing_over import hand_over
from parley.messenger.keeping_sites import make_site
from parley.messenger.models import Site
from parley.messenger.visiting import arrive, newcomer
from parley.notifications.mailing import send_due
from parley.notifications.models import Notice
from parley.parties.models import Membership
from parley.tickets.ending import close
from parley.tickets.models import Ticket
from parley.tickets.replying import Reply, reply


def tell_all() -> None:
    for entry in Entry.objects.order_by("id").values_list("pk", flat=True):
        run_later(entry)


@pytest.fixture
def site(cast: Cast) -> Site:
    return make_site("A shop", ["https://shop.example"], by=cast.admin)[0]


@pytest.fixture
def visitor(site: Site) -> Membership:
    return arrive(newcomer(site, language="ru", time_zone="Europe/Moscow"))


@pytest.fixture
def ticket(visitor: Membership) -> Ticket:
    return hand_over(
        None, by=visitor, priority="question", text="Where is it?", contact="jane@example.org"
    )


def test_an_answer_is_mailed_to_where_they_said(
    cast: Cast, ticket: Ticket, visitor: Membership, mailoutbox: Any, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    reply(ticket.pk, Reply(text="In the **harbour**."), by=cast.agent)
    reply(ticket.pk, Reply(text="Sounds angry.", audience="operator"), by=cast.agent)
    tell_all()
    send_due()
    to_them = [mail for mail in mailoutbox if "jane@example.org" in mail.to[0]]
    assert len(to_them) == 1, "of the note they hear nothing"
    (mail,) = to_them
    everything = mail.body + mail.alternatives[0].content
    assert "harbour" in mail.body
    assert "angry" not in everything
    assert "https://shop.example/" in mail.body
    assert "/tickets/" not in everything
    assert "/settings/" not in everything
    assert "visitors.invalid" not in everything
    assert not any("visitors.invalid" in one for mail in mailoutbox for one in mail.to)


def test_they_hear_of_the_end_and_of_no_clock(
    cast: Cast, ticket: Ticket, visitor: Membership
) -> None:
    reply(ticket.pk, Reply(text="Done."), by=cast.agent)
    close(ticket.pk, by=cast.agent)
    tell_all()
    kinds = Notice.objects.filter(person=visitor.person).values_list("kind", flat=True)
    assert sorted(kinds) == ["completed", "reply"]


def test_what_was_read_in_the_messenger_is_not_mailed(
    cast: Cast, ticket: Ticket, visitor: Membership, mailoutbox: Any, settings: Any
) -> None:
    from parley.journal.moment import now
    from parley.notifications.reading import read_notices

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    reply(ticket.pk, Reply(text="Done."), by=cast.agent)
    tell_all()
    read_notices(visitor, ticket_id=ticket.pk, until=now())
    send_due()
    assert not [mail for mail in mailoutbox if "jane@example.org" in mail.to[0]]
