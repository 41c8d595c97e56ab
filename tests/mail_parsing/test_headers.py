"""What stands in the header of a mail, as mail programs write it and as servers break it."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.mail_parsing.addresses import addresses_in
from parley.mail_parsing.dates import moment_of
from parley.mail_parsing.encoded_words import decode_words
from parley.mail_parsing.parameters import parameters_of
from parley.mail_parsing.understanding import understand


def said(value: str) -> list[tuple[str, str]]:
    return [(one.name, one.address) for one in addresses_in(value)]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=?utf-8?B?0J/RgNC40LLQtdGC?=", "Привет"),
        ("=?UTF-8*ru?q?=D0=9F=D1=80?=", "Пр"),
        ("=?utf-8?B?0J8=0YA=?=", "Пр"),
        ("=?koi8-r?Q?=F0=F2=E9?= =?koi8-r?Q?=F7=E5=F4?=", "ПРИВЕТ"),
        ("=?koi8-r?Q?=F0=F2=E9?=\n =?koi8-r?Q?=F7=E5=F4?=", "ПРИВЕТ"),
        ("Re: =?iso-8859-1?Q?Gr=FC=DFe_aus?= Bonn", "Re: Grüße aus Bonn"),
        # A letter that begins in one word and ends in the next.
        ("=?utf-8?Q?=D0?= =?utf-8?Q?=9F?=", "П"),
        ("=?utf-8?B?0J8=?= =?utf-8?B?0YDQ?= =?utf-8?B?uA==?=", "При"),
        # Base64 cut anywhere, without padding.
        ("=?utf-8?B?0J/RgNC40L?=\n =?utf-8?B?LQtdGC?=", "Привет"),
        ("=?utf-8?B?0J/RgNC40LLQtdGC", "Привет"),
        ("=?utf-8?Q?two words?= here", "two words here"),
        ("=?x-unknown?Q?=D0=9F?=", "П"),
        ("=?iso-2022-jp?B?GyRCQ21KOBsoQg==?=", "注文"),
        ("=?us-ascii?Q?Is_it_so??=", "Is it so?"),
        ("a =? b ?= c", "a =? b ?= c"),
        ("=?utf-8?B??=", ""),
    ],
)
def test_encoded_words_are_read(value, text):
    assert decode_words(value) == text


@given(st.text(alphabet="=?bBqQ_utf-8 АЯ\n", max_size=80))
def test_whatever_looks_like_an_encoded_word_is_read_without_fail(value):
    decode_words(value)


@pytest.mark.parametrize(
    ("value", "people"),
    [
        ("a@b.example", [("", "a@b.example")]),
        ("Anna <a@B.Example>", [("Anna", "a@b.example")]),
        ('"Doe, John" <j@x.example>, k@x.example', [("Doe, John", "j@x.example"), ("", "k@x.example")]),
        ("Doe, John <j@x.example>", [("Doe, John", "j@x.example")]),
        ("a@b.example (Anna Berg)", [("Anna Berg", "a@b.example")]),
        ("Team: a@x.example, Bo <b@x.example>;, c@x.example",
         [("", "a@x.example"), ("Bo", "b@x.example"), ("", "c@x.example")]),
        ("undisclosed-recipients:;", []),
        ("=?utf-8?Q?Berg=2C_Anna?= <a@x.example>", [("Berg, Anna", "a@x.example")]),
        ("=?utf-8?Q?Berg,_Anna?= <a@x.example>", [("Berg, Anna", "a@x.example")]),
        ('"=?utf-8?B?0JDQvdC90LA=?=" <a@x.example>', [("Анна", "a@x.example")]),
        ("'a@x.example' <a@x.example>", [("", "a@x.example")]),
        ("<a@x.example>", [("", "a@x.example")]),
        ("Anna <a@x.example", [("Anna", "a@x.example")]),
        ("<<a@x.example>>", [("", "a@x.example")]),
        ("Anna <mailto:a@x.example>", [("Anna", "a@x.example")]),
        ("Anna [mailto:a@x.example]", [("Anna", "a@x.example")]),
        ("a@x.example; b@x.example", [("", "a@x.example"), ("", "b@x.example")]),
        ("<@relay.example:a@x.example>", [("", "a@x.example")]),
        ("Anna a@x.example", [("Anna", "a@x.example")]),
        ("MAILER-DAEMON", [("", "MAILER-DAEMON")]),
        ('"a b"@x.example', [("", '"a b"@x.example')]),
        ("a@[192.0.2.1]", [("", "a@[192.0.2.1]")]),
        ("Anna (at (the) shop) <a@x.example>", [("Anna", "a@x.example")]),
        ("", []),
        (",,;:", []),
        ("a@x.example b@x.example", [("", "a@x.example"), ("", "b@x.example")]),
        ("<a@x.example> <b@x.example>", [("", "a@x.example"), ("", "b@x.example")]),
        ("Anna <a@x.example>Bob <b@x.example>", [("Anna", "a@x.example"), ("Bob", "b@x.example")]),
        ("=?utf-8?q?a=40x=2Eexample?=, b@x.example", [("", "a@x.example"), ("", "b@x.example")]),
        ("=?utf-8?Q?J=C3=B6rg_<j=40x.example>?=", [("Jörg", "j@x.example")]),
        ("'a@x.example'", [("", "a@x.example")]),
        ("Anna <a@x.example> b@x.example", [("Anna", "a@x.example"), ("", "b@x.example")]),
        ("<a@x.example> Anna", [("Anna", "a@x.example")]),
        ('"Anna <a@x.example>', [("Anna", "a@x.example")]),
        ("a@x.example@y.example", [("", "a@x.example@y.example")]),
    ],
)  # fmt: skip
def test_addresses_are_found_in_what_programs_write(value, people):
    assert said(value) == people


@given(st.text(alphabet='"<>(),;:@a =?\\.[]', max_size=60))
def test_whatever_looks_like_addresses_is_read_without_fail(value):
    addresses_in(value)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("attachment; filename=plain.pdf", "plain.pdf"),
        ('attachment; filename="with ; and spaces.pdf"', "with ; and spaces.pdf"),
        ("attachment; filename=without quotes.pdf", "without quotes.pdf"),
        ('attachment; filename="=?utf-8?B?0YHRh9GR0YI=?=.pdf"', "счёт.pdf"),
        ("attachment; filename*=utf-8''%D1%81%D1%87%D1%91%D1%82.pdf", "счёт.pdf"),
        ("attachment; filename*=koi8-r''%D3%DE%A3%D4.pdf", "счёт.pdf"),
        (
            "attachment; filename*0*=utf-8''%D1%81%D1; filename*1*=%87%D1%91%D1; filename*2=\"t.pdf\"",
            None,
        ),
        ('attachment; filename*1="two.pdf"; filename*0="one"', "onetwo.pdf"),
        (
            "attachment; filename*0*=utf-8''%D1%81; filename*1*=%D1%87.pdf; filename=old.pdf",
            "сч.pdf",
        ),
        ('attachment; filename="a \\"b\\".pdf"', 'a "b".pdf'),
        ('attachment; filename="unclosed.pdf', "unclosed.pdf"),
        ("attachment;filename=a.pdf;size=3", "a.pdf"),
        ("attachment", ""),
        # The semicolon is forgotten, or stands where the name goes on.
        ("attachment filename=a.pdf", "a.pdf"),
        ('filename="a.pdf"', "a.pdf"),
        ("attachment; filename=one;two.pdf; size=3", "one;two.pdf"),
        ("attachment; filename=a.pdf; ", "a.pdf"),
        ("attachment; filename='one two.pdf'", "one two.pdf"),
        ("attachment; filename*=utf-8%27%27%D1%81.pdf", "с.pdf"),
    ],
)
def test_names_of_files_are_read(value, name):
    found = parameters_of(value)[1].get("filename", "")
    assert name is None or found == name


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("Mon, 5 Jan 2026 10:11:12 +0300", "2026-01-05T10:11:12+03:00"),
        ("5 Jan 2026 10:11:12 GMT (a comment)", "2026-01-05T10:11:12+00:00"),
        ("Mon, 5 Jan 2026 10:11 -0530", "2026-01-05T10:11:00-05:30"),
        ("2026-01-05T10:11:12+03:00", "2026-01-05T07:11:12+00:00"),
        ("Mon, 35 Jan 2026 10:11:12 +0300", None),
        ("Mon, 5 Jan 2026 10:11:12 +9999", "2026-01-05T10:11:12+00:00"),
        ("Fri, 07 Apr 2023 17:30:44 +0200Received: from x", "2023-04-07T17:30:44+02:00"),
        ("Понедельник, 5 Jan 2026 10:11:12 +0300 (MSK)", "2026-01-05T10:11:12+03:00"),
        ("Mon Jan  5 10:11:12 2026", "2026-01-05T10:11:12+00:00"),
        ("Mon, 5 Jan 26 10:11:12 EST", "2026-01-05T10:11:12-05:00"),
        ("yesterday", None),
        ("", None),
    ],
)
def test_moments_are_read(value, moment):
    found = moment_of(value)
    assert (found.isoformat() if found else None) == moment


def header(*lines: bytes) -> bytes:
    return b"\r\n".join(lines) + b"\r\n\r\nHello\r\n"


def test_a_mail_is_named_by_its_header():
    mail = understand(
        header(
            b"From: =?utf-8?B?0JDQvdC90LA=?= <anna@Shop.example>",
            b"To: Desk <desk@parley.example>",
            b"Cc: bo@shop.example",
            b"Reply-To: <office@shop.example>",
            b"Delivered-To: desk+r1.abc@parley.example",
            b"Subject: =?utf-8?Q?Re:_=5BT-10042=5D_?=",
            b" =?utf-8?B?0LfQsNC60LDQtw==?=",
            b"Message-ID: <1@shop.example>",
            b"In-Reply-To: <0@parley.example>",
            b"References: <a@x> <b",
            b" @x> <0@parley.example>",
            b"Authentication-Results: mx.example; dkim=pass",
            b"X-Parley: 1",
        )
    )
    assert str(mail.sender) == "Анна <anna@shop.example>"
    assert [str(one) for one in mail.to] == ["Desk <desk@parley.example>"]
    assert [one.address for one in (*mail.cc, *mail.reply_to)] == [
        "bo@shop.example",
        "office@shop.example",
    ]
    assert mail.delivered_to == ("desk+r1.abc@parley.example",)
    assert mail.subject == "Re: [T-10042] заказ"
    assert mail.message_id == "<1@shop.example>"
    assert mail.in_reply_to == ("<0@parley.example>",)
    assert mail.references == ("<a@x>", "<b@x>", "<0@parley.example>")
    assert mail.authentication == ("mx.example; dkim=pass",)
    assert mail.own_mark == "1"


def test_letters_without_encoding_are_read_by_the_charset_of_the_mail():
    written = (
        "From: Анна <a@x.example>\nSubject: счёт\n"
        "Content-Type: text/plain; charset=koi8-r\n\nПривет\n"
    )
    mail = understand(written.encode("koi8-r"))
    assert (str(mail.sender), mail.subject, mail.text) == ("Анна <a@x.example>", "счёт", "Привет")


@pytest.mark.parametrize(
    "raw",
    [
        b"From a@b Mon Jan  5 10:11:12 2026\nFrom: a@x.example\nSubject: hi\n\nHello\n",
        b"\xef\xbb\xbfFrom: a@x.example\r\nSubject: hi\r\n\r\nHello\r\n",
        b"\r\n\r\nFrom: a@x.example\r\nSubject: hi\r\n\r\nHello\r\n",
        b"From: a@x.example\rSubject: hi\r\rHello\r",
        b"From : a@x.example\nSUBJECT:hi\n\nHello",
        b"From: a@x.example\nSubject: hi\nHello",
        b"From: a@x.example\n \nSubject: hi\n\nHello",
        b"From: a@x.example\nSubject: hi\nX-Odd Name: what\n\nHello",
        b"From: a@x.example\nquite Delivered-To: b@x.example\nSubject: hi\n\nHello",
        b"From: a@x.example\n>From b@y Mon Jan  5 10:11:12 2026\nSubject: hi\n\nHello",
    ],
)
def test_a_header_is_read_however_it_was_written_down(raw):
    mail = understand(raw)
    assert mail.sender
    assert (mail.sender.address, mail.subject, mail.text) == ("a@x.example", "hi", "Hello")


def test_a_line_that_was_broken_without_a_fold_belongs_to_the_field_above_it():
    mail = understand(b"Subject: a long\nsubject of two lines\nFrom: a@x.example\n\nHello\n")
    assert (mail.subject, str(mail.sender), mail.text) == (
        "a long subject of two lines", "a@x.example", "Hello",
    )  # fmt: skip


def test_a_subject_of_ten_megabytes_is_cut():
    mail = understand(b"Subject: " + b"=?utf-8?Q?a?= " * 800_000 + b"\n\nHello")
    assert mail.text == "Hello"
    assert len(mail.subject) <= 2_000


def test_of_what_it_answers_the_mail_counts_and_not_its_writer():
    told = b'In-Reply-To: Message from Bo <bo@shop.example> of "Mon, 2 Mar 2026" <1@shop.example>'
    assert understand(header(told)).in_reply_to == ("<1@shop.example>",)
    assert understand(header(b"In-Reply-To: <1@a> from Bo")).in_reply_to == ("<1@a>",)


@pytest.mark.parametrize(
    ("told", "known"),
    [
        (b"<1@shop.example> (added by the server)", "<1@shop.example>"),
        (b"1@shop.example", "<1@shop.example>"),
        (b"<a@b@shop.example>", "<a@b@shop.example>"),
        (b"<20260302.1@shop", "<20260302.1@shop>"),
        (b"20260302-1", "<20260302-1>"),
        (b"no id at all", ""),
        (b"<>", ""),
    ],
)
def test_a_message_id_is_read_however_it_is_told(told, known):
    assert understand(header(b"Message-ID: " + told)).message_id == known


def test_base64_in_a_word_with_damage_is_still_read():
    word = base64.b64encode("Привет".encode()).decode()
    assert decode_words(f"=?utf-8?B?{word[:6]}\t{word[6:]}!?=") == "Привет"
