"""A ticket between a page and a mailbox: by a real door for mail, a real browser, in both languages.

Driven by places and not by words, so that both languages walk the same path.
"""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from playwright.sync_api import expect

from cast import Cast
from flows.browsing import Desk, House
from flows.mail_room import MailClient, door_for_mail
from flows.pictures import document
from mailboxes.servers import MailServer, pymap
from mailboxes.signing import Names, key_of, signed
from parley.conversations.models import Message
from parley.mailboxes.models import Mailbox, Outcome, RawMail
from parley.parties.models import Membership
from parley.tickets.models import Ticket
from web.running import wait_until

DESK = "support@market.example"
TEXT = {"en": "Where is the kettle of order HM-20931?", "ru": "Где чайник из заказа HM-20931?"}
AWAY = {"en": "I am away until Monday.", "ru": "Меня не будет до понедельника."}


@pytest.fixture(params=["en", "ru"])
def language(request: pytest.FixtureRequest, cast: Cast) -> str:
    for who in cast.everybody.values():
        who.person.language = str(request.param)
        who.person.save()
    return str(request.param)


@pytest.fixture
def port(house: House) -> Iterator[int]:
    with door_for_mail() as port:
        yield port


@pytest.fixture
def server() -> Iterator[MailServer]:
    with pymap() as server:
        yield server


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """A DNS in which everybody's domains publish their keys."""
    names = Names()
    monkeypatch.setattr("parley.mailboxes.signed.txt_of", names)
    return names


def test_a_ticket_is_settled_from_a_mailbox(
    house: House,
    cast: Cast,
    language: str,
    port: int,
    server: MailServer,
    names: Names,
    mailoutbox: list[Any],
) -> None:
    set_up(house.desk(cast.admin, language=language), server)
    client = client_of(cast.seller, port)
    domain = client.address.rpartition("@")[2]
    names.publish(domain, key_of()[1])

    # A mail that its domain has signed opens a ticket.
    first = client.written(TEXT[language], to=DESK, subject="HM-20931")
    client.send(signed(first, domain), to=DESK)
    wait_until(Ticket.objects.exists)
    ticket = Ticket.objects.get()
    assert ticket.opener_person_id == cast.seller.person_id

    # An agent answers on the page, and it comes to the mailbox.
    agent = house.desk(cast.agent, language=language)
    agent.go(f"/desk/tickets/{ticket.pk}/")
    expect(agent.page.locator("#thread .message")).to_contain_text(TEXT[language])
    agent.say("It left Leeds this morning.", way="reply")
    wait_until(lambda: mails_to(mailoutbox, client, saying="It left Leeds"))
    (notice,) = mails_to(mailoutbox, client, saying="It left Leeds")
    assert f"T-{ticket.pk}" in str(notice["Subject"])

    # Two answers from the mailbox, with a file and a long quote: the thread stays clean.
    client.send(client.answer(notice, "Thank you."), to=str(notice["Reply-To"]))
    expect(agent.page.locator("#thread .message")).to_have_count(3)
    pdf = (("receipt.pdf", document("receipt.pdf", 20)["buffer"]),)
    client.send(
        client.answer(notice, "Here is the receipt.", files=pdf), to=str(notice["Reply-To"])
    )
    thread = agent.page.locator("#thread .message")
    expect(thread).to_have_count(4)
    expect(thread.nth(3).locator(".prose")).to_have_text("Here is the receipt.")
    expect(thread.nth(3).locator(".file-name")).to_have_text("receipt.pdf")
    expect(thread.nth(3).locator(".by-mail")).to_be_visible()
    folded = thread.nth(3).locator(".mailed")
    expect(folded).not_to_contain_text("It left Leeds")
    folded.locator("a").click()
    expect(folded).to_contain_text("It left Leeds this morning.")
    assert Message.objects.filter(conversation=ticket.conversation_id).count() == 4


