"""Mails as servers write them when a mail of ours did not arrive: one of each kind, made up."""

from __future__ import annotations

ORIGINAL = """\
Received: from desk (desk.market.example [192.0.2.10]) by mx.market.example; 2 Mar 2026
Message-ID: <t123.m9@market.example>
From: Anna via Market <support@market.example>
To: Bob <bob@buyer.example>
Subject: Re: [T-123] Where is it?
MIME-Version: 1.0

It is on its way, ask carol@other.example.
"""


def mail(header: str, body: str) -> bytes:
    """A mail to the desk."""
    return f"To: support@market.example\n{header.strip()}\n\n{body}".encode()


def report(
    status: str, words: str = "It could not be delivered.", returned: str = ORIGINAL
) -> bytes:
    """A mail as RFC 3464 wants it."""
    return mail(
        """
From: Mail Delivery System <MAILER-DAEMON@mx.buyer.example>
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"
""",
        f"""\
--b1
Content-Type: text/plain; charset=utf-8

{words}

--b1
Content-Type: message/delivery-status

{status}

--b1
Content-Type: message/rfc822

{returned}
--b1--
""",
    )


POSTFIX = report(
    """\
Reporting-MTA: dns; mx.market.example
X-Postfix-Queue-ID: 1EDF14081
X-Postfix-Sender: rfc822; support@market.example
Arrival-Date: Mon, 2 Mar 2026 10:00:00 +0100 (CET)

Final-Recipient: rfc822; bob@buyer.example
Original-Recipient: rfc822;bob@buyer.example
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.buyer.example
Diagnostic-Code: smtp; 550 5.1.1 <bob@buyer.example>: Recipient address
    rejected: User unknown in virtual mailbox table"""
)
QMAIL = mail(
    "From: MAILER-DAEMON@mx.buyer.example\nSubject: failure notice",
    f"""\
Hi. This is the qmail-send program at mx.buyer.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<bob@buyer.example>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Return-Path: <support@market.example>
{ORIGINAL}""",
)
EXIM = mail(
    """
X-Failed-Recipients: bob@buyer.example
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mx.market.example>
Subject: Mail delivery failed: returning message to sender""",
    f"""\
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  bob@buyer.example
    SMTP error from remote mail server after RCPT TO:<bob@buyer.example>:
    host mx.buyer.example [192.0.2.20]: 552 5.2.2 Mailbox full

------ This is a copy of the message, including all the headers. ------

{ORIGINAL}""",
)
EXIM_DELAYED = mail(
    """
From: Mail Delivery System <Mailer-Daemon@mx.market.example>
Subject: Warning: message 1abcde-000123-AB delayed 24 hours""",
    """\
This message was created automatically by mail delivery software.
A message that you sent has not yet been delivered to one or more of its
recipients after more than 24 hours on the queue on mx.market.example.

The address to which the message has not yet been delivered is:

  bob@buyer.example

No action is required on your part. Delivery attempts will continue for
some time, and this warning may be repeated at intervals.
""",
)
EXCHANGE_OLD = mail(
    "From: System Administrator <postmaster@buyer.example>\nSubject: Undeliverable: Where is it?",
    """\
Your message

  To:      everybody@market.example
  Subject: Where is it?
  Sent:    Mon, 2 Mar 2026 10:00:00 +0100

did not reach the following recipient(s):

bob@buyer.example on Mon, 2 Mar 2026 10:00:05 +0100
    The recipient name is not recognized
        The MTS-ID of the original message is: c=us;a= ;p=buyer;l=MX0103021000
""",
)
GMAIL = mail(
    """
From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
Subject: Delivery Status Notification (Failure)
In-Reply-To: <t123.m9@market.example>
References: <t123.m9@market.example>
X-Failed-Recipients: bob@gmail.example
Content-Type: text/html; charset=utf-8""",
    """\
<html><head><style>p {color: red}</style></head><body><h1>Address not found</h1>
<p>Your message wasn't delivered to <a href="mailto:bob@gmail.example"><b>bob@gmail.example</b></a>
because the address couldn't be found, or is unable to receive mail.</p>
<p>The response from the remote server was:<br>
550 5.1.1 The email account that you tried to reach does not exist.</p></body></html>
""",
)
MAIL_RU = mail(
    """
From: =?utf-8?b?TWFpbCBEZWxpdmVyeSBTeXN0ZW0=?= <mailer-daemon@corp.mail.ru.example>
Auto-Submitted: auto-replied
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit
Subject: Ваше сообщение не доставлено. Mail failure.""",
    """\
Это письмо создано автоматически сервером, отвечать на него не нужно.

К сожалению, Ваше письмо не может быть доставлено одному или нескольким получателям:

  bob@buyer.example
    нет такого ящика: пользователь не найден

Рекомендуем Вам проверить корректность указания адресов получателей.
""",
)
GERMAN = mail(
    """
From: Postmaster <postmaster@kaufhaus.example>
Return-Path: <>
Content-Type: text/plain; charset=utf-8
Subject: Unzustellbar: Wo bleibt es?""",
    """\
Ihre Nachricht konnte nicht zugestellt werden an:

bob@kaufhaus.example

Das Postfach des Empfängers ist voll.
""",
)
CHINESE = mail(
    """
From: MAILER-DAEMON@sina.example
Content-Type: text/plain; charset=utf-8
Subject: 系统退信""",
    """\
邮件无法发送到您指定的地址中。

<bob@sina.example>: 收件人不存在

--- 附上原邮件的一份拷贝
""",
)
"""What must be found in each: address, status, for good."""
FOUND: dict[str, tuple[bytes, str, str, bool]] = {
    "postfix": (POSTFIX, "bob@buyer.example", "5.1.1", True),
    "qmail": (QMAIL, "bob@buyer.example", "5.1.1", True),
    "exim": (EXIM, "bob@buyer.example", "5.2.2", True),
    "exim, late": (EXIM_DELAYED, "bob@buyer.example", "4.0.0", False),
    "exchange": (EXCHANGE_OLD, "bob@buyer.example", "5.1.1", True),
    "gmail": (GMAIL, "bob@gmail.example", "5.1.1", True),
    "mail.ru": (MAIL_RU, "bob@buyer.example", "5.1.1", True),
    "german": (GERMAN, "bob@kaufhaus.example", "5.2.2", True),
    "chinese": (CHINESE, "bob@sina.example", "5.1.1", True),
}
