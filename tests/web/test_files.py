"""Attachments through the pages: the limits while they arrive, and how they are given out."""

from __future__ import annotations

import io
import tempfile
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, FakePayload, encode_multipart

from cast import Cast
from parley.conversations.attaching import receive
from parley.conversations.models import Attachment, Audience, Message
from parley.conversations.picturing import make_thumbnail
from parley.parties.models import Membership
from parley.tickets.models import Ticket
from parley.tickets.replying import Reply, reply
from web.pages import HTMX, Browser, Page

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f"
    b"\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def upload(who: Membership, name: str, data: bytes, field: str = "file") -> Any:
    return Browser(who).post("/files/", {field: SimpleUploadedFile(name, data)})


def sent(cast: Cast, name: str, data: bytes) -> Attachment:
    """A file that the supplier has sent on a new ticket."""
    file = receive(cast.supplier, name, SimpleUploadedFile(name, data))
    said = Reply(text="Look.", attachments=[file.pk])
    reply(cast.ticket().pk, said, by=cast.supplier)
    return Attachment.objects.get(pk=file.pk)


def given(who: Membership, file: Attachment) -> Any:
    return Browser(who).get(f"/attachments/{file.pk}/")


def body_of(answer: Any) -> bytes:
    """What was sent; read to its end, the answer closes its file."""
    return b"".join(answer)


# --- sending up ----------------------------------------------------------------------------------


def test_an_upload_says_what_was_kept(cast: Cast) -> None:
    answer = upload(cast.seller, "photo.png", PNG)
    file = Attachment.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {"id": str(file.pk), "name": "photo.png", "size": len(PNG)}
    assert file.media_type == "image/png"


def test_a_file_over_the_limit_is_named_with_the_limit_and_by_how_much(
    cast: Cast, settings: Any, folder: Path
) -> None:
    settings.FILE_LIMIT = 100 * 1024
    answer = upload(cast.seller, "Лампа.bin", b"x" * (140 * 1024))
    assert answer.status_code == 413
    error = answer.json()["error"]
    assert "Лампа.bin" in error
    assert "100.0\xa0KB" in error
    assert "40.0\xa0KB over" in error
    assert not Attachment.objects.exists()
    assert list(folder.rglob("*.*")) == []


