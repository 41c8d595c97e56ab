"""Reading mailboxes on real servers: everything once, and nothing changed there, whatever breaks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from imapclient import imap_utf7

from mailboxes.conftest import in_ledger, mailbox_on, subjects
from mailboxes.servers import MailServer, Wire, mail
from parley.journal.moment import now
from parley.mailboxes import imap, storing
from parley.mailboxes.connecting import Imap
from parley.mailboxes.fetching import MOST_TRIES, Tries
from parley.mailboxes.imap import open_mailbox, take_all, take_new
from parley.mailboxes.models import Arrival, Mailbox, Outcome, RawMail, Way
from parley.transfer.troubles import PlaceTrouble, Step, Trouble

pytestmark = pytest.mark.django_db


def look(mailbox: Mailbox, tries: Tries | None = None) -> int:
    """Connect, take in what is missing, and go; gives how many mails were kept."""
    opened = open_mailbox(mailbox, tries)
    try:
        return take_all(opened)[0]
    finally:
        opened.close()


def test_what_lies_in_a_mailbox_is_kept_once(mail_server: MailServer) -> None:
    mail_server.put(mail(1), mail(2), mail(3))
    mailbox = mailbox_on(mail_server)
    assert [look(mailbox), look(mailbox)] == [3, 0]
    assert subjects() == ["Order 1", "Order 2", "Order 3"]
    kept = RawMail.objects.first()
    assert kept
    assert (kept.way, kept.mailbox, kept.outcome) == (Way.IMAP, mailbox, Outcome.WAITING)
    assert storing.bytes_of(kept) == mail(1)


def test_nothing_is_changed_in_the_mailbox(mail_server: MailServer) -> None:
    mail_server.put(mail(1), mail(2))
    before = mail_server.flags()
    look(mailbox_on(mail_server))
    assert mail_server.flags() == before
    assert b"Seen" not in b"".join(before)


def test_a_mail_that_somebody_has_read_is_taken_in_all_the_same(mail_server: MailServer) -> None:
    mail_server.put(mail(1))
    with mail_server.session() as program:
        program.store("1", "+FLAGS", r"(\Seen \Answered)")
    assert look(mailbox_on(mail_server)) == 1


def test_what_came_before_it_was_set_up_is_left_alone(mail_server: MailServer) -> None:
    hour = timedelta(hours=1)
    mail_server.put(mail(1), at=now() - 400 * hour)
    mail_server.put(mail(2), at=now() - hour)
    mail_server.put(mail(3), at=now() + hour)
    assert look(mailbox_on(mail_server, since=now())) == 1
    assert subjects() == ["Order 3"]
    skipped = Arrival.objects.filter(mail=None)
    assert list(skipped.values_list("skipped", flat=True)) == ["before", "before"]


def test_what_came_before_is_found_by_days_where_there_is_much(
    mail_server: MailServer, monkeypatch: Any
) -> None:
    monkeypatch.setattr(imap, "SIZES_AT_ONCE", 2)
    day = timedelta(days=1)
    for number, age in enumerate([90, 50, 3, 1, 0, -1]):
        mail_server.put(mail(number), at=now() - age * day + timedelta(minutes=5))
    assert look(mailbox_on(mail_server, since=now())) == 2
    assert subjects() == ["Order 4", "Order 5"]
    assert in_ledger() == 6


def test_new_mail_is_found_by_its_number(mail_server: MailServer) -> None:
    mail_server.put(mail(1))
    opened = open_mailbox(mailbox_on(mail_server))
    _taken, seen = take_all(opened)
    assert take_new(opened, seen) == (0, seen)
    mail_server.put(mail(2), mail(3))
    opened.client.noop()
    taken, last = take_new(opened, seen)
    assert (taken, last > seen) == (2, True)
    opened.close()


def test_a_mailbox_that_was_made_anew_is_taken_in_anew(mail_server: MailServer) -> None:
    mail_server.put(mail(1), mail(2))
    mailbox = mailbox_on(mail_server)
    look(mailbox)
    mail_server.make_anew(mail(3), mail(1), mail(2))
    assert (
        look(mailbox) == 3
    )  # each again: which of them are the same is found out by what they say
    assert Arrival.objects.values("uidvalidity").distinct().count() == 2


def test_mails_that_are_deleted_there_stay_here(mail_server: MailServer) -> None:
    mail_server.put(mail(1), mail(2), mail(3))
    mailbox = mailbox_on(mail_server)
    look(mailbox)
    mail_server.remove(1, 3)
    mail_server.put(mail(4))
    assert look(mailbox) == 1
    assert subjects() == ["Order 1", "Order 2", "Order 3", "Order 4"]


def test_of_a_mail_that_is_too_large_the_headers_are_kept(
    mail_server: MailServer, settings: Any
) -> None:
    settings.MAIL_LIMIT = 10_000
    mail_server.put(mail(1), mail(2, size=20_000), mail(3))
    mailbox = mailbox_on(mail_server)
    assert [look(mailbox), look(mailbox)] == [3, 0]
    large = RawMail.objects.get(outcome=Outcome.SET_ASIDE)
    assert large.reason["code"] == "too_large"
    assert large.reason["size"] > 20_000
    assert storing.bytes_of(large).startswith(b"From: Ann")
    assert large.size < 1000


def test_many_small_windows_find_every_mail(mail_server: MailServer, monkeypatch: Any) -> None:
    monkeypatch.setattr(imap, "WINDOW", 3)
    monkeypatch.setattr(imap, "OVERLAP", 1)
    monkeypatch.setattr(imap, "MAILS_AT_ONCE", 2)
    mail_server.put(*(mail(number) for number in range(11)))
    assert look(mailbox_on(mail_server)) == 11


@pytest.mark.slow
def test_five_thousand_mails_over_a_wire_that_is_cut(
    big_server: MailServer, wires: list[Wire], monkeypatch: Any
) -> None:
    monkeypatch.setattr(storing, "_flush", lambda path: None)
    monkeypatch.setattr(storing, "take_later", lambda mail_id, **_about: None)
    big_server.put(mail(0))
    assert big_server.root
    new = next(big_server.root.glob("mail/*/.Desk")) / "new"
    for number in range(1, 5000):
        (new / f"1700000000.{number}.test").write_bytes(mail(number).replace(b"\r\n", b"\n"))
    for one in new.iterdir():
        one.chmod(0o666)
    cuts = (900, 5_000, 300_000, 200_000, 400_000, 100_000)
    wires.append(Wire(big_server.port, *cuts))
    mailbox = mailbox_on(big_server, imap_port=wires[0].port)
    tries, broken = Tries(), list[Trouble]()
    while in_ledger() < 5000:
        try:
            look(mailbox, tries)
        except PlaceTrouble as trouble:
            tries.lost()
            broken.append(trouble.trouble)
    assert len(broken) == len(cuts)
    assert set(broken) <= {Trouble.CONNECTION_LOST, Trouble.OTHER_LANGUAGE}
    assert RawMail.objects.count() == 5000
    assert RawMail.objects.values("sha256").distinct().count() == 5000


def test_a_mail_at_which_the_connection_breaks_holds_nobody_up(
    big_server: MailServer, monkeypatch: Any
) -> None:
    big_server.put(mail(1), mail(2), mail(3))
    mailbox = mailbox_on(big_server)
    fetch = Imap.fetch

    def breaks(client: Imap, uids: tuple[int, ...], items: list[Any]) -> Any:
        if 2 in uids and items == ["BODY.PEEK[]"]:
            raise Imap.AbortError("socket error: EOF")
        return fetch(client, uids, items)

    monkeypatch.setattr(Imap, "fetch", breaks)
    tries = Tries()
    for _ in range(MOST_TRIES):
        with pytest.raises(PlaceTrouble):
            look(mailbox, tries)
        tries.lost()
    assert sorted(subjects()) == ["Order 1", "Order 3"]
    assert look(mailbox, tries) == 0
    assert Arrival.objects.get(mail=None).skipped == "unreadable"


def test_a_mail_that_a_real_server_can_not_read_holds_nobody_up(big_server: MailServer) -> None:
    big_server.put(*(mail(number) for number in range(1, 6)))
    assert big_server.root
    files = [one for one in big_server.root.glob("mail/*/.Desk/[cn]*/*") if one.is_file()]
    sorted(files)[2].chmod(0)
    mailbox, tries = mailbox_on(big_server), Tries()
    for _ in range(3 * MOST_TRIES):
        try:
            look(mailbox, tries)
        except PlaceTrouble:
            tries.lost()
        if in_ledger() == 5:
            break
    assert len(subjects()) == 4
    assert Arrival.objects.get(mail=None).skipped == "unreadable"


def test_a_folder_may_have_any_name(big_server: MailServer) -> None:
    name = 'Заказы "Осень" & Co'
    quoted = '"' + imap_utf7.encode(name).decode().replace('"', '\\"') + '"'
    with big_server.session() as program:
        assert program.create(quoted)[0] == "OK"
        assert program.append(quoted, "", "", mail(1))[0] == "OK"
    assert look(mailbox_on(big_server, folder=name)) == 1


def test_while_mails_can_not_be_kept_nothing_is_given_up(
    mail_server: MailServer, monkeypatch: Any
) -> None:
    mail_server.put(mail(1))
    mailbox, tries = mailbox_on(mail_server), Tries()

    def full(*_args: Any, **_about: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(imap, "store", full)
        for _ in range(MOST_TRIES + 1):
            with pytest.raises(OSError, match="No space"):
                look(mailbox, tries)
    assert in_ledger() == 0
    assert look(mailbox, tries) == 1


def test_what_is_wrong_is_said_step_by_step(mail_server: MailServer, wires: list[Wire]) -> None:
    mail_server.put(mail(1))
    wires.append(Wire(mail_server.port, silent=True))

    def trouble(**about: Any) -> tuple[Step, Trouble]:
        mailbox = mailbox_on(mail_server, **about)
        server = imap.imap_server(mailbox)
        mailbox.delete()
        with pytest.raises(PlaceTrouble) as raised:
            open_mailbox(mailbox, server=imap.Server(**{**vars(server), "timeout": 1.0})).close()
        return raised.value.step, raised.value.trouble

    assert trouble(secrets={"imap_password": "another"}) == (Step.SIGN_IN, Trouble.SIGN_IN_REFUSED)
    assert trouble(folder="Nowhere") == (Step.FOLDER, Trouble.FOLDER_MISSING)
    assert trouble(imap_port=wires[0].port) == (Step.CONNECTION, Trouble.TIMED_OUT)
    assert trouble(imap_host="nowhere.invalid") == (Step.NAME, Trouble.NAME_UNKNOWN)
    assert trouble(imap_security="starttls")[1] == Trouble.NO_TLS
    assert trouble(imap_security="tls")[0] == Step.CERTIFICATE
