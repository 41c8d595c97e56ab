"""Setting mailboxes up: what is refused, what a password is told to, and trying the servers out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.utils.translation import override

from cast import Cast
from mailboxes.servers import FOLDER, MailServer, Wire
from parley.journal.models import Entry
from parley.mailboxes import trying
from parley.mailboxes.keeping import (
    MailboxRefused,
    MailboxTyped,
    remove_mailbox,
    save_mailbox,
    switch,
    typed_of,
)
from parley.mailboxes.keeping import test_connection as connection_tried
from parley.mailboxes.models import Arrival, Mailbox, RawMail, Way
from parley.parties.settling import NotAdministrators
from parley.transfer.troubles import Trouble

pytestmark = pytest.mark.django_db
TYPED = MailboxTyped(
    address="Support@Market.Example",
    name="Harbour  support",
    imap_host="imap.market.example",
    imap_user="support",
    imap_password="secret-of-imap",
    smtp_host="smtp.market.example",
    smtp_user="support",
)


def problems(typed: MailboxTyped, cast: Cast, **about: Any) -> set[str]:
    with pytest.raises(MailboxRefused) as refused:
        save_mailbox(typed, by=cast.admin, **about)
    return set(refused.value.problems)


def test_a_mailbox_is_set_up(cast: Cast) -> None:
    made = save_mailbox(TYPED, by=cast.admin)
    kept = Mailbox.objects.get(pk=made.pk)
    assert (kept.address, kept.name) == ("support@market.example", "Harbour support")
    # One provider's servers, one user: the password is typed once.
    assert kept.secrets == {"imap_password": "secret-of-imap", "smtp_password": "secret-of-imap"}
    assert kept.since is not None
    entry = Entry.objects.get(kind="MailboxChanged")
    assert entry.data["after"]["imap_host"] == "imap.market.example"
    assert "secret-of-imap" not in str(entry.data)


def test_administrators_alone_keep_mailboxes(cast: Cast) -> None:
    made = save_mailbox(TYPED, by=cast.admin)
    for act in (
        lambda: save_mailbox(TYPED, by=cast.lead),
        lambda: switch(made.pk, active=False, by=cast.agent),
        lambda: remove_mailbox(made.pk, by=cast.lead),
    ):
        with pytest.raises(NotAdministrators):
            act()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"address": "support"}, "address"),
        ({"imap_host": "imaps://mail.example"}, "imap_host"),
        ({"imap_port": "0"}, "imap_port"),
        ({"imap_port": "993993"}, "imap_port"),
        ({"imap_security": "perhaps"}, "imap_security"),
        ({"imap_user": ""}, "imap_user"),
        ({"imap_password": ""}, "imap_password"),
        ({"imap_password": "x\r\nA1 DELETE INBOX"}, "imap_password"),
        ({"folder": "IN\nBOX"}, "folder"),
        ({"since": "yesterday"}, "since"),
        ({"topic": "999999"}, "topic"),
        ({"topic": "abc"}, "topic"),
        ({"name": "x" * 101}, "name"),
        ({"sends": True, "smtp_host": ""}, "smtp_host"),
        ({"smtp_host": "mail.elsewhere.example"}, "smtp_password"),
    ],
)
def test_what_makes_no_mailbox_is_said_by_field(
    cast: Cast, typed: dict[str, Any], field: str
) -> None:
    assert field in problems(replace(TYPED, **typed), cast)
    assert not Mailbox.objects.exists()


def test_two_of_one_address_are_refused(cast: Cast) -> None:
    save_mailbox(TYPED, by=cast.admin)
    assert problems(TYPED, cast) == {"address"}


def test_a_kept_password_is_told_to_no_other_server(cast: Cast) -> None:
    made = save_mailbox(TYPED, by=cast.admin)
    again = typed_of(made)
    assert again.imap_password == ""
    kept = save_mailbox(replace(again, name="Desk"), by=cast.admin, mailbox_id=made.pk)
    assert kept.secrets["imap_password"] == "secret-of-imap"
    elsewhere = replace(again, imap_host="imap.thief.example")
    assert "imap_password" in problems(elsewhere, cast, mailbox_id=made.pk)
    other_port = replace(again, smtp_port="2525")
    assert "smtp_password" in problems(other_port, cast, mailbox_id=made.pk)


def test_one_alone_sends(cast: Cast) -> None:
    first = save_mailbox(replace(TYPED, sends=True), by=cast.admin)
    other = replace(TYPED, address="orders@market.example", sends=True)
    second = save_mailbox(other, by=cast.admin)
    first.refresh_from_db()
    assert (first.sends, second.sends) == (False, True)


def test_the_numbers_of_one_mailbox_mean_nothing_in_another(cast: Cast) -> None:
    made = save_mailbox(TYPED, by=cast.admin)
    Arrival.objects.create(mailbox=made, uidvalidity=1, uid=1)
    save_mailbox(replace(typed_of(made), name="Desk"), by=cast.admin, mailbox_id=made.pk)
    assert Arrival.objects.exists()
    save_mailbox(replace(typed_of(made), folder="Other"), by=cast.admin, mailbox_id=made.pk)
    assert not Arrival.objects.exists()


def test_what_lay_before_can_be_wanted_later(cast: Cast) -> None:
    made = save_mailbox(TYPED, by=cast.admin)
    Arrival.objects.create(mailbox=made, uidvalidity=1, uid=1, skipped="before")
    save_mailbox(replace(typed_of(made), since="all"), by=cast.admin, mailbox_id=made.pk)
    made.refresh_from_db()
    assert made.since is None
    assert not Arrival.objects.exists()


def test_a_mailbox_is_removed_and_its_mails_stay(cast: Cast) -> None:
    made = save_mailbox(TYPED, by=cast.admin)
    mail = RawMail.objects.create(mailbox=made, way=Way.IMAP, sha256="0" * 64, size=1)
    Arrival.objects.create(mailbox=made, uidvalidity=1, uid=1, mail=mail)
    remove_mailbox(made.pk, by=cast.admin)
    mail.refresh_from_db()
    assert mail.mailbox_id is None
    assert Entry.objects.get(kind="MailboxRemoved").data["address"] == "support@market.example"


def on(server: MailServer, **about: str) -> MailboxTyped:
    return replace(
        TYPED,
        imap_host="127.0.0.1",
        imap_port=str(server.port),
        imap_security="none",
        imap_user=server.user,
        imap_password=server.password,
        folder=FOLDER,
        smtp_host="",
        **about,
    )


def steps(typed: MailboxTyped) -> list[tuple[str, bool, str]]:
    return [(step.name, step.ok, step.words_code) for step in connection_tried(typed)]


def test_each_step_of_a_connection_is_tried(mail_server: MailServer) -> None:
    mail_server.put(b"Subject: a\r\n\r\nb", b"Subject: c\r\n\r\nd")
    assert steps(on(mail_server)) == [
        ("imap_connection", True, ""),
        ("imap_tls", True, "not_encrypted"),
        ("imap_sign_in", True, ""),
        ("imap_folder", True, ""),
        ("imap_idle", True, ""),
    ]
    assert (
        next(s for s in connection_tried(on(mail_server)) if s.name == "imap_folder").value == "2"
    )


def test_it_ends_at_the_step_that_fails(mail_server: MailServer) -> None:
    typed = replace(on(mail_server), imap_password="another")
    assert steps(typed)[-1] == ("imap_sign_in", False, Trouble.SIGN_IN_REFUSED)
    with override("ru"):
        words = list(connection_tried(typed))[-1].words
    assert words
    assert "b'" not in words, "the server's words, not Python's"
    typed = replace(on(mail_server), folder="Nowhere")
    assert steps(typed)[-1] == ("imap_folder", False, Trouble.FOLDER_MISSING)


def test_the_other_server_is_tried_all_the_same(mail_server: MailServer) -> None:
    typed = replace(
        on(mail_server),
        imap_host="nowhere.invalid",
        smtp_host="127.0.0.1",
        smtp_port=str(mail_server.port),  # where IMAP is spoken
        smtp_security="none",
        smtp_password="x",
    )
    assert steps(typed) == [
        ("imap_connection", False, Trouble.NAME_UNKNOWN),
        ("smtp_connection", False, Trouble.OTHER_LANGUAGE),
    ]


def test_a_server_that_says_nothing_takes_no_longer_than_said(
    mail_server: MailServer, wires: list[Wire], monkeypatch: Any
) -> None:
    monkeypatch.setattr(trying, "SECONDS_FOR_ONE", 0.5)
    wires.append(Wire(mail_server.port, silent=True))
    typed = replace(on(mail_server), imap_port=str(wires[0].port))
    assert steps(typed) == [("imap_connection", False, Trouble.TIMED_OUT)]


def test_nothing_is_tried_that_makes_no_mailbox() -> None:
    with pytest.raises(MailboxRefused):
        connection_tried(replace(TYPED, imap_port="many"))