def test_the_rest_of_what_is_too_big_is_not_even_read(
    cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.FILE_LIMIT, settings.MESSAGE_LIMIT = 1000, 5000
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    file = SimpleUploadedFile("big.bin", b"x" * 3_000_000)
    payload = FakePayload(encode_multipart(BOUNDARY, {"file": file}))
    browser = Browser(cast.seller)
    answer = browser.generic(
        "POST", "/files/", CONTENT_TYPE=MULTIPART_CONTENT,
        **{"wsgi.input": payload, "CONTENT_LENGTH": str(len(payload))},
    )  # fmt: skip
    assert answer.status_code == 413
    assert "2.9\xa0MB over" in answer.json()["error"]
    assert len(payload.read()) > 2_500_000
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("scripts", [True, False])
def test_the_files_of_a_message_are_limited_together(
    cast: Cast, settings: Any, scripts: bool
) -> None:
    settings.FILE_LIMIT, settings.MESSAGE_LIMIT = 60_000, 100_000
    ticket = cast.ticket()
    files = [SimpleUploadedFile(f"{n}.bin", b"x" * 40_000) for n in range(3)]
    typed = {"text": "Look.", "files": files}
    answer = Browser(cast.supplier).post(
        f"/tickets/{ticket.pk}/replies/", typed, **HTMX if scripts else {}
    )
    assert answer.status_code == 422
    assert "over the limit of 97.7\xa0KB a message." in answer.content.decode()
    assert Message.objects.count() == 1
    if not scripts:
        assert Page(answer).form("replies/").fields["text"] == ["Look."]


def test_files_uploaded_one_by_one_are_limited_together_too(cast: Cast, settings: Any) -> None:
    settings.MESSAGE_LIMIT = 100_000
    ticket = cast.ticket()
    keys = [upload(cast.supplier, f"{n}.bin", b"x" * 40_000).json()["id"] for n in range(3)]
    answer = Browser(cast.supplier).post(
        f"/tickets/{ticket.pk}/replies/", {"text": "Look.", "attachment": keys}, **HTMX
    )
    assert answer.status_code == 422
    assert Attachment.objects.filter(message=None).count() == 3, "kept, to send fewer of them"


def test_opening_with_a_file_too_big_keeps_the_form(cast: Cast, settings: Any) -> None:
    settings.FILE_LIMIT = 1000
    typed = {
        "topic": cast.late_parcel.pk,
        "to": cast.northwind.pk,
        "title": "Lamp is cracked",
        "text": "Look.",
        "priority": "question",
        "files": [SimpleUploadedFile("big.bin", b"x" * 5000)],
    }
    answer = Browser(cast.seller).post("/tickets/new/", typed)
    page = Page(answer)
    assert answer.status_code == 422
    assert "“big.bin”" in page.words
    assert page.form("").fields["title"] == ["Lamp is cracked"]
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("path", ["/files/", "/tickets/new/"])
def test_an_upload_cut_half_way_leaves_nothing(cast: Cast, folder: Path, path: str) -> None:
    file = SimpleUploadedFile("photo.png", PNG * 1000)
    whole = encode_multipart(BOUNDARY, {"file": file, "files": file, "title": "x"})
    browser = Browser(cast.seller)
    answer = browser.generic(
        "POST", path, CONTENT_TYPE=MULTIPART_CONTENT,
        **{"wsgi.input": _CutShort(whole[: len(whole) // 2]), "CONTENT_LENGTH": str(len(whole))},
    )  # fmt: skip
    assert answer.status_code == 400
    assert "did not arrive whole" in Page(answer).words
    assert not Attachment.objects.exists()
    assert [path for path in folder.rglob("*") if path.is_file()] == []


class _CutShort(io.BytesIO):
    """What the front gives where the connection is lost: an error, not an end."""

    def read(self, size: int | None = -1) -> bytes:
        if data := super().read(size):
            return data
        raise OSError("the connection is lost")


def test_an_empty_file_and_none_are_said_in_words(cast: Cast) -> None:
    answer = upload(cast.seller, "hollow.txt", b"")
    assert answer.status_code == 422
    assert answer.json()["error"] == "“hollow.txt” is empty."
    assert Browser(cast.seller).post("/files/").status_code == 422


def test_one_takes_back_ones_own_unsent_file_alone(cast: Cast) -> None:
    key = upload(cast.seller, "a.txt", b"bytes").json()["id"]
    assert Browser(cast.supplier).delete(f"/files/{key}/").status_code == 404
    assert Browser(cast.seller_member).delete(f"/files/{key}/").status_code == 404
    assert Browser(cast.seller).delete(f"/files/{key}/").status_code == 204
    assert Browser(cast.seller).delete(f"/files/{key}/").status_code == 404
    file = sent(cast, "b.txt", b"bytes")
    assert Browser(cast.supplier).delete(f"/files/{file.pk}/").status_code == 404, "it was sent"


# --- giving out ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "photo.png",
        "Фото лампы №3.png",
        "写真 (1).png",
        "שלום.png",
        "Łódź “quoted”; x=1.png",
        "100% 'sure' \\ no.png",
        "emoji 👩‍👧.png",
    ],
)
def test_a_name_in_any_script_comes_back_as_it_was(cast: Cast, name: str) -> None:
    file = sent(cast, name, PNG)
    answer = given(cast.seller, file)
    told = answer.headers["Content-Disposition"]
    assert told.isascii()
    assert told.startswith("attachment; filename")
    assert _name_told(told) == file.name
    assert "\\" not in file.name
    assert file.name == name.rpartition("\\")[2].strip()
    assert body_of(answer) == PNG
    shown = Browser(cast.seller).see(f"/tickets/{file.message.conversation.ticket.pk}/")  # type: ignore[union-attr]
    assert file.name in shown.words


def _name_told(disposition: str) -> str:
    """RFC 8187: `filename*=utf-8''…`, or a plain quoted one."""
    _kind, _sep, told = disposition.partition("; ")
    if told.startswith("filename*=utf-8''"):
        return unquote(told.removeprefix("filename*=utf-8''"), errors="strict")
    return told.removeprefix('filename="').removesuffix('"').replace('\\"', '"')


DANGEROUS = {
    "page.html": b"<!doctype html><script>alert(1)</script>",
    "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "photo.png": b"<html><script>alert(1)</script></html>",
    "code.js": b"alert(1)",
    "feed.xml": b"<?xml version='1.0'?><?xml-stylesheet href='#'?><x/>",
    "page.xhtml": b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>',
    "polyglot.gif": b"GIF89a/*" + b"\x00" * 20 + b"*/=1;alert(1)//<script>alert(1)</script>",
    "polyglot.pdf": b"<script>alert(1)</script>%PDF-1.4\n",
    "page.mht": b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>",
}
HARMLESS = {"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"}


@pytest.mark.parametrize("name", DANGEROUS)
def test_nothing_in_a_file_can_act_in_the_sites_name(cast: Cast, name: str) -> None:
    answer = given(cast.seller, sent(cast, name, DANGEROUS[name]))
    assert answer.headers["Content-Type"] in HARMLESS | {"application/octet-stream"}
    if not name.startswith("polyglot"):
        assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert body_of(answer) == DANGEROUS[name], "bytes are bytes"


def test_a_file_is_no_ones_but_the_tickets(cast: Cast) -> None:
    file = sent(cast, "photo.png", PNG)
    make_thumbnail(file.pk)
    for path in (f"/attachments/{file.pk}/", f"/attachments/{file.pk}/small/"):
        for who in (cast.seller, cast.seller_member, cast.supplier, cast.agent):
            answer = Browser(who).get(path)
            assert answer.status_code == 200, who
            body_of(answer)
        for who in (cast.other_seller, cast.other_supplier):
            assert Browser(who).get(path).status_code == 404
        assert Client().get(path).headers["Location"].startswith("/account/sign-in/")
    assert Browser(cast.seller).get(f"/attachments/{uuid.uuid4()}/").status_code == 404


def test_a_file_goes_as_far_as_its_message(cast: Cast) -> None:
    ticket = cast.ticket()
    file = receive(cast.agent, "note.txt", SimpleUploadedFile("note.txt", b"bytes"))
    said = Reply(text="Look.", audience=Audience.OPERATOR, attachments=[file.pk])
    reply(ticket.pk, said, by=cast.agent)
    assert given(cast.seller, file).status_code == given(cast.supplier, file).status_code == 404
    answer = given(cast.lead, file)
    assert answer.status_code == 200
    body_of(answer)


def test_what_was_not_sent_is_not_given_out(cast: Cast) -> None:
    file = receive(cast.seller, "a.txt", SimpleUploadedFile("a.txt", b"bytes"))
    assert given(cast.seller, file).status_code == 404


def test_a_browser_that_has_the_file_is_not_sent_it_again(cast: Cast) -> None:
    file = sent(cast, "photo.png", PNG)
    answer = given(cast.seller, file)
    tag = answer.headers["ETag"]
    body_of(answer)
    assert answer.headers["Cache-Control"] == "private, no-cache"
    again = Browser(cast.seller).get(f"/attachments/{file.pk}/", HTTP_IF_NONE_MATCH=tag)
    assert (again.status_code, again.content) == (304, b"")
    not_theirs = Browser(cast.other_seller).get(f"/attachments/{file.pk}/", HTTP_IF_NONE_MATCH=tag)
    assert not_theirs.status_code == 404


def test_a_picture_is_shown_small_and_redrawn(cast: Cast) -> None:
    file = sent(cast, "photo.png", PNG)
    assert Browser(cast.seller).get(f"/attachments/{file.pk}/small/").status_code == 404
    make_thumbnail(file.pk)
    ticket = file.message.conversation.ticket  # type: ignore[union-attr]
    page = Browser(cast.seller).see(f"/tickets/{ticket.pk}/")
    assert f"/attachments/{file.pk}/small/" in page.having("src")
    answer = Browser(cast.seller).get(f"/attachments/{file.pk}/small/")
    assert answer.headers["Content-Type"] == "image/webp"
    assert body_of(answer).startswith(b"RIFF")
