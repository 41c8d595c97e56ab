"""Parts, encodings and files: whole or damaged, all that a mail holds is found."""

from __future__ import annotations

import base64
import binascii
import quopri

import pytest

from parley.mail_parsing.parts import parse
from parley.mail_parsing.understanding import understand
from parley.mail_parsing.understood import Understood

PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


def mail(content_type: str, body: str | bytes, *more: str) -> Understood:
    lines = ["From: a@x.example", "Subject: hi", f"Content-Type: {content_type}", *more, "", ""]
    raw = body if isinstance(body, bytes) else body.encode()
    return understand("\r\n".join(lines).encode() + raw.replace(b"\n", b"\r\n"))


def files(found: Understood) -> list[tuple[str, str, int]]:
    return [(one.name, one.media_type, one.size) for one in found.files]


def test_text_and_a_file():
    found = mail(
        'multipart/mixed; boundary="b 1"',
        "preamble\n--b 1\nContent-Type: text/plain; charset=utf-8\n\nПривет\n--b 1\n"
        "Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n"
        "Content-Disposition: attachment; filename*=utf-8''%D0%B0.pdf\n\nJVBERg==\n--b 1--\nepilogue\n",
    )
    assert (found.text, files(found), found.troubles) == (
        "Привет", [("а.pdf", "application/pdf", 4)], (),
    )  # fmt: skip


def test_of_alternatives_the_plain_text_is_read():
    found = mail(
        "multipart/alternative; boundary=b",
        "--b\nContent-Type: text/plain\n\nplain\n--b\nContent-Type: text/html\n\n<p>HTML</p>\n--b--",
    )
    assert (found.text, found.files) == ("plain", ())


@pytest.mark.parametrize(
    "plain",
    [
        "",
        "  \n",
        "<html><body><p>What was <b>really</b> written</p></body></html>",
        "????? ??? ?????",
    ],
)
def test_of_alternatives_the_html_is_read_where_the_plain_text_says_nothing(plain):
    found = mail(
        "multipart/alternative; boundary=b",
        f"--b\nContent-Type: text/plain\n\n{plain}\n--b\nContent-Type: text/html; charset=utf-8\n\n"
        "<p>What was <b>really</b> written</p>\n--b--",
    )
    assert found.text == "What was really written"


def test_a_plain_text_that_only_points_to_the_html_is_not_taken_for_it():
    words = "<p>" + "Where is my order? It should have come on Monday. " * 5 + "</p>"
    found = mail(
        "multipart/alternative; boundary=b",
        "--b\nContent-Type: text/plain\n\nPlease view this mail as HTML.\n"
        f"--b\nContent-Type: text/html\n\n{words}\n--b--",
    )
    assert found.text.startswith("Where is my order?")


def test_a_picture_that_the_html_shows_stands_in_the_text():
    picture = base64.b64encode(PIXEL).decode()
    found = mail(
        "multipart/related; boundary=b",
        '--b\nContent-Type: text/html\n\n<p>See <img src="cid:one@x"></p>\n'
        f"--b\nContent-Type: image/gif\nContent-ID: <one@x>\nContent-Transfer-Encoding: base64\n\n{picture}\n"
        "--b\nContent-Type: image/gif; name=two.gif\nContent-ID: <two@x>\n"
        f"Content-Transfer-Encoding: base64\n\n{picture}\n--b--",
    )
    assert [(one.name, one.inline, one.content_id) for one in found.files] == [
        ("image-1.gif", True, "one@x"),
        ("two.gif", False, "two@x"),
    ]


def test_texts_between_files_belong_together():
    found = mail(
        "multipart/mixed; boundary=b",
        "--b\n\nabove\n--b\nContent-Type: image/gif\n\nGIF\n--b\nContent-Type: text/plain\n\nbelow\n"
        "--b\nContent-Type: text/plain\nContent-Disposition: inline; filename=log.txt\n\nlog\n--b--",
    )
    assert found.text == "above\n\nbelow"
    assert [name for name, _, _ in files(found)] == ["image-1.gif", "log.txt"]


def test_a_text_twice_is_one_though_nobody_calls_it_an_alternative():
    found = mail(
        "multipart/mixed; boundary=b",
        "--b\nContent-Type: text/plain\n\nWhere is my order?\n"
        "--b\nContent-Type: text/html\n\n<p>Where is <b>my</b> order?</p>\n--b--",
    )
    assert found.text == "Where is my order?"


