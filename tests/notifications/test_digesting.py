"""The digest: one mail a day, at eight by its reader's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cast import Cast
from crowd import crowd, failures
from notifications.conftest import Tell
from notifications.mailbox import Mailbox, html_of, text_of
from parley.journal.moment import at
from parley.notifications import mailing
from parley.notifications.choosing import choose_ways, next_digest
from parley.notifications.digesting import send_digests
from parley.notifications.mailing import send_due
from parley.notifications.models import Fate, Kind, Mail
from parley.notifications.reading import read_notices
from parley.parties.models import Membership
from parley.tickets.replying import Reply, reply

NOON = datetime(2026, 11, 11, 12, tzinfo=UTC)
IN_LONDON = datetime(2026, 11, 12, 8, tzinfo=UTC)
IN_MOSCOW = datetime(2026, 11, 12, 5, tzinfo=UTC)


def wants_digests(*people: Membership) -> None:
    for who in people:
        choose_ways(who, dict.fromkeys(Kind.values, "digest"))


def test_eight_in_the_morning_is_by_the_readers_clock() -> None:
    with at(NOON):
        assert next_digest(ZoneInfo("Europe/London")) == IN_LONDON
        assert next_digest(ZoneInfo("Europe/Moscow")) == IN_MOSCOW
        assert next_digest(ZoneInfo("Asia/Kathmandu")).astimezone(UTC).minute == 15
    with at(IN_LONDON - timedelta(seconds=1)):
        assert next_digest(ZoneInfo("Europe/London")) == IN_LONDON
    with at(IN_LONDON):
        assert next_digest(ZoneInfo("Europe/London")) == IN_LONDON + timedelta(days=1)
    with at(datetime(2026, 3, 28, 12, tzinfo=UTC)):  # the clocks go forward in the night
        after = next_digest(ZoneInfo("Europe/London"))
        assert after.astimezone(UTC) == datetime(2026, 3, 29, 7, tzinfo=UTC)


def test_a_day_is_gathered_into_one_mail(cast: Cast, tell: Tell, mailbox: Mailbox) -> None:
    wants_digests(cast.supplier, cast.supplier_member)
    with at(NOON):
        one, other = cast.ticket(title="First <one>"), cast.ticket(title="Second")
        reply(one.pk, Reply(text="And one thing more."), by=cast.seller)
        tell()
        assert send_due() == send_digests() == 0
    with at(IN_MOSCOW):
        send_digests()
        assert len(mailbox.to(cast.supplier_member)) == 1
        assert not mailbox.to(cast.supplier)
    with at(IN_LONDON):
        send_digests()
        send_digests()
    (mail,) = mailbox.to(cast.supplier)
    assert str(mail["Subject"]) == "News on 2 tickets"
    assert str(mail["Auto-Submitted"]) == "auto-generated"
    assert "List-Unsubscribe" in mail
    for words in (text_of(mail), html_of(mail)):
        assert "3 things happened" in words
        assert one.number in words
        assert other.number in words
        assert "Selma Seller (Bright Home) replied" in words
        assert f"https://desk.example/tickets/{other.pk}/#m" in words
    assert "First &lt;one&gt;" in html_of(mail)
    assert set(Mail.objects.values_list("fate", flat=True)) == {Fate.SENT}


def test_killed_after_the_hand_over_the_same_digest_goes_again_even_days_later(
    cast: Cast, tell: Tell, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    wants_digests(cast.supplier)

    def killed(mails: list[Mail], fate: Fate) -> None:
        if mails:
            raise KeyboardInterrupt

    with at(NOON):
        cast.ticket(title="First")
        tell()
    with at(IN_LONDON), monkeypatch.context() as patch:
        patch.setattr(mailing, "settle", killed)
        with pytest.raises(KeyboardInterrupt):
            send_digests()
    with at(IN_LONDON + timedelta(hours=5)):
        cast.ticket(title="Second")
        tell()
    with at(IN_LONDON + timedelta(days=1)):
        send_digests()
        send_digests()
        send_digests()
    first, again, next_one = mailbox.to(cast.supplier)
    assert first["Message-ID"] == again["Message-ID"] != next_one["Message-ID"]
    assert "Second" not in text_of(again)
    assert "First" not in text_of(next_one)
    theirs = Mail.objects.filter(notice__person=cast.supplier.person)
    assert set(theirs.values_list("fate", flat=True)) == {Fate.SENT}


def test_a_worker_that_slept_at_eight_sends_when_it_wakes(
    cast: Cast, tell: Tell, mailbox: Mailbox
) -> None:
    wants_digests(cast.supplier)
    with at(NOON):
        cast.ticket()
        tell()
    with at(IN_LONDON + timedelta(hours=5)):
        send_digests()
    assert len(mailbox.to(cast.supplier)) == 1


def test_what_was_read_is_left_out_and_nothing_left_is_no_mail(
    cast: Cast, tell: Tell, mailbox: Mailbox
) -> None:
    wants_digests(cast.supplier, cast.supplier_member)
    with at(NOON):
        read, unread = cast.ticket(title="Read"), cast.ticket(title="Unread")
        tell()
        read_notices(cast.supplier, ticket_id=read.pk)
        read_notices(cast.supplier_member)
    with at(IN_LONDON):
        send_digests()
    (mail,) = mailbox.to(cast.supplier)
    assert unread.number in text_of(mail)
    assert read.number not in text_of(mail)
    assert not mailbox.to(cast.supplier_member)
    assert not Mail.objects.filter(fate=Fate.WAITING).exclude(way="at_once").exists()


def test_who_has_left_gets_no_digest(cast: Cast, tell: Tell, mailbox: Mailbox) -> None:
    wants_digests(cast.supplier)
    with at(NOON):
        cast.ticket()
        tell()
    Membership.objects.filter(pk=cast.supplier.pk).update(active=False)
    with at(IN_LONDON):
        send_digests()
    assert not mailbox.to(cast.supplier)


def test_a_digest_that_failed_comes_later_in_one_piece(
    cast: Cast, tell: Tell, mailbox: Mailbox
) -> None:
    wants_digests(cast.supplier)
    mailbox.puts_off = {cast.supplier.person.email}
    with at(NOON):
        cast.ticket()
        cast.ticket()
        tell()
    with at(IN_LONDON):
        send_digests()
        assert not mailbox.to(cast.supplier)
    mailbox.puts_off = set()
    with at(IN_LONDON + timedelta(minutes=15)):
        send_digests()
    (mail,) = mailbox.to(cast.supplier)
    assert str(mail["Subject"]) == "News on 2 tickets"


def test_killed_before_the_commit_the_same_digest_goes_again(
    cast: Cast, tell: Tell, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    wants_digests(cast.supplier)
    with at(NOON):
        cast.ticket()
        cast.ticket()
        tell()

    def killed(*args: object) -> None:
        raise KeyboardInterrupt

    with at(IN_LONDON), monkeypatch.context() as patch:
        patch.setattr(mailing, "settle", killed)
        with pytest.raises(KeyboardInterrupt):
            send_digests()
    with at(IN_LONDON):
        send_digests()
        send_digests()
    first, second = mailbox.to(cast.supplier)
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.django_db(transaction=True)
def test_many_workers_make_one_digest(cast: Cast, tell: Tell, mailbox: Mailbox) -> None:
    wants_digests(cast.supplier, cast.supplier_member)
    with at(NOON):
        for _n in range(10):
            cast.ticket()
        tell()

    def work() -> None:
        with at(IN_LONDON):
            send_digests()

    assert not failures(crowd(4, work))
    for who in (cast.supplier, cast.supplier_member):
        (mail,) = mailbox.to(who)
        assert mail is not None
        assert text_of(mail).count("/tickets/") == 10
