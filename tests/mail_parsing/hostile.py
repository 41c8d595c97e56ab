"""Mails of all kinds, and what time, servers and strangers do to them: for fuzzing the understanding."""

from __future__ import annotations

import json
from email.message import EmailMessage
from random import Random

from tests.mail_parsing.returned_mails import FOUND, ORIGINAL

from parley.mail_parsing.understanding import understand

QUOTED = """\
Спасибо, пришло. 感謝します。

On Mon, 2 Mar 2026 at 10:00, Support <support@market.example> wrote:
> It is on its way.
>
> On Sun, 1 Mar 2026, Anna wrote:
>> Where is it?

--\x20
Anna Berg
Shop Ltd
"""
PAGE = """\
<html><head><meta charset="utf-8"><style>p {margin: 0}</style></head><body>
<p>Thank you, <b>it came</b>.</p><ul><li>one</li><li>two</li></ul><img src="cid:pic@shop.example">
<div class="gmail_quote"><div class="gmail_attr">On Mon, Support wrote:<br></div>
<blockquote style="border-left:1px solid"><p>It is on its way.</p></blockquote></div>
<div id="divRplyFwdMsg"><b>From:</b> Anna<br><b>Sent:</b> Monday</div></body></html>
"""
TNEF = b"\x78\x9f\x3e\x22\x01\x00\x01\x90\x08\x00\x04\x00\x00\x00\x00\x00\x01\x00\x01\x00\x01" * 9
INVITATION = """\
BEGIN:VCALENDAR
METHOD:REQUEST
BEGIN:VEVENT
SUMMARY:Call about order 1042
DTSTART:20260302T100000Z
DESCRIPTION:We talk it over\\, as agreed.
ORGANIZER;CN=Anna:mailto:anna@shop.example
END:VEVENT
END:VCALENDAR
"""
CHARSETS = [
    "utf-8",
    "koi8-r",
    "windows-1251",
    "iso-2022-jp",
    "gb18030",
    "iso-8859-1",
    "utf-16",
    "us-ascii",
    "utf-7",
]
# What breaks those who read mail; each alone, and many times over.
TOKENS = [
    b"\r",
    b"\n",
    b"\r\n",
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\x1b$B",
    b"\x1b(B",
    b" ",
    b"\t",
    b"\xc2\xa0",
    b"--b1\r\n",
    b"--b1--\n",
    b"\n--b1\nContent-Type: multipart/mixed; boundary=b1\n\n",
    b"--",
    b"\n\n",
    b"=?utf-8?B?",
    b"?=",
    b"=?utf-8?Q?=",
    b"=?x",
    b"=",
    b"=\n",
    b"=3D",
    b"=?koi8-r?b?8PI=?= ",
    b"<",
    b">",
    b'"',
    b"(",
    b")",
    b"\\",
    b";",
    b":",
    b",",
    b"@",
    b"a@b.example, ",
    b"<a@b.example>",
    b"<div>",
    b"</div>",
    b"<blockquote>",
    b"<!--",
    b"<table><tr><td>",
    b"&amp;",
    b"&#x",
    b"<a href=",
    b"<style>",
    b"> ",
    b">",
    b"On a wrote:\n",
    b"On Mon, 2 Mar 2026 ",
    b"-- \n",
    b"-----Original Message-----\n",
    b"From: a\n",
    b"From: a\nSent: b\nTo: c\nSubject: d\n",
    b"_" * 30 + b"\n",
    b"begin 644 a\n",
    b"M" + b"A" * 60 + b"\n",
    b"end\n",
    b"filename*0*=utf-8''a; ",
    b"filename*1=b; ",
    b"charset=",
    b"Content-Type: text/html\n",
    b"X: y\n",
    b" z\n",
    b"Final-Recipient: rfc822; a@b.example\n",
    b"Action: failed\n",
    b"Status: 5.1.1\n",
    b"550 5.1.1 ",
    b"user ",
    b"Received: from a by b; c\n",
    b"Message-ID: <a@b>\n",
    b"References: <a@b>\n",
    b"begin:vcard\n",
    TNEF[:40],
    "Написал(а):\n".encode(),
    "写道：\n".encode(),
    "\u202e".encode(),
    "😀".encode(),
    b"a" * 70 + b"\n",
    b"A" * 1000,
]


def seeds() -> list[bytes]:
    """Whole mails, as programs write them."""
    mails = [raw for raw, *_ in FOUND.values()]
    for number, charset in enumerate(CHARSETS):
        mails.append(_plain(charset, number))
    mails += [_with_page(), _nested(6), _with_files(), ORIGINAL.encode(), b"", b"\n", b"text alone"]
    mails.append(b"From x Mon Mar  2 10:00:00 2026\n" + mails[9])
    mails.append(mails[10].replace(b"\n", b"\r\n"))
    return mails