def test_a_mail_in_a_mail_is_a_file():
    inner = "From: b@x.example\nSubject: =?utf-8?B?0LfQsNC60LDQtw==?=: 7/8\n\ninside"
    found = mail(
        "multipart/mixed; boundary=b",
        f"--b\n\nsee below\n--b\nContent-Type: message/rfc822\n\n{inner}\n--b--",
    )
    assert found.text == "see below"
    assert files(found) == [("заказ 7 8.eml", "message/rfc822", len(inner.encode()) + 3)]


@pytest.mark.parametrize(
    "body",
    [
        "--b\nContent-Type: text/plain\n\nHello\n--b\nContent-Type: image/gif\n\nGIF",  # never closed
        "--b\nContent-Type: text/plain\n\nHello\n--b  \nContent-Type: image/gif\n\nGIF\n--b--  \n",
        "--b\n\nHello\n--b\nContent-Type: image/gif\nGIF\n--b--",  # no empty line
        "\n\n--b\nContent-Type: text/plain\n\nHello\n--bb\n--b\nContent-Type: image/gif\n\nGIF\n--b--",
    ],
)
def test_parts_are_found_where_boundaries_are_badly_kept(body):
    found = mail("multipart/mixed; boundary=b", body)
    assert found.text.startswith("Hello")
    assert [one.media_type for one in found.files] == ["image/gif"]


@pytest.mark.parametrize(
    "content_type",
    ["multipart/mixed", "multipart/mixed; boundary=other", "multipart/mixed; boundary="],
)
def test_a_boundary_that_the_header_does_not_tell_is_found(content_type):
    found = mail(
        content_type,
        "--real\nContent-Type: text/plain\n\nHello\n--real\nContent-Type: image/gif\n\nGIF\n--real--",
    )
    assert found.text == "Hello"
    assert found.troubles == ("the boundary of its parts is missing",)
    assert [one.media_type for one in found.files] == ["image/gif"]


def test_of_two_types_the_one_with_parts_counts():
    found = mail(
        "text/plain",
        "--b\nContent-Type: text/plain\n\nHello\n--b--",
        "Content-Type: multipart/alternative; boundary=b",
    )
    assert found.text == "Hello"


def test_a_mail_of_many_parts_without_any_is_a_text():
    found = mail("multipart/mixed; boundary=b", "Hello")
    assert (found.text, found.troubles) == ("Hello", ("parts without a boundary",))


@pytest.mark.parametrize(
    ("encoding", "body", "text"),
    [
        ("base64", base64.encodebytes("Привет, мир".encode()), "Привет, мир"),
        ("BASE64", b"0J/RgNC4\n0LLQtdGC", "Привет"),
        ("base64", b"0J/RgNC4\n0LLQtdG", "Приве�"),
        ("base64", b"0J/R*gNC4 0LLQ$tdGC==", "Привет"),
        ("base64", b"0J/R\n0YA=\n", "П�р"),
        ("base64", b"SGVsbG8=\n\n--\nA list of people\nhttp://x.example/", "Hello"),
        ("base64", b"This is no base64 at all, whatever", "This is no base64 at all, whatever"),
        ("quoted-printable", b"=D0=9F=D1=80=\n=D0=B8", "При"),
        ("quoted-printable", b"a=3Db = \nc =XY d", "a=b c =XY d"),
        ("quoted-printable", b"soft= \t\nbreak", "softbreak"),
        ("Quoted-Printable ", b"=E2=82=AC", "€"),
        ("8bit", "Привет".encode(), "Привет"),
        ("x-nobody-knows", b"Hello", "Hello"),
        ("", b"Hello", "Hello"),
    ],
)
def test_transfer_encodings_are_undone_with_their_damage(encoding, body, text):
    found = mail("text/plain; charset=utf-8", body, f"Content-Transfer-Encoding: {encoding}")
    assert found.text == text


def uuencoded(content: bytes, name: str) -> str:
    lines = [content[at : at + 45] for at in range(0, len(content), 45)]
    encoded = "".join(binascii.b2a_uu(line).decode() for line in lines)
    return f"begin 644 {name}\n{encoded}`\nend\n"


def test_a_file_within_the_text_is_taken_out():
    content = bytes(range(256))
    found = mail("text/plain", f"See the file.\n\n{uuencoded(content, 'my file.bin')}\nGood bye")
    assert found.text == "See the file.\n\nGood bye"
    assert [(one.name, one.content) for one in found.files] == [("my file.bin", content)]


