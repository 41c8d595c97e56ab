"""By which way mails leave, and connections that are kept for the next."""

from __future__ import annotations

from typing import Any

from django.core.mail import EmailMessage

from cast import Cast
from notifications.conftest import Tell
from notifications.mailbox import Mailbox as Server
from parley.mailboxes.models import Mailbox, Security
from parley.notifications import pooling
from parley.notifications.mailing import send_due
from parley.notifications.models import Mail
from parley.notifications.unfolding import Letter


def a_mailbox_that_sends(server: Server, **fields: Any) -> Mailbox:
    return Mailbox.objects.create(
        address="support@market.example",
        sends=True,
        smtp_host="127.0.0.1",
        smtp_port=server.port,
        smtp_security=Security.NONE,
        **fields,
    )


def test_a_mailbox_that_sends_has_its_own_server_and_address(
    cast: Cast, tell: Tell, mailbox: Server, settings: Any
) -> None:
    settings.MAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    a_mailbox_that_sends(mailbox)
    cast.ticket()
    tell()
    send_due()
    EmailMessage("Your password was changed", "It was.", to=["anna@shop.example"]).send()
    assert len(mailbox.mails) == 3
    for mail in mailbox.mails:
        (sender,) = mail["From"].addresses
        assert sender.addr_spec == "support@market.example"
        assert str(mail["X-Parley"]) == "desk.example"
    assert mailbox.connections == 1


def test_a_mailbox_without_a_server_sends_by_the_sites(mailbox: Server, db: None) -> None:
    Mailbox.objects.create(address="support@market.example", sends=True)
    EmailMessage("Hello", "…", to=["anna@shop.example"]).send()
    assert str(mailbox.mails[0]["From"]) == "Harbour Market <support@market.example>"


def test_a_server_that_can_not_be_reached_is_said_in_words(
    cast: Cast, tell: Tell, mailbox: Server
) -> None:
    a_mailbox_that_sends(mailbox)
    mailbox.stop()
    cast.ticket()
    tell()
    assert send_due() == 0
    assert "nothing answers at this port" in Mail.objects.get(attempts=1).trouble


def test_a_connection_is_kept_for_the_next_mail_and_closed_when_there_is_none(
    mailbox: Server, db: None
) -> None:
    def send() -> None:
        EmailMessage("Hello", "…", to=["anna@shop.example"]).send()

    send()
    send()
    assert mailbox.connections == 1
    pooling.hang_up_idle()
    send()
    assert mailbox.connections == 2


def test_a_server_is_not_kept_busy_with_one_connection(
    mailbox: Server, db: None, monkeypatch: Any
) -> None:
    monkeypatch.setattr(pooling, "MOST_MAILS", 2)
    for _n in range(3):
        EmailMessage("Hello", "…", to=["anna@shop.example"]).send()
    assert mailbox.connections == 2


def test_a_long_message_id_stands_on_one_line() -> None:
    named = f"<notice-1.ticket-2.r3.{'a' * 20}@support-desk.harbour-market-of-the-north.example>"
    headers = {"Message-ID": named, "In-Reply-To": named, "References": f"{named} {named}"}
    raw = Letter("Hello", "…", to=["anna@shop.example"], headers=headers).message().as_bytes()
    assert f"\nMessage-ID: {named}\n".encode() in raw
    assert f"\nIn-Reply-To: {named}\n".encode() in raw
    assert f"\nReferences: \n {named}\n {named}\n".encode() in raw
