"""Mails wrapped by other programs: Outlook's winmail.dat, and S/MIME signatures."""

from __future__ import annotations

import base64
import struct
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from parley.mail_parsing.cms import content_of_signed
from parley.mail_parsing.rtf import decompressed, text_of_rtf
from parley.mail_parsing.tnef import unpack
from parley.mail_parsing.understanding import understand


def attribute(name: int, data: bytes, level: int = 2) -> bytes:
    return (
        struct.pack("<BII", level, name, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)
    )


def padded(data: bytes) -> bytes:
    return struct.pack("<I", len(data)) + data + b"\0" * (-len(data) % 4)


def prop(name: int, kind: int, data: bytes) -> bytes:
    return struct.pack("<HHI", kind, name, 1) + padded(data)


def properties(*made: bytes) -> bytes:
    return struct.pack("<I", len(made)) + b"".join(made)


RTF = (
    b"{\\rtf1\\ansi\\ansicpg1251{\\fonttbl{\\f0 Arial;}}\\pard "
    b"\\'cf\\'f0\\'e8\\'e2\\'e5\\'f2, \\u1084?\\u1080?\\u1088?\\par bye}"
)
HTML_RTF = (
    b"{\\rtf1\\ansi\\fromhtml1{\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 Hello \\htmlrtf \\b \\htmlrtf0 "
    b"you{\\*\\htmltag72 </p>}\\htmlrtf }\\htmlrtf0}"
)


def packed_rtf(rtf: bytes) -> bytes:
    return struct.pack("<IIII", len(rtf) + 12, len(rtf), 0x414C454D, 0) + rtf


def winmail(*attributes: bytes) -> bytes:
    return struct.pack("<IH", 0x223E9F78, 1) + b"".join(attributes)


WHOLE = winmail(
    attribute(0x69007, struct.pack("<II", 1251, 0), 1),
    attribute(0x69003, properties(prop(0x1009, 0x0102, packed_rtf(RTF))), 1),
    attribute(0x69002, b"\0" * 14),
    attribute(0x18010, b"SHORT~1.PDF\0"),
    attribute(0x6800F, b"%PDF-1"),
    attribute(
        0x69005,
        properties(
            prop(0x3707, 0x001F, "счёт за май.pdf\0".encode("utf-16-le")),
            prop(0x370E, 0x001E, b"application/pdf\0"),
        ),
    ),
    attribute(0x69002, b"\0" * 14),
    attribute(0x18010, "фото.jpg".encode("cp1251") + b"\0"),
    attribute(0x6800F, b"JPEG"),
)


def test_the_files_and_the_words_of_a_winmail_dat_are_found():
    packed = unpack(WHOLE)
    assert packed.is_whole
    assert packed.text == "Привет, мир\nbye"
    assert [(one.name, one.media_type, one.content) for one in packed.files] == [
        ("счёт за май.pdf", "application/pdf", b"%PDF-1"),
        ("фото.jpg", "application/octet-stream", b"JPEG"),
    ]


def test_a_mail_that_is_a_winmail_dat_alone_has_its_words():
    raw = b"Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n"
    found = understand(raw + base64.encodebytes(WHOLE))
    assert found.text == "Привет, мир\nbye"
    assert [one.name for one in found.files] == ["счёт за май.pdf", "фото.jpg"]


@pytest.mark.parametrize("length", [3, 6, 40, 210, len(WHOLE) - 8])
def test_a_winmail_dat_that_was_cut_off_is_kept_as_it_is_beside_what_could_be_read(length):
    head = (
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nHello\n--b\n"
        b"Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n"
    )
    found = understand(head + base64.encodebytes(WHOLE[:length]) + b"\n--b--\n")
    assert found.text == "Hello"
    assert found.troubles == ("winmail.dat is broken",)
    assert "winmail.dat" in [one.name for one in found.files]


@given(st.binary(max_size=400), st.integers(0, len(WHOLE)))
def test_any_winmail_dat_can_be_looked_at(noise, at):
    unpack(WHOLE[:at] + noise + WHOLE[at:])


def test_html_within_rtf_is_taken_out():
    assert text_of_rtf(HTML_RTF) == ("<p>Hello you</p>", True)


def test_packed_rtf_is_unpacked():
    # The example of MS-OXRTFCP 4.1.1.
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af80b606e0e103033334f0db8c0c7"
    )
    assert decompressed(packed).startswith(b"{\\rtf1\\ansi\\ansicpg1252\\pard")


@given(st.binary(max_size=200))
def test_any_rtf_can_be_looked_at(noise):
    decompressed(struct.pack("<IIII", 0, 1000, 0x75465A4C, 0) + noise)
    text_of_rtf(b"{\\rtf1" + noise)


def signed(content: bytes, *, detached: bool = False) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Anna")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2027, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    options = [pkcs7.PKCS7Options.Binary]
    if detached:
        options.append(pkcs7.PKCS7Options.DetachedSignature)
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    builder = builder.add_signer(certificate, key, hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, options)


INNER = "Content-Type: text/plain; charset=utf-8\r\n\r\nПривет\r\n".encode()
ENVELOPE = (
    b"From: a@x.example\nContent-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\n"
    b"Content-Transfer-Encoding: base64\n\n"
)


def test_words_within_a_signature_are_read():
    found = understand(ENVELOPE + base64.encodebytes(signed(INNER)))
    assert (found.text, found.files) == ("Привет", ())


def test_content_of_a_signature_in_pieces_of_unknown_length_is_read():
    data = bytes.fromhex("06092a864886f70d010701")
    octets = b"\x24\x80\x04\x03abc\x04\x03def\0\0"
    inner = b"\x30\x80" + data + b"\xa0\x80" + octets + b"\0\0\0\0"
    whole = bytes.fromhex("308006092a864886f70d010702a0803080020101") + b"\x31\0" + inner
    assert content_of_signed(whole + b"\0" * 6) == b"abcdef"


def test_a_signature_without_content_and_an_encrypted_mail_are_files():
    for content in (signed(INNER, detached=True), b"\x30\x03\x02\x01\x01", b"nothing"):
        found = understand(ENVELOPE + base64.encodebytes(content))
        assert [one.name for one in found.files] == ["smime.p7m"]
        assert found.troubles


@given(st.binary(max_size=300))
def test_any_signature_can_be_looked_at(noise):
    content_of_signed(b"\x30\x80" + noise)