def test_a_uuencoded_part_is_decoded():
    found = mail(
        "multipart/mixed; boundary=b",
        f"--b\n\nHello\n--b\nContent-Type: application/octet-stream; name=a.bin\n"
        f"Content-Transfer-Encoding: x-uuencode\n\n{uuencoded(b'abc', 'a.bin')}\n--b--",
    )
    assert found.files[0].content == b"abc"


def test_a_sentence_that_begins_like_a_uuencoded_file_stays():
    text = "begin 644 times\nand again\nend"
    assert mail("text/plain", text).text == text


def test_paragraphs_of_a_flowing_text_are_put_together():
    found = mail(
        "text/plain; format=flowed; delsp=yes",
        "One long para \ngraph.\n Stuffed\nLast",
    )
    assert found.text == "One long paragraph.\nStuffed\nLast"


def test_signed_words_are_read_without_their_armour():
    found = mail(
        "text/plain",
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nWhere is my order?\n- -- \nAnna\n"
        "-----BEGIN PGP SIGNATURE-----\n\niQ\n-----END PGP SIGNATURE-----\n",
    )
    assert found.text == "Where is my order?"
    assert "PGP SIGNATURE" in found.folded


def test_the_signature_beside_signed_words_is_a_file():
    found = mail(
        "multipart/signed; protocol=application/pgp-signature; boundary=b",
        "--b\nContent-Type: text/plain\n\nHello\n"
        "--b\nContent-Type: application/pgp-signature; name=signature.asc\n\nxx\n--b--",
    )
    assert found.text == "Hello"
    assert [name for name, _, _ in files(found)] == ["signature.asc"]


def test_what_is_encrypted_says_so():
    found = mail(
        "multipart/encrypted; boundary=b",
        "--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n"
        "--b\nContent-Type: application/octet-stream; name=encrypted.asc\n\nxx\n--b--",
    )
    assert (found.text, found.troubles) == ("", ("encrypted",))


INVITATION = """BEGIN:VCALENDAR
METHOD:REQUEST
BEGIN:VEVENT
SUMMARY:Stock check\\, part
  two
DTSTART;TZID="Europe/Berlin":20260105T100000
DTEND:20260105T110000Z
LOCATION:Dock 4
DESCRIPTION:Bring the list.\\nThanks
END:VEVENT
END:VCALENDAR
"""


def test_an_invitation_without_words_says_what_and_when():
    found = mail("text/calendar; method=REQUEST; charset=utf-8", INVITATION)
    assert found.text == (
        "Stock check, part two\n2026-01-05 10:00 (Europe/Berlin) – 2026-01-05 11:00 UTC\nDock 4\n\n"
        "Bring the list.\nThanks"
    )
    assert [one.media_type for one in found.files] == ["text/calendar"]


def test_an_invitation_beside_words_is_a_file():
    found = mail(
        "multipart/alternative; boundary=b",
        "--b\nContent-Type: text/plain\n\nLet us meet.\n"
        f"--b\nContent-Type: text/calendar; name=invite.ics\n\n{INVITATION}\n--b--",
    )
    assert found.text == "Let us meet."
    assert [one.name for one in found.files] == ["invite.ics"]


@pytest.mark.parametrize(
    ("named", "name"),
    [
        ('"../../etc/passwd"', "passwd"),
        ('".profile"', ".profile"),
        ('"C:\\\\docs\\\\a.pdf"', "a.pdf"),
        ('"a\tb\u202efdp.exe"', "a bfdp.exe"),
        ('""', "attachment-1.pdf"),
        ('"' + "a" * 500 + '.pdf"', "a" * 196 + ".pdf"),
    ],
)
def test_names_of_files_are_fit_to_show(named, name):
    found = mail(
        "multipart/mixed; boundary=b",
        f"--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename={named}\n\nx\n--b--",
    )
    assert [one.name for one in found.files] == [name]


