"""Files through the API: up, with a message, and down again through the ticket's door alone."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from cast import Cast
from parley.conversations.models import Attachment
from web.api.calling import Caller, pointers

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00"


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_a_file_goes_with_a_message(cast: Cast, seller: Caller, supplier: Caller) -> None:
    up = seller.upload("Фото «двери».png", PNG)
    assert up.status_code == 201
    kept = up.json()
    assert (kept["name"], kept["size"], kept["media_type"]) == (
        "Фото «двери».png", len(PNG), "image/png"
    )  # fmt: skip
    assert kept["url"] is None
    ticket = cast.ticket()
    said = seller.post(f"/tickets/{ticket.pk}/replies", {"attachments": [kept["id"]]})
    (sent,) = said.json()["attachments"]
    path = f"/tickets/{ticket.pk}/attachments/{kept['id']}"
    assert sent["url"].endswith(path)
    down = supplier.get(path)
    assert body_of(down) == PNG
    assert down.headers["Content-Type"] == "image/png"
    assert down.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''%D0%A4")
    assert down.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in down.headers["Content-Security-Policy"]
    assert "no-store" not in down.headers["Cache-Control"]
    known = supplier.get(path, **{"If-None-Match": down.headers["ETag"]})
    assert known.status_code == 304


def test_files_are_reached_only_through_their_ticket_and_message(
    cast: Cast, seller: Caller, other: Caller, agent: Caller
) -> None:
    key = agent.upload("note.txt", b"internal").json()["id"]
    ticket, another = cast.ticket(), cast.ticket()
    note = {"text": "see file", "audience": "operator", "attachments": [key]}
    assert agent.post(f"/tickets/{ticket.pk}/replies", note).status_code == 201
    path = f"/tickets/{ticket.pk}/attachments/{key}"
    assert body_of(agent.get(path)) == b"internal"
    for who in (seller, other):
        assert who.get(path).status_code == 404
    assert agent.get(f"/tickets/{another.pk}/attachments/{key}").status_code == 404
    for junk in ("x", str(uuid.uuid4())):
        assert agent.get(f"/tickets/{ticket.pk}/attachments/{junk}").status_code == 404


def test_html_comes_down_as_bytes_without_a_meaning(cast: Cast, seller: Caller) -> None:
    key = seller.upload("page.html", b"<script>alert(1)</script>").json()["id"]
    ticket = cast.ticket()
    seller.post(f"/tickets/{ticket.pk}/replies", {"attachments": [key]})
    down = seller.get(f"/tickets/{ticket.pk}/attachments/{key}")
    assert down.headers["Content-Type"] in {"application/octet-stream", "text/plain"}
    assert down.headers["Content-Disposition"].startswith("attachment")
    assert body_of(down)


def test_an_upload_is_its_persons_until_it_is_sent(
    cast: Cast, seller: Caller, supplier: Caller
) -> None:
    key = seller.upload("a.txt", b"mine").json()["id"]
    ticket = cast.ticket()
    stolen = supplier.post(f"/tickets/{ticket.pk}/replies", {"text": "x", "attachments": [key]})
    assert (stolen.status_code, pointers(stolen)) == (422, {"#/attachments"})
    assert supplier.delete(f"/attachments/{key}").status_code == 404
    assert seller.delete(f"/attachments/{key}").status_code == 204
    assert seller.delete(f"/attachments/{key}").status_code == 404
    assert not Attachment.objects.exists()


def test_limits_are_kept(cast: Cast, seller: Caller, settings: Any) -> None:
    settings.FILE_LIMIT, settings.MESSAGE_LIMIT = 1000, 1500
    before = _stored()
    over = seller.upload("big.bin", b"x" * 200_000)
    assert over.status_code == 413
    assert "big.bin" in over.json()["detail"]
    assert _stored() == before
    keys = [seller.upload(f"{n}.bin", b"x" * 900).json()["id"] for n in range(2)]
    ticket = cast.ticket()
    both = seller.post(f"/tickets/{ticket.pk}/replies", {"attachments": keys})
    assert both.status_code == 413
    one = seller.post(f"/tickets/{ticket.pk}/replies", {"attachments": keys[:1]})
    assert one.status_code == 201


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b"--x\r\n", "multipart/form-data; boundary=x", 422),
        (b"junk", "multipart/form-data", 400),
        (b"junk", "multipart/form-data; boundary=" + "y" * 300, 400),
        (b"{}", "application/json", 415),
        (b"hello", "image/png", 415),
    ],
)
def test_what_is_no_upload_is_refused(
    seller: Caller, content: bytes, content_type: str, status: int
) -> None:
    assert seller.send("/attachments", content, content_type).status_code == status


def test_an_empty_file_is_refused(seller: Caller) -> None:
    assert pointers(seller.upload("empty.txt", b"")) == {"#/file"}


def _stored() -> int:
    return sum(1 for path in Path(default_storage.location).rglob("*") if path.is_file())
