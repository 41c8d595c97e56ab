"""Whole conversations from mailboxes: our mail goes out, is answered as clients answer, and comes in."""

from __future__ import annotations

import html
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

import pytest
from django.core.files.base import ContentFile

from cast import Cast
from mailboxes.letters import desk, letter, proven, taken
from notifications.conftest import Tell
from notifications.mailbox import Mailbox as Server
from notifications.mailbox import html_of, text_of
from parley.conversations.attaching import receive
from parley.conversations.models import Attachment, Message
from parley.journal.moment import now
from parley.mailboxes.models import MailedMessage, Outcome
from parley.notifications.mailing import send_due
from parley.notifications.models import Fate, Mail
from parley.parties.models import Person
from parley.tickets.models import Ticket
from parley.tickets.replying import Reply, reply

Client = Callable[[EmailMessage, str], EmailMessage]


def _answer(to: EmailMessage) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"] = str(to["To"]), str(to["Reply-To"])
    made["Subject"] = f"Re: {to['Subject']}"
    made["Date"] = format_datetime(now())
    made["Message-ID"] = (
        f"<answer-to-{to['Message-ID'].strip('<>').partition('@')[0]}@client.example>"
    )
    made["In-Reply-To"] = str(to["Message-ID"])
    made["References"] = f"{to['References']} {to['Message-ID']}"
    return made


def gmail(to: EmailMessage, text: str) -> EmailMessage:
    made = _answer(to)
    line = f"On Tue, Nov 17, 2026 at 9:14 AM {to['From']} wrote:"
    quoted = "\n".join(f"> {one}" for one in text_of(to).splitlines())
    made.set_content(f"{text}\n\n{line}\n\n{quoted}\n")
    made.add_alternative(
        f'<div dir="ltr">{html.escape(text)}</div><br><div class="gmail_quote gmail_quote_container">'
        f'<div dir="ltr" class="gmail_attr">{html.escape(line)}<br></div>'
        f'<blockquote class="gmail_quote" style="margin:0 0 0 .8ex">{html_of(to)}</blockquote></div>',
        subtype="html",
    )
    return made


def outlook(to: EmailMessage, text: str) -> EmailMessage:
    made = _answer(to)
    block = f"From: {to['From']}\nSent: Tuesday, November 17, 2026 9:14 AM\nTo: {to['To']}\n"
    block += f"Subject: {to['Subject']}"
    made.set_content(f"{text}\n\n{'_' * 32}\n{block}\n\n{text_of(to)}")
    lines = html.escape(block).replace("\n", "<br>")
    made.add_alternative(
        f'<html><body><div class="elementToProof">{html.escape(text)}</div>'
        f'<div id="appendonsend"></div><hr style="display:inline-block;width:98%">'
        f'<div id="divRplyFwdMsg" dir="ltr">{lines}</div><div>{html_of(to)}</div></body></html>',
        subtype="html",
    )
    return made


def phone(to: EmailMessage, text: str) -> EmailMessage:
    """As iPhones answer: below the words a line that nobody wrote, and then the quote."""
    made = _answer(to)
    quoted = "\n".join(f"> {one}" for one in text_of(to).splitlines())
    line = f"> On 17 Nov 2026, at 09:14, {to['From']} wrote:"
    made.set_content(f"{text}\n\nSent from my iPhone\n\n{line}\n> \n{quoted}\n")
    return made


@pytest.mark.parametrize("client", [gmail, outlook, phone])
def test_a_conversation_from_the_mailbox_is_a_clean_thread(
    cast: Cast, tell: Tell, mailbox: Server, client: Client
) -> None:
    desk()
    ticket = cast.ticket()
    for words in ("Which parcel do you mean?", "It left on Monday."):
        tell()
        send_due()
        mail = mailbox.to(cast.supplier)[-1]
        made = client(mail, words)
        made.add_attachment(
            b"%PDF-1.4 slip", maintype="application", subtype="pdf", filename="s.pdf"
        )
        came = taken(made.as_bytes())
        assert (came.outcome, came.ticket) == (Outcome.POSTED, ticket), came.reason
        again = taken(made.as_bytes())
        assert again.outcome == Outcome.DUPLICATE
        reply(ticket.pk, Reply(text=f"Thank you for “{words}”"), by=cast.seller)
    said = Message.objects.filter(conversation=ticket.conversation_id, person=cast.supplier.person)
    assert list(said.order_by("id").values_list("text", flat=True)) == [
        "Which parcel do you mean?",
        "It left on Monday.",
    ]
    assert Attachment.objects.filter(message__in=said, name="s.pdf").count() == 2
    assert all(
        "Bright Home" in one for one in MailedMessage.objects.values_list("folded", flat=True)
    )
    tell()
    send_due()
    first, *later = mailbox.to(cast.supplier)
    assert len({str(mail["Subject"]) for mail in (first, *later)}) == 1
    for mail in later:
        assert str(first["Message-ID"]) in str(mail["References"])
    # Their own answer is what the next mail answers.
    assert "client.example>" in str(later[-1]["In-Reply-To"])


