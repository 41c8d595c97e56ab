"""Comparing what a mailbox holds with what was taken in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cast import Cast
from mailboxes.conftest import mailbox_on
from mailboxes.servers import MailServer, mail
from parley.journal.moment import now
from parley.mailboxes import reconciling
from parley.mailboxes.imap import open_mailbox, take_all
from parley.mailboxes.models import Arrival, Mailbox, RawMail
from parley.mailboxes.reconciling import ask_to_compare, compare, take_missing, take_missing_now
from parley.parties.settling import NotAdministrators
from parley.transfer.troubles import Trouble

pytestmark = pytest.mark.django_db


def take_in(mailbox: Mailbox) -> None:
    opened = open_mailbox(mailbox)
    take_all(opened)
    opened.close()


def test_what_is_held_is_counted_once(mail_server: MailServer, settings: Any) -> None:
    settings.MAIL_LIMIT = 10_000
    mail_server.put(mail(1), at=now() - timedelta(days=3))
    mail_server.put(mail(2), mail(3), mail(4, size=20_000), mail(5))
    mailbox = mailbox_on(mail_server, since=now() - timedelta(hours=1))
    take_in(mailbox)
    last = Arrival.objects.latest("uid")
    last.delete()  # as if it had been overlooked
    mail_server.remove(2)
    before = mail_server.flags()
    found = compare(mailbox.pk)
    assert (found.held, found.taken, found.aside) == (4, 2, 1)
    assert (found.skipped, found.missing, found.gone) == ({"before": 1}, 1, 1)
    assert found.named[0]["uid"] == last.uid
    assert found.held == found.taken + found.missing + sum(found.skipped.values())
    mailbox.refresh_from_db()
    assert mailbox.held["missing"] == 1
    assert mailbox.held_at is not None
    assert mail_server.flags() == before


def test_what_is_missing_is_taken_in(mail_server: MailServer) -> None:
    mail_server.put(mail(1), mail(2))
    mailbox = mailbox_on(mail_server)
    assert compare(mailbox.pk).missing == 2
    take_missing_now(mailbox.pk)
    mailbox.refresh_from_db()
    assert (mailbox.held["missing"], mailbox.held["taken"]) == (0, 2)
    assert RawMail.objects.count() == 2


def test_what_the_server_would_not_give_out_is_asked_for_again(
    mail_server: MailServer, cast: Cast
) -> None:
    mail_server.put(mail(1))
    mailbox = mailbox_on(mail_server)
    take_in(mailbox)
    Arrival.objects.update(mail=None, skipped="unreadable")
    assert compare(mailbox.pk).skipped == {"unreadable": 1}
    take_missing(mailbox.pk, by=cast.admin)
    take_missing_now(mailbox.pk)
    mailbox.refresh_from_db()
    assert (mailbox.held["taken"], mailbox.held["skipped"]) == (1, {})


def test_of_a_mailbox_made_anew_the_old_numbers_are_told_apart(mail_server: MailServer) -> None:
    mail_server.put(mail(1), mail(2))
    mailbox = mailbox_on(mail_server)
    take_in(mailbox)
    mail_server.make_anew(mail(1))
    found = compare(mailbox.pk)
    assert (found.held, found.missing, found.rebuilt, found.gone) == (1, 1, 2, 0)


def test_a_trouble_is_the_result(mail_server: MailServer) -> None:
    mailbox = mailbox_on(mail_server, folder="Nowhere")
    assert compare(mailbox.pk).trouble["trouble"] == Trouble.FOLDER_MISSING
    mailbox.refresh_from_db()
    assert mailbox.held["trouble"]["step"] == "folder"


def test_administrators_alone_ask_for_it(cast: Cast, mail_server: MailServer) -> None:
    mailbox = mailbox_on(mail_server)
    for asks in (ask_to_compare, take_missing):
        asks(mailbox.pk, by=cast.admin)
        with pytest.raises(NotAdministrators):
            asks(mailbox.pk, by=cast.lead)
    assert reconciling.compare(0).held == 0