def test_what_is_no_answer_is_listed_with_its_reason(
    house: House, cast: Cast, language: str, port: int, mailoutbox: list[Any]
) -> None:
    Mailbox.objects.create(address=DESK, since=None)
    ticket = cast.ticket()
    client = client_of(cast.seller, port)
    away = client.written(
        AWAY[language], to=DESK, subject=f"[T-{ticket.pk}]", Auto_Submitted="auto-replied"
    )
    client.send(away, to=DESK)
    client.send(bounce(cast.seller), to=DESK, sender="")
    forged = MailClient(port, client.address, client.name)
    forged.send(
        forged.written("Cancel it.", to=DESK, subject=f"Re: [T-{ticket.pk}]"),
        to=DESK,
        sender="somebody@elsewhere.example",
    )
    wait_until(lambda: RawMail.objects.exclude(outcome=Outcome.WAITING).count() == 3)
    assert Message.objects.filter(conversation=ticket.conversation_id).count() == 1

    agent = house.desk(cast.agent, language=language)
    page = agent.go("/desk/mail/")
    expect(page.locator(".mail")).to_have_count(3)
    page.locator(f'[name=outcome] option[value="{Outcome.AUTOMATIC}"]').wait_for(state="attached")
    page.locator("[name=outcome]").select_option(Outcome.BOUNCE.value)
    page.locator(".mail-filters .button").click()
    expect(page.locator(".mail")).to_have_count(1)

    # What waits is looked at, and let in.
    agent.go("/desk/queues/all/")
    page.locator('#queue-tabs a[href="/desk/mail/review/"]').click()
    page.locator(".mail-link").click()
    expect(page.locator(".mail-text")).to_have_text("Cancel it.")
    page.locator('form[action$="/letting-in/"] button').click()
    expect(page.locator(".mail-fate .state")).to_have_attribute("data-tone", "done")
    assert Message.objects.filter(conversation=ticket.conversation_id).count() == 2


def test_a_stranger_is_heard_and_not_believed(
    house: House, cast: Cast, language: str, port: int
) -> None:
    Mailbox.objects.create(address=DESK, since=None)
    client = MailClient(port, "marta@elsewhere.example", "Marta Kowalska")
    client.send(client.written(TEXT[language], to=DESK, subject="A question"), to=DESK)
    wait_until(Ticket.objects.exists)
    ticket = Ticket.objects.get()

    agent = house.desk(cast.agent, language=language)
    page = agent.go(f"/desk/tickets/{ticket.pk}/")
    expect(page.locator("#unverified")).to_contain_text("marta@elsewhere.example")
    page.locator('#unverified form[action$="/letting-in/"] button').click()
    expect(page.locator("#unverified")).to_have_count(0)
    expect(page.locator("#thread .message")).to_contain_text(TEXT[language])


def set_up(desk: Desk, server: MailServer) -> None:
    """An administrator adds the mailbox: the test of its connections passes, and nothing typed is lost."""
    page = desk.go("/desk/administration/mailboxes/new/")
    page.locator("[name=address]").fill(DESK)
    page.locator("[name=imap_host]").fill("127.0.0.1")
    page.locator("[name=imap_port]").fill(str(server.port))
    page.locator("[name=imap_security]").select_option("none")
    page.locator("[name=imap_user]").fill(server.user)
    page.locator("[name=imap_password]").fill(server.password)
    page.locator("[data-tries]").click()
    expect(page.locator('#trial [data-ok="yes"]').nth(2)).to_be_visible()
    expect(page.locator('#trial [data-ok="no"]')).to_have_count(0)
    expect(page.locator("[name=imap_password]")).to_have_value(server.password)
    page.locator("form.mailbox-form .form-foot .button.main").click()
    page.wait_for_url("**/desk/administration/mailboxes/*/")
    assert Mailbox.objects.get().address == DESK


def client_of(who: Membership, port: int) -> MailClient:
    return MailClient(port, who.person.email, who.person.name)


def mails_to(mails: list[Any], client: MailClient, *, saying: str) -> list[EmailMessage]:
    """What came to a mail program with these words, as it came."""
    found = [
        mail.message().as_bytes()
        for mail in mails
        if client.address in mail.to[0] and saying in mail.body
    ]
    parsed = [email.message_from_bytes(raw, policy=email.policy.default) for raw in found]
    return [one for one in parsed if isinstance(one, EmailMessage)]


def bounce(who: Membership) -> bytes:
    """What a server says of a mail that nobody is there to get (RFC 3464)."""
    return (
        "From: Mail Delivery System <mailer-daemon@mx.example>\r\n"
        f"To: {DESK}\r\nSubject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\n"
        "Message-ID: <bounce-1@mx.example>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {who.person.email}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 No such user\r\n\r\n--b--\r\n"
    ).encode()