def test_a_stranger_is_answered_by_mail_and_answers_by_mail(
    cast: Cast, tell: Tell, mailbox: Server
) -> None:
    desk()
    with proven():
        came = taken(letter("Jane <jane@elsewhere.example>", "Where is my parcel?"))
    ticket = came.ticket
    assert ticket is not None
    slip = receive(cast.agent, "slip.pdf", ContentFile(b"%PDF-1.4 slip"))
    reply(ticket.pk, Reply(text="word " * 3_000 + "END", attachments=[slip.pk]), by=cast.agent)
    tell()
    send_due()
    both = zip(mailbox.mails, mailbox.recipients, strict=True)
    told, answered = (mail for mail, to in both if to == "jane@elsewhere.example")
    assert str(told["Auto-Submitted"]) == "auto-replied"
    assert str(told["In-Reply-To"]) == came.message_id
    text = text_of(answered)
    assert "END" in text, "they have no page for the rest"
    assert "rate it" not in text, "nor for that"
    for mail in (told, answered):
        assert "/tickets/" not in text_of(mail)
        assert "/messenger/" not in text_of(mail)
        assert "Just reply to this mail" in text_of(mail)
    assert "You are told because you wrote to us." in text
    assert [one.get_filename() for one in answered.iter_attachments()] == ["slip.pdf"]
    back = taken(gmail(answered, "Thank you.").as_bytes())
    assert (back.outcome, back.ticket) == (Outcome.POSTED, ticket), back.reason


def test_two_desks_that_mail_each_other_fall_silent(
    cast: Cast, tell: Tell, mailbox: Server, settings: Any
) -> None:
    """A notice of ours reaches a mailbox that another desk reads, and its answer comes back here."""
    desk()
    ticket = cast.ticket()
    tell()
    send_due()
    count = Message.objects.count()
    ours = mailbox.to(cast.supplier)[0]
    assert taken(ours.as_bytes()).outcome == Outcome.OWN
    theirs = gmail(ours, "We have got your mail. It is ticket 17 here.")
    theirs["X-Parley"] = "desk.elsewhere.example"
    assert taken(theirs.as_bytes()).outcome == Outcome.AUTOMATIC
    tell()
    send_due()
    assert Message.objects.count() == count
    assert Ticket.objects.get().pk == ticket.pk
    assert len(mailbox.mails) == 2


def test_what_came_back_by_mail_silences_the_address(
    cast: Cast, tell: Tell, mailbox: Server
) -> None:
    desk()
    cast.ticket()
    tell()
    send_due()
    ours = mailbox.to(cast.supplier)[0]
    report = EmailMessage()
    report["From"] = "Mail Delivery System <MAILER-DAEMON@mx.elsewhere.example>"
    report["To"] = "desk@desk.example"
    report["Subject"] = "Undelivered Mail Returned to Sender"
    report["Message-ID"] = "<report@mx.elsewhere.example>"
    report["Auto-Submitted"] = "auto-replied"
    report.set_content("I'm sorry to have to inform you that your message could not be delivered.")
    report.make_mixed()
    report.set_param("report-type", "delivery-status")
    raw = report.as_bytes().replace(b"multipart/mixed", b"multipart/report")
    boundary = report.get_boundary()
    assert boundary
    status = (
        f"--{boundary}\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mx.elsewhere.example\n\n"
        f"Final-Recipient: rfc822; {cast.supplier.person.email}\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 5.1.1 User unknown\n\n"
        f"--{boundary}\nContent-Type: text/rfc822-headers\n\n"
        f"Message-ID: {ours['Message-ID']}\nSubject: {ours['Subject']}\n\n--{boundary}--\n"
    )
    raw = raw.replace(f"--{boundary}--".encode(), status.encode())
    assert taken(raw, envelope_from="<>").outcome == Outcome.BOUNCE
    tell()
    assert Person.objects.get(pk=cast.supplier.person_id).is_out_of_reach
    assert Mail.objects.get(notice__person=cast.supplier.person).fate == Fate.CAME_BACK
