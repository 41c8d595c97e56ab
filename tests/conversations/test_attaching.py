"""Files are taken in by what they are, not by what they say they are."""

from __future__ import annotations

import hashlib
import io
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from cast import Cast
from parley.conversations.access import unsent_attachments_of
from parley.conversations.attaching import (
    LONGEST_NAME,
    AttachmentGone,
    EmptyFile,
    FileTooLarge,
    MessageTooLarge,
    clean_name,
    discard_unsent,
    media_type_of,
    receive,
    take_back,
)
from parley.conversations.models import Attachment, Message
from parley.journal.moment import at, now
from parley.parties.models import Membership
from parley.tickets.models import TicketSide
from parley.tickets.replying import Reply, reply

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"


def upload(by: Membership, name: str = "note.txt", data: bytes = b"Some words") -> Attachment:
    return receive(by, name, SimpleUploadedFile("ignored", data))


def stored() -> set[str]:
    root = Path(str(default_storage.location))  # type: ignore[attr-defined]
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def test_what_is_kept_of_a_file(cast: Cast) -> None:
    data = PNG + b"x" * 300_000
    kept = upload(cast.seller, "Фото посылки.png", data)
    kept.refresh_from_db()
    assert (kept.name, kept.size, kept.media_type) == ("Фото посылки.png", len(data), "image/png")
    assert kept.sha256 == hashlib.sha256(data).hexdigest()
    with default_storage.open(kept.stored_as) as file:
        assert file.read() == data
    assert kept.name not in kept.stored_as, "the stored name is ours"
    assert kept.message is None


def test_an_empty_file_is_refused(cast: Cast) -> None:
    before = stored()
    with pytest.raises(EmptyFile):
        upload(cast.seller, data=b"")
    assert stored() == before


def test_a_file_over_the_limit_says_by_how_much(cast: Cast, settings: object) -> None:
    settings.FILE_LIMIT = 1_000  # type: ignore[attr-defined]
    before = stored()
    upload(cast.seller, data=b"x" * 1_000)
    with pytest.raises(FileTooLarge) as refusal:
        upload(cast.seller, "../big.txt", b"x" * 1_234)
    assert (refusal.value.name, refusal.value.limit, refusal.value.over) == ("big.txt", 1_000, 234)
    assert len(stored() - before) == 1
    assert Attachment.objects.count() == 1


def test_a_message_over_the_limit_is_refused_whole(cast: Cast, settings: object) -> None:
    settings.MESSAGE_LIMIT = 1_000  # type: ignore[attr-defined]
    ticket = cast.ticket()
    files = [upload(cast.seller, data=b"x" * 600).pk for _i in range(2)]
    with pytest.raises(MessageTooLarge) as refusal:
        reply(ticket.pk, Reply(text="See", attachments=files), by=cast.seller)
    assert refusal.value.over == 200
    assert Message.objects.count() == 1
    assert unsent_attachments_of(cast.seller).count() == 2, "they stay for the next try"


def test_a_failing_disk_leaves_nothing_behind(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    before = stored()
    monkeypatch.setattr(
        Attachment.objects, "create", lambda **fields: (_ for _ in ()).throw(OSError("full"))
    )
    with pytest.raises(OSError, match="full"):
        upload(cast.seller)
    assert stored() == before


def test_an_upload_is_its_persons_alone(cast: Cast) -> None:
    ticket = cast.ticket()
    kept = upload(cast.seller)
    for other in (cast.seller_member, cast.supplier, cast.admin):
        assert not unsent_attachments_of(other).exists()
        assert not take_back(other, kept.pk)
        audience = "operator" if other.is_operator else "everyone"
        said = Reply(text="See", attachments=[kept.pk], audience=audience)
        with pytest.raises(AttachmentGone):
            reply(ticket.pk, said, by=other)
    assert unsent_attachments_of(cast.seller).get() == kept


def test_what_is_not_there_is_refused(cast: Cast) -> None:
    ticket = cast.ticket()
    kept = upload(cast.seller)
    with pytest.raises(AttachmentGone):
        reply(ticket.pk, Reply(text="", attachments=[kept.pk, uuid.uuid4()]), by=cast.seller)
    assert unsent_attachments_of(cast.seller).get() == kept


def test_a_file_named_twice_is_sent_once(cast: Cast) -> None:
    ticket = cast.ticket()
    kept = upload(cast.seller)
    message = reply(ticket.pk, Reply(text="", attachments=[kept.pk, kept.pk]), by=cast.seller)
    assert message.attached == 1
    assert {side.attachments for side in TicketSide.objects.all()} == {1}


def test_a_sent_file_is_not_taken_back(
    cast: Cast, django_capture_on_commit_callbacks: object
) -> None:
    ticket = cast.ticket()
    sent, unsent = upload(cast.seller), upload(cast.seller)
    reply(ticket.pk, Reply(text="", attachments=[sent.pk]), by=cast.seller)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert not take_back(cast.seller, sent.pk)
        assert take_back(cast.seller, unsent.pk)
        assert not take_back(cast.seller, unsent.pk)
    assert default_storage.exists(sent.stored_as)
    assert not default_storage.exists(unsent.stored_as)


def test_what_nobody_sends_is_thrown_away_in_time(
    cast: Cast, django_capture_on_commit_callbacks: object
) -> None:
    ticket = cast.ticket()
    with at(now() - timedelta(days=8)):
        old, sent = upload(cast.seller), upload(cast.seller)
    new = upload(cast.seller)
    reply(ticket.pk, Reply(text="", attachments=[sent.pk]), by=cast.seller)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert discard_unsent() == 1
    assert set(Attachment.objects.all()) == {new, sent}
    assert not default_storage.exists(old.stored_as)


# --- what a file is ---

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
ACTIVE = ("html", "svg", "xml", "javascript", "ecmascript", "flash", "mhtml", "multipart")


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (PNG, "a.png", "image/png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "a.png", "image/jpeg"),
        (b"GIF89a\x01\x00\x01\x00", "a.txt", "image/gif"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "a", "image/webp"),
        (b"%PDF-1.7\n%\xe2\xe3", "a.jpg", "application/pdf"),
        ("Просто текст".encode(), "a.html", "text/plain"),
        (b"a;b\n1;2\n", "orders.csv", "text/csv"),
        (b"\x00\x01\x02\x03\xfe\xff", "a.txt", "application/octet-stream"),
        (b"Just text with \x00 in it", "a.txt", "application/octet-stream"),
        ("Текст, cut in a letter".encode()[:3], "a.txt", "application/octet-stream"),
        (SVG, "a.svg", "text/plain"),
        (b'<?xml version="1.0"?>' + SVG, "a.png", "text/plain"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "a.png", "text/plain"),
        (b"<html><body onload=alert(1)>", "a.html", "text/plain"),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', "a.xhtml",
         "text/plain"),
        (b"alert(1)", "a.js", "text/plain"),
    ],
)  # fmt: skip
def test_the_content_tells_the_type(data: bytes, name: str, told: str) -> None:
    assert media_type_of(data, name) == told