@pytest.mark.parametrize(
    ("header", "name", "media_type"),
    [
        ("Content-Type: application/pdf name=a.pdf", "a.pdf", "application/pdf"),
        ("Content-Type: application/pdf (Acrobat)", "attachment-1.pdf", "application/pdf"),
        ("Content-Type: image/png\nContent-Disposition: filename=a.png", "a.png", "image/png"),
        ("Content-Type: image/png\nContent-Description: Scan 1.png", "Scan 1.png", "image/png"),
        ("Content-Type: image/png\nContent-Description: Our logo", "image-1.png", "image/png"),
        (
            "Content-Type: image/png\nContent-Location: https://x.example/p/a.png?v=2",
            "a.png",
            "image/png",
        ),
    ],
)
def test_a_file_has_its_name_and_type_however_they_are_told(header, name, media_type):
    found = mail("multipart/mixed; boundary=b", f"--b\n{header}\n\nx\n--b--")
    assert [(one.name, one.media_type) for one in found.files] == [(name, media_type)]


def test_html_without_a_label_is_read_by_what_it_says_of_itself():
    body = '<html><meta charset="koi8-r"><p>Ёж</p></html>'.encode("koi8-r")
    assert mail("text/html", body).text == "Ёж"


def test_quoted_printable_html_is_read():
    body = quopri.encodestring("<p>Größe = 5</p>".encode("iso-8859-1"))
    found = mail(
        "text/html; charset=iso-8859-1", body, "Content-Transfer-Encoding: quoted-printable"
    )
    assert found.text == "Größe = 5"


def test_words_that_are_told_to_be_a_file_are_read_where_there_are_no_others():
    part = "--b\nContent-Type: text/plain\nContent-Disposition: attachment\n\nWhere is it?\n"
    alone = mail("multipart/mixed; boundary=b", part + "--b--")
    assert (alone.text, len(alone.files)) == ("Where is it?", 1)
    beside = mail("multipart/mixed; boundary=b", f"--b\n\nHello.\n{part}--b--")
    assert (beside.text, len(beside.files)) == ("Hello.", 1)


@pytest.mark.parametrize("disposition", ["form-data; name=text", "=?utf-8?Q?inline?=", ""])
def test_a_disposition_that_nobody_knows_makes_no_file_of_words(disposition):
    part = f"Content-Type: text/plain\nContent-Disposition: {disposition}\n\nWhere is it?"
    found = mail("multipart/mixed; boundary=b", f"--b\n{part}\n--b--")
    assert (found.text, found.files) == ("Where is it?", ())


def test_nothing_is_a_mail_too():
    for raw in (b"", b"\n", b"\0\0", b"\xff" * 50, b"just words", b":\n:\n"):
        understand(raw)


def test_nested_parts_are_opened_to_a_depth_and_the_rest_is_kept():
    inner = "Content-Type: text/plain\n\ndeep\n"
    for depth in range(2_000):
        inner = f"Content-Type: multipart/mixed; boundary=b{depth}\n\n--b{depth}\n{inner}\n--b{depth}--\n"
    found = understand(inner.encode())
    assert "too many parts" in found.troubles


def test_a_mail_of_more_parts_than_anybody_writes_is_bounded():
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 100_000
    assert len(parse(raw).parts) <= 1_000


def test_a_text_that_is_shown_is_read_where_there_is_no_other():
    found = mail(
        "multipart/mixed; boundary=b",
        "--b\nContent-Type: text/plain\nContent-Disposition: inline; filename=message.txt\n\nHello\n--b--",
    )
    assert found.text == "Hello"
    assert [one.name for one in found.files] == ["message.txt"]


def test_a_picture_within_the_page_comes_along():
    picture = base64.b64encode(PIXEL * 10).decode()
    dot = base64.b64encode(PIXEL).decode()
    found = mail(
        "text/html",
        f'<p>See <img src="data:image/gif;base64,{picture}"> and '
        f'<img src="data:image/gif;base64,{dot}"></p><p>Thanks</p>',
    )
    assert found.text.startswith("See")
    assert found.text.endswith("Thanks")
    assert picture[:40] not in found.text
    assert [(one.name, one.media_type, one.inline) for one in found.files] == [
        ("image-1.gif", "image/gif", True)
    ]


def test_a_mark_that_a_mailbox_file_put_in_is_no_quote():
    found = mail("text/plain", "Hello\n\n>From now on send it to Bonn.\nThanks")
    assert (found.text, found.folded) == ("Hello\n\nFrom now on send it to Bonn.\nThanks", "")


def test_a_mail_that_was_saved_in_utf_16_is_read():
    raw = "From: a@x.example\nSubject: счёт\nContent-Type: text/plain; charset=utf-8\n\nПривет\n"
    found = understand(raw.encode("utf-16"))
    assert (found.subject, found.text) == ("счёт", "Привет")
