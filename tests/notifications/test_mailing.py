"""Mails: through a real SMTP server, once each, and no more than their reader may see."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.urls import resolve

from cast import Cast
from crowd import crowd, failures
from notifications.conftest import Tell
from notifications.mailbox import Mailbox, html_of, text_of
from parley.conversations.attaching import receive
from parley.conversations.models import Audience
from parley.journal.moment import at, now
from parley.notifications import addresses, mailing
from parley.notifications.choosing import choose_ways, mute
from parley.notifications.enclosing import ENCLOSE_BYTES
from parley.notifications.mailing import BATCH, GIVEN_UP_AFTER, send_due
from parley.notifications.models import Fate, Mail
from parley.notifications.reading import read_notices
from parley.parties.models import Membership
from parley.parties.settling import settle
from parley.tickets.disputing import step_in
from parley.tickets.ending import close
from parley.tickets.replying import Reply, reply


def fates(who: Membership) -> list[str]:
    mails = Mail.objects.filter(notice__person=who.person_id).order_by("pk")
    return list(mails.values_list("fate", flat=True))


def test_everyone_who_is_told_gets_one_mail(cast: Cast, tell: Tell, mailbox: Mailbox) -> None:
    cast.ticket()
    tell()
    assert send_due() == 2
    assert send_due() == 0
    assert len(mailbox.to(cast.supplier)) == len(mailbox.to(cast.supplier_member)) == 1
    assert mailbox.connections == 1
    assert not mailbox.to(cast.seller)
    assert fates(cast.supplier) == [Fate.SENT]
    assert Mail.objects.filter(sent_at__isnull=False).count() == 2


def test_an_internal_note_reaches_nobody_but_the_operator(
    cast: Cast, tell: Tell, mailbox: Mailbox
) -> None:
    ticket = cast.ticket()
    step_in(ticket.pk, "Let me see.", by=cast.agent)
    reply(ticket.pk, Reply(text="On its way."), by=cast.supplier)
    reply(ticket.pk, Reply(text="ZEBRA", audience=Audience.OPERATOR), by=cast.lead)
    tell()
    send_due()
    for mail, recipient in zip(mailbox.mails, mailbox.recipients, strict=True):
        has_it = "ZEBRA" in text_of(mail) + html_of(mail) + str(mail["Subject"])
        is_note = "внутренняя заметка" in text_of(mail)
        assert has_it == (recipient == cast.agent.person.email and is_note)
    assert len(mailbox.to(cast.seller)) == 2
    assert len(mailbox.to(cast.supplier)) == 2
    assert "ZEBRA" in text_of(mailbox.to(cast.agent)[-1])


def test_a_note_is_not_sent_to_an_agent_who_has_left_since(
    cast: Cast, tell: Tell, mailbox: Mailbox
) -> None:
    ticket = cast.ticket()
    step_in(ticket.pk, "Let me see.", by=cast.agent)
    reply(ticket.pk, Reply(text="ZEBRA", audience=Audience.OPERATOR), by=cast.lead)
    tell()
    Membership.objects.filter(pk=cast.agent.pk).update(active=False)
    send_due()
    assert not mailbox.to(cast.agent)
    assert set(fates(cast.agent)) == {Fate.DROPPED}


def test_what_has_been_read_or_muted_or_turned_off_is_not_sent(
    cast: Cast, tell: Tell, mailbox: Mailbox
) -> None:
    read, muted, off = cast.ticket(), cast.ticket(), cast.ticket()
    tell()
    read_notices(cast.supplier, ticket_id=read.pk)
    mute(muted.pk, by=cast.supplier)
    send_due(limit=1)
    choose_ways(cast.supplier_member, {"new_ticket": "off"})
    send_due()
    assert [str(mail["Subject"]) for mail in mailbox.to(cast.supplier)] == [
        f"[{off.number}] {off.title}"
    ]
    assert Fate.SENT not in fates(cast.supplier_member)


def test_who_turned_a_kind_off_gets_no_mail_but_the_bell(
    cast: Cast, tell: Tell, mailbox: Mailbox
) -> None:
    choose_ways(cast.supplier, {"new_ticket": "off"})
    cast.ticket()
    tell()
    send_due()
    assert fates(cast.supplier) == []
    cast.supplier.person.refresh_from_db()
    assert cast.supplier.person.unread_notices == 1


def test_the_mail_is_written_for_its_reader(cast: Cast, tell: Tell, mailbox: Mailbox) -> None:
    ticket = cast.ticket(title="Late <b>parcel</b>", text="Where **is** it? <script>x</script>")
    tell()
    send_due()
    mail = mailbox.to(cast.supplier)[0]
    assert str(mail["Subject"]) == f"[{ticket.number}] Late <b>parcel</b>"
    assert str(mail["To"]) == "Nora North <supplier@northwind.example>"
    place = f"https://desk.example/tickets/{ticket.pk}/#m"
    for words in (text_of(mail), html_of(mail)):
        assert place in words
        assert "Selma Seller (Bright Home) opened a ticket" in words
        assert "Your turn · answer by" in words
        assert "Northwind Supply" in words
        assert "https://desk.example/settings/#ways" in words
    assert "Where **is** it?" in text_of(mail)
    assert "<strong>is</strong>" in html_of(mail)
    assert "<script" not in html_of(mail)
    assert "Late &lt;b&gt;parcel&lt;/b&gt;" in html_of(mail)


def test_agents_are_led_to_the_desk(cast: Cast, tell: Tell, mailbox: Mailbox) -> None:
    ticket = cast.ticket(topic=cast.payouts, to=cast.operator)
    tell()
    send_due()
    assert f"https://desk.example/desk/tickets/{ticket.pk}/#m" in text_of(mailbox.to(cast.lead)[0])


def test_times_are_the_readers_own(cast: Cast, tell: Tell, mailbox: Mailbox) -> None:
    """Due at the same moment, told in London's hours and in English, in Moscow's and in Russian."""
    thursday = datetime(2026, 11, 12, 12, 34, tzinfo=UTC)
    with at(thursday - timedelta(days=1)):
        ticket = cast.ticket()
        ticket.due_at = thursday
        ticket.save(update_fields=["due_at"])
        tell()
        send_due()
    in_london, in_moscow = mailbox.to(cast.supplier)[0], mailbox.to(cast.supplier_member)[0]
    assert "Thu 12:34" in text_of(in_london)
    assert "чт 15:34" in text_of(in_moscow).replace("\xa0", " ")
    assert '<html lang="en">' in html_of(in_london)
    assert '<html lang="ru">' in html_of(in_moscow)


def test_a_long_message_is_folded(cast: Cast, tell: Tell, mailbox: Mailbox) -> None:
    cast.ticket(text="word " * 5_000 + "THE-END")
    tell()
    send_due()
    mail = mailbox.to(cast.supplier)[0]
    for words in (text_of(mail), html_of(mail)):
        assert "THE-END" not in words
        assert "word word" in words
        assert "The rest is on the ticket" in words
        assert len(words) < 8_000


def test_small_files_go_along_and_all_are_linked(cast: Cast, tell: Tell, mailbox: Mailbox) -> None:
    photo = receive(cast.seller, "Фото <1>.txt", ContentFile(b"what I got\r\nsee"))
    large = receive(cast.seller, "long.txt", ContentFile(b"x" * 2_000))
    program = receive(cast.seller, "run.exe", ContentFile(b"MZ\x90\x00"))
    settle(ENCLOSE_BYTES, 1_000, by=cast.admin)
    cast.ticket(attachments=[photo.pk, large.pk, program.pk])
    tell()
    send_due()
    mail = mailbox.to(cast.supplier)[0]
    link = f"https://desk.example/attachments/{photo.pk}/"
    assert "- Фото <1>.txt (15\xa0bytes), enclosed" in text_of(mail)
    assert f'<a href="{link}">Фото &lt;1&gt;.txt</a> (15\xa0bytes), enclosed' in html_of(mail)
    for file in (large, program):
        assert f"https://desk.example/attachments/{file.pk}/" in text_of(mail)
    (enclosed,) = mail.iter_attachments()
    assert enclosed.get_filename() == "Фото <1>.txt"
    assert enclosed.get_payload(decode=True) == b"what I got\r\nsee"


def test_a_file_that_a_scanner_has_not_cleared_goes_nowhere(
    cast: Cast, tell: Tell, mailbox: Mailbox, settings: Any
) -> None:
    photo = receive(cast.seller, "note.txt", ContentFile(b"what I got"))
    cast.ticket(attachments=[photo.pk])
    tell()
    settings.CLAMAV = "unix:/nowhere"
    send_due()
    assert not list(mailbox.to(cast.supplier)[0].iter_attachments())


def test_every_address_in_a_mail_is_one_of_the_sites(cast: Cast, settings: Any) -> None:
    settings.PUBLIC_URL = "https://desk.example"
    for address, name in (
        (addresses.ticket_address(cast.seller, 10001, 5), "portal:ticket"),
        (addresses.ticket_address(cast.agent, 10001, 5), "desk:ticket"),
        (addresses.attachment_address(uuid.uuid4()), "attachment"),
        (addresses.notices_address(), "notices"),
        (addresses.settings_address(), "settings"),
        (addresses.unsubscribe_address(cast.seller.person_id, "reply"), "unsubscribe"),
    ):
        assert address.startswith("https://desk.example/")
        assert resolve(urlsplit(address).path).view_name == name


# --- headers ---


def test_a_ticket_is_one_thread_in_every_mailbox(cast: Cast, tell: Tell, mailbox: Mailbox) -> None:
    ticket = cast.ticket()
    tell()
    send_due()
    reply(ticket.pk, Reply(text="On its way."), by=cast.supplier)
    reply(ticket.pk, Reply(text="It isn't."), by=cast.seller)
    tell()
    send_due()
    root = f"<ticket-{ticket.pk}@desk.example>"
    first, second = mailbox.to(cast.supplier)
    assert str(first["In-Reply-To"]) == root
    assert str(first["References"]).split() == [root]
    assert str(second["In-Reply-To"]) == str(first["Message-ID"])
    assert str(second["References"]).split() == [root, str(first["Message-ID"])]
    (of_seller,) = mailbox.to(cast.seller)
    assert str(of_seller["References"]).split() == [root]
    ids = [str(mail["Message-ID"]) for mail in mailbox.mails]
    assert len(set(ids)) == len(ids) == 4
    assert len({str(mail["Subject"]) for mail in mailbox.mails}) == 1


def test_only_what_no_person_wrote_says_it_was_made_by_a_machine(
    cast: Cast, tell: Tell, mailbox: Mailbox
) -> None:
    ticket = cast.ticket()
    reply(ticket.pk, Reply(text="Here it is."), by=cast.supplier)
    close(ticket.pk, by=cast.supplier)
    tell()
    send_due()
    written, ended = mailbox.to(cast.seller)
    assert written["Auto-Submitted"] is None
    assert str(ended["Auto-Submitted"]) == "auto-generated"


def test_one_click_unsubscribes(cast: Cast, tell: Tell, mailbox: Mailbox) -> None:
    cast.ticket()
    tell()
    send_due()
    mail = mailbox.to(cast.supplier)[0]
    assert str(mail["List-Unsubscribe-Post"]) == "List-Unsubscribe=One-Click"
    address = str(mail["List-Unsubscribe"]).strip().strip("<>")
    assert address.startswith("https://desk.example/notices/unsubscribe/")
    assert address in text_of(mail)


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\x85", "\u2028", "\x0b", "\x00\n"])
def test_nobody_can_add_a_header(cast: Cast, tell: Tell, mailbox: Mailbox, line_break: str) -> None:
    injected = f"{line_break}Bcc: victim@elsewhere.example"
    type(cast.supplier.person).objects.filter(pk=cast.supplier.person_id).update(
        name=f"Nora{injected}".replace("\x00", "")
    )
    ticket = cast.ticket()
    type(ticket).objects.filter(pk=ticket.pk).update(title=f"Late{injected}".replace("\x00", ""))
    tell()
    assert send_due() == 2
    assert set(mailbox.recipients) == {
        cast.supplier.person.email,
        cast.supplier_member.person.email,
    }
    for mail in mailbox.mails:
        assert mail["Bcc"] is None
        assert str(mail["Subject"]) == f"[{ticket.number}] Late Bcc: victim@elsewhere.example"


def test_names_in_any_script_and_with_commas_survive(
    cast: Cast, tell: Tell, mailbox: Mailbox
) -> None:
    type(cast.supplier.person).objects.filter(pk=cast.supplier.person_id).update(
        name='Норд, "Nora" <n@x.example>'
    )
    cast.ticket(title="Посылка не пришла — " + "очень " * 20)
    tell()
    send_due()
    (mail,) = mailbox.to(cast.supplier)
    assert mail["To"].addresses[0].display_name == 'Норд, "Nora" <n@x.example>'
    assert "Посылка не пришла" in str(mail["Subject"])


# --- when it goes wrong ---


def test_killed_between_the_hand_over_and_the_commit_the_same_mail_goes_again(
    cast: Cast, tell: Tell, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.ticket()
    tell()
    Mail.objects.filter(notice__person=cast.supplier_member.person).delete()

    def killed(*args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(mailing, "settle", killed)
        with pytest.raises(KeyboardInterrupt):
            send_due()
    assert fates(cast.supplier) == [Fate.WAITING]
    assert send_due() == 1
    assert send_due() == 0
    first, second = mailbox.to(cast.supplier)
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.django_db(transaction=True)
def test_many_workers_send_each_mail_once(cast: Cast, tell: Tell, mailbox: Mailbox) -> None:
    for _n in range(10):
        cast.ticket()
    tell()

    assert not failures(crowd(4, send_due))
    ids = [str(mail["Message-ID"]) for mail in mailbox.mails]
    assert len(ids) == len(set(ids)) == 20
    assert set(Mail.objects.values_list("fate", flat=True)) == {Fate.SENT}


def test_an_address_that_takes_nothing_now_is_tried_again_later_and_stops_nobody(
    cast: Cast, tell: Tell, mailbox: Mailbox
) -> None:
    mailbox.puts_off = {cast.supplier.person.email}
    cast.ticket()
    tell()
    assert send_due() == 2
    assert len(mailbox.to(cast.supplier_member)) == 1
    mail = Mail.objects.get(notice__person=cast.supplier.person)
    assert (mail.fate, mail.attempts) == (Fate.WAITING, 1)
    assert mail.trouble == "The mail server refused the address: 450 4.2.1 Come back later"
    assert mail.next_try_at > now()
    assert send_due() == 0
    mailbox.puts_off = set()
    with at(now() + timedelta(minutes=2)):
        assert send_due() == 1
    mail.refresh_from_db()
    assert (mail.fate, mail.trouble) == (Fate.SENT, "")


def test_waits_grow_and_after_some_days_it_is_given_up_with_its_trouble_kept(
    cast: Cast, tell: Tell, mailbox: Mailbox
) -> None:
    mailbox.puts_off = {cast.supplier.person.email}
    cast.ticket()
    tell()
    mail = Mail.objects.get(notice__person=cast.supplier.person)
    moment, waits = now(), []
    while mail.fate == Fate.WAITING:
        with at(moment):
            send_due()
        mail.refresh_from_db()
        waits.append(mail.next_try_at - moment)
        moment = mail.next_try_at
    assert waits[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert max(waits) == timedelta(hours=6)
    assert mail.fate == Fate.GIVEN_UP
    assert "450" in mail.trouble
    assert moment - mail.created_at > GIVEN_UP_AFTER
    assert send_due() == 0


def test_with_no_server_one_mail_is_tried_and_all_are_kept(
    cast: Cast, tell: Tell, mailbox: Mailbox, settings: Any
) -> None:
    mailbox.stop()
    cast.ticket()
    tell()
    assert send_due() == 0
    assert sorted(Mail.objects.values_list("attempts", flat=True)) == [0, 1]
    tried = Mail.objects.get(attempts=1)
    assert tried.trouble == "No mail server answers at the address."


def test_a_connection_the_server_closed_is_opened_again(
    cast: Cast, tell: Tell, mailbox: Mailbox
) -> None:
    mailbox.drops_after = 1
    cast.ticket()
    tell()
    assert send_due() == 2
    assert len(mailbox.mails) == 2
    assert mailbox.connections == 2
    assert set(Mail.objects.values_list("fate", flat=True)) == {Fate.SENT}


def test_a_mail_that_can_not_be_written_stops_nobody(
    cast: Cast, tell: Tell, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.ticket()
    tell()
    compose = mailing.compose

    def broken(notice: Any, sight: Any, message_id: str) -> Any:
        if notice.person_id == cast.supplier.person_id:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
        return compose(notice, sight, message_id)

    monkeypatch.setattr(mailing, "compose", broken)
    assert send_due() == 2
    assert len(mailbox.to(cast.supplier_member)) == 1
    assert "composed" in Mail.objects.get(notice__person=cast.supplier.person).trouble


def test_a_long_queue_is_worked_off_in_batches(cast: Cast, tell: Tell, mailbox: Mailbox) -> None:
    for _n in range(3):
        cast.ticket()
    tell()
    assert send_due(limit=4) == 4
    assert send_due(limit=4) == 2
    assert BATCH > 10