def _plain(charset: str, number: int) -> bytes:
    text = QUOTED.encode(charset, "replace").decode(charset, "replace")
    mail = _headed(f"Re: Заказ {number}")
    mail.set_content(
        text,
        cte=("base64", "quoted-printable", "8bit")[number % 3] if charset == "utf-8" else "base64",
    )
    raw = mail.as_bytes()
    return raw.replace(b'charset="utf-8"', f'charset="{charset}"; format=flowed'.encode())


def _headed(subject: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Анна Berg <anna@shop.example>"
    mail["To"] = "Support <support+r1.abc@market.example>, undisclosed-recipients:;"
    mail["Subject"] = subject
    mail["Date"] = "Mon, 02 Mar 2026 10:00:00 +0100"
    mail["Message-ID"] = "<1@shop.example>"
    mail["References"] = "<t1.m1@market.example> <t1.m2@market.example>"
    mail["Received"] = "from a (b [192.0.2.1]) by mx.market.example; Mon, 2 Mar 2026 10:00:00 +0100"
    mail["Authentication-Results"] = 'mx.market.example; dkim=pass (ok) header.d="shop.example"'
    return mail


def _with_page() -> bytes:
    mail = _headed("Re: Where is it?")
    mail.set_content(QUOTED)
    mail.add_alternative(PAGE, subtype="html")
    mail.get_payload()[1].add_related(b"\x89PNG", "image", "png", cid="<pic@shop.example>")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="Счёт № 7.pdf")
    return mail.as_bytes()


def _with_files() -> bytes:
    mail = _headed("Files")
    mail.set_content("See there.")
    mail.add_attachment(TNEF, maintype="application", subtype="ms-tnef", filename="winmail.dat")
    mail.add_attachment(INVITATION, subtype="calendar", filename="call.ics")
    mail.add_attachment(
        b"-----BEGIN PGP SIGNATURE-----", maintype="application", subtype="pgp-signature"
    )
    return mail.as_bytes()


def _nested(depth: int) -> bytes:
    inner = _headed("innermost")
    inner.set_content(QUOTED)
    for level in range(depth):
        outer = _headed(f"Fwd {level}")
        outer.set_content("See below.")
        outer.add_attachment(inner)
        inner = outer
    return inner.as_bytes()


def mutated(raw: bytes, others: list[bytes], dice: Random) -> bytes:
    """The mail with one to eight things done to it; at most 200 kB."""
    for _ in range(dice.randint(1, 8)):
        raw = dice.choice(_DAMAGES)(raw, others, dice)[:200_000]
    return raw


def _flip(raw: bytes, others: list[bytes], dice: Random) -> bytes:
    found = bytearray(raw)
    for _ in range(min(len(found), dice.randint(1, 20))):
        found[dice.randrange(len(found))] = dice.randrange(256)
    return bytes(found)


def _insert(raw: bytes, others: list[bytes], dice: Random) -> bytes:
    at = dice.randint(0, len(raw))
    return raw[:at] + dice.choice(TOKENS) * dice.choice((1, 1, 2, 30, 3_000)) + raw[at:]


def _cut(raw: bytes, others: list[bytes], dice: Random) -> bytes:
    at, to = sorted((dice.randint(0, len(raw)), dice.randint(0, len(raw))))
    return raw[:at] + raw[to:]


def _end(raw: bytes, others: list[bytes], dice: Random) -> bytes:
    return raw[: dice.randint(0, len(raw))]


def _repeat(raw: bytes, others: list[bytes], dice: Random) -> bytes:
    at = dice.randint(0, len(raw))
    piece = raw[at : at + dice.choice((3, 30, 300))]
    return raw[:at] + piece * dice.choice((2, 10, 500)) + raw[at:]


def _lines(raw: bytes, others: list[bytes], dice: Random) -> bytes:
    lines = raw.split(b"\n")
    for _ in range(3):
        one, other = dice.randrange(len(lines)), dice.randrange(len(lines))
        lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def _splice(raw: bytes, others: list[bytes], dice: Random) -> bytes:
    other = dice.choice(others)
    return raw[: dice.randint(0, len(raw))] + other[dice.randint(0, len(other)) :]


def _ends(raw: bytes, others: list[bytes], dice: Random) -> bytes:
    return raw.replace(b"\n", dice.choice((b"\r\n", b"\r", b"\r\r\n", b"\n\r", b"\n\n")))


_DAMAGES = (_flip, _insert, _insert, _cut, _end, _repeat, _lines, _splice, _ends)


def wrong_with(raw: bytes) -> str:
    """What the understanding does wrong with a mail; empty: nothing.

    It never raises, notes no exception of its own, is the same each time, and gives text that can
    be stored: whole characters and no NUL.
    """
    understood = understand(raw)
    caught = [one for one in understood.troubles if one.startswith("could not be read")]
    if caught:
        return caught[0]
    told = json.dumps(understood.as_json(), ensure_ascii=False)
    if "\\u0000" in told:
        return "NUL in a text"
    try:
        told.encode()
    except UnicodeEncodeError:
        return "half a character in a text"
    if understand(raw) != understood:
        return "another meaning the second time"
    return ""