@pytest.mark.parametrize(
    "data",
    [
        b"GIF89a/*<svg onload=alert(1)>*/=1;<script>alert(1)</script>",
        b"\xff\xd8\xff\xe0<html><script>alert(1)</script>",
        PNG + b"<script>alert(1)</script>",
        b"%PDF-1.4<html><script>alert(1)</script>",
        b"\xef\xbb\xbf<html><script>alert(1)</script>",
        "<html><script>alert(1)</script>".encode("utf-16"),
        b"\n\n   <svg onload=alert(1)>",
        b"CWS\x0a\x00\x00\x00\x00",
        b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n<html>",
        b"PK\x03\x04<html><script>alert(1)</script>",
        b"BM<html><script>alert(1)</script>",
        b"#!/bin/sh\n<html>",
    ],
)
@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.png", "a.js", "a"])
def test_nothing_that_runs_keeps_a_type_that_runs(data: bytes, name: str) -> None:
    told = media_type_of(data, name)
    assert not any(word in told for word in ACTIVE if word != "xml"), told
    assert told not in {"application/xml", "text/xml"}


@given(st.binary(min_size=1, max_size=64), st.text(max_size=12))
def test_any_bytes_have_a_type(data: bytes, name: str) -> None:
    told = media_type_of(data, name)
    assert "/" in told
    assert len(told) <= 100


# --- what a file is called ---


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("photo.png", "photo.png"),
        ("Фото посылки №5.jpeg", "Фото посылки №5.jpeg"),
        ("写真.png", "写真.png"),
        ("می‌خواهم.pdf", "می‌خواهم.pdf"),
        ("👩‍👩‍👧.png", "👩‍👩‍👧.png"),
        ("e\u0301.png", "\u00e9.png"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\win.ini", "win.ini"),
        ("C:\\fakepath\\a.png", "a.png"),
        ("/", "file"),
        ("", "file"),
        ("..", "file"),
        (".", "file"),
        (".htaccess", "htaccess"),
        ("a.png.", "a.png"),
        ("  a.png  ", "a.png"),
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
        ("a\u2066b\u2069.png", "ab.png"),
        ("a\r\nSet-Cookie: x.png", "aSet-Cookie: x.png"),
        ("a\x00.png", "a.png"),
        ("a\u2028b.png", "ab.png"),
        ("\ud800.png", "png"),
        ('"><script>alert(1)</script>.png', "script>.png"),
        ("no ending", "no ending"),
    ],
)
def test_names_survive_in_any_script(name: str, kept: str) -> None:
    assert clean_name(name) == kept


@given(st.text(max_size=400))
def test_any_name_can_be_kept(name: str) -> None:
    kept = clean_name(name)
    assert 0 < len(kept) <= LONGEST_NAME
    assert not set(kept) & set("/\\\x00\r\n\u202e\u2028")
    assert kept not in {".", ".."}
    assert kept == kept.strip()
    kept.encode()
    assert clean_name(kept) == kept


def test_a_long_name_keeps_its_ending() -> None:
    assert clean_name("я" * 300 + ".jpeg") == "я" * 195 + ".jpeg"
    assert clean_name("a." + "b" * 300) == "a." + "b" * 198


def test_a_file_with_any_name_can_be_kept(cast: Cast) -> None:
    for name in ("\ud800\x00/", "a" * 5_000, "ﷺ" * 200 + ".png"):
        upload(cast.seller, name)


def test_the_stream_is_hashed_as_it_is_stored(cast: Cast) -> None:
    """A big file comes in pieces; each is read for the hash and kept."""
    data = bytes(range(256)) * 40_000
    kept = upload(cast.seller, "big.bin", data)
    with default_storage.open(kept.stored_as) as file:
        assert hashlib.file_digest(io.BytesIO(file.read()), "sha256").hexdigest() == kept.sha256
