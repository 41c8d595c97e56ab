"""Files and the virus scanner: its protocol, what waits, what is kept back, and who is told."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from cast import Cast
from conversations.scanners import (
    FOUND,
    LARGEST,
    MARK,
    Told,
    has_clamd,
    nobody_listens,
    real_clamd,
    told_scanner,
)
from parley.catalogue.models import ProductImage
from parley.conversations.attaching import receive
from parley.conversations.clamd import (
    Address,
    NoAddress,
    ScannerDown,
    ScannerRefused,
    address_in,
    signature_in,
    version_of,
)
from parley.conversations.models import Attachment, Audience, Scan
from parley.conversations.scanning import FileInfected, scan, scan_waiting
from parley.journal.models import Entry
from parley.journal.recording import run_later
from parley.notifications.models import Kind, Notice
from parley.parties.models import Membership
from parley.parties.tokens import make_token
from parley.tickets.disputing import step_in
from parley.tickets.evidencing import evidence
from parley.tickets.models import Ticket
from parley.tickets.replying import Reply, reply
from shop import Shop
from web.pages import Browser, Page

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f"
    b"\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)
INFECTED = b"harmless before " + MARK + b" harmless after"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(scope="module")
def clamd() -> Iterator[str]:
    """A real one; only where none can be installed it is done without."""
    if not has_clamd():
        pytest.skip("no clamd on this machine")
    with real_clamd() as address:
        yield address


@pytest.fixture
def told(settings: Any) -> Iterator[Told]:
    """A scanner that answers as it is told, configured."""
    with told_scanner() as server:
        settings.CLAMAV = server.address
        yield server


def upload(who: Membership, data: bytes = b"bytes", name: str = "paper.pdf") -> Attachment:
    return receive(who, name, SimpleUploadedFile(name, data))


def sent(cast: Cast, data: bytes = b"bytes", **said: Any) -> tuple[Ticket, Attachment]:
    """A file that the supplier has sent on a ticket, before anybody has looked at it."""
    ticket, file = cast.ticket(), upload(cast.supplier, data, "photo.png")
    reply(ticket.pk, Reply(text="Look.", attachments=[file.pk], **said), by=cast.supplier)
    return ticket, Attachment.objects.get(pk=file.pk)


def taken(answer: Any) -> bytes:
    return b"".join(answer)


# --- the protocol --------------------------------------------------------------------------------


def test_a_real_clamd_tells_what_is_in_a_file(clamd: str) -> None:
    where = address_in(clamd)
    assert version_of(where).startswith("ClamAV ")
    assert signature_in(io.BytesIO(b"nothing in it"), where) == ""
    assert signature_in(io.BytesIO(INFECTED), where) == FOUND
    assert signature_in(io.BytesIO(b""), where) == ""


def test_a_real_clamd_looks_into_archives(clamd: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("deep/inside.txt", INFECTED)
    packed.seek(0)
    assert signature_in(packed, address_in(clamd)) == FOUND


def test_a_real_clamd_refuses_what_is_over_its_limit(clamd: str) -> None:
    with pytest.raises(ScannerRefused, match="size limit"):
        signature_in(io.BytesIO(b"x" * (LARGEST * 3)), address_in(clamd))


def test_a_file_goes_over_in_pieces_as_it_is() -> None:
    data = bytes(range(256)) * 1_000
    with told_scanner() as server:
        assert signature_in(io.BytesIO(data), address_in(server.address)) == ""
    assert server.commands == [b"zINSTREAM"]
    assert server.files == [data]


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("stream: OK", ""),
        ("stream: Eicar-Signature FOUND", "Eicar-Signature"),
        ("stream: Win.Test.EICAR_HDB-1(44d88612fea8a8f36de82e1278abb02f:68) FOUND",
         "Win.Test.EICAR_HDB-1(44d88612fea8a8f36de82e1278abb02f:68)"),
    ],
)  # fmt: skip
def test_its_answers_are_understood(answer: str, found: str) -> None:
    with told_scanner(answer) as server:
        assert signature_in(io.BytesIO(b"x"), address_in(server.address)) == found


@pytest.mark.parametrize("answer", ["", "OK", "stream: PERHAPS", "UNKNOWN COMMAND", "x" * 5_000])
def test_an_answer_that_is_none_lets_nothing_through(answer: str) -> None:
    with told_scanner(answer) as server, pytest.raises(ScannerDown):
        signature_in(io.BytesIO(b"x"), address_in(server.address))


def test_one_that_stops_listening_is_still_heard() -> None:
    with told_scanner("INSTREAM size limit exceeded. ERROR") as server:
        server.after = 100
        with pytest.raises((ScannerRefused, ScannerDown)):
            signature_in(io.BytesIO(b"x" * 30_000_000), address_in(server.address))


def test_one_that_goes_away_is_away() -> None:
    with told_scanner() as server:
        server.hangs_up = True
        with pytest.raises(ScannerDown):
            signature_in(io.BytesIO(b"x"), address_in(server.address))
    for nowhere in (nobody_listens(), "unix:/nowhere/clamd.ctl"):
        with pytest.raises(ScannerDown):
            signature_in(io.BytesIO(b"x"), address_in(nowhere))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("unix:/run/clamav/clamd.ctl", Address(path="/run/clamav/clamd.ctl")),
        ("127.0.0.1:3310", Address(host="127.0.0.1", port=3310)),
        ("[::1]:3310", Address(host="::1", port=3310)),
        ("scanner.internal:3310", Address(host="scanner.internal", port=3310)),
    ],
)
def test_addresses(text: str, address: Address) -> None:
    assert address_in(text) == address


@given(st.text(max_size=40))
def test_whatever_is_no_address_is_refused(text: str) -> None:
    try:
        address = address_in(text)
    except NoAddress:
        return
    assert address.path.startswith("/") or (address.host and 0 < address.port < 65536)


# --- what waits ----------------------------------------------------------------------------------


def test_without_a_scanner_files_are_given_out(cast: Cast, settings: Any) -> None:
    settings.CLAMAV = ""
    _ticket, file = sent(cast)
    assert file.kept_back == ""
    assert taken(Browser(cast.seller).get(f"/attachments/{file.pk}/")) == b"bytes"


def test_until_it_was_looked_at_nobody_is_given_it(cast: Cast, told: Told) -> None:
    ticket, file = sent(cast)
    for who in (cast.seller, cast.supplier, cast.agent):
        answer = Browser(who).get(f"/attachments/{file.pk}/")
        assert answer.status_code == 409
        assert answer.headers["Retry-After"]
        assert b"bytes" not in answer.content
    shown = Browser(cast.seller).see(f"/tickets/{ticket.pk}/")
    assert "Being checked for viruses" in shown.words
    assert f"/attachments/{file.pk}/" not in shown.links.values()

    assert scan(file.pk)
    assert taken(Browser(cast.seller).get(f"/attachments/{file.pk}/")) == b"bytes"
    assert "Being checked" not in Browser(cast.seller).see(f"/tickets/{ticket.pk}/").words
    assert not scan(file.pk), "once"
    assert Entry.objects.filter(kind="FileReady", subject=f"ticket:{ticket.pk}").count() == 1


def test_while_the_scanner_is_away_files_wait_and_none_is_lost(cast: Cast, settings: Any) -> None:
    settings.CLAMAV = nobody_listens()
    files = [sent(cast)[1] for _ in range(3)]
    with pytest.raises(ScannerDown):
        scan(files[0].pk)
    assert scan_waiting() == 0
    assert Browser(cast.seller).get(f"/attachments/{files[0].pk}/").status_code == 409
    with told_scanner() as server:
        settings.CLAMAV = server.address
        assert scan_waiting() == 3
        assert scan_waiting() == 0
    assert taken(Browser(cast.seller).get(f"/attachments/{files[0].pk}/")) == b"bytes"


def test_old_files_are_looked_at_once_there_is_a_scanner(cast: Cast, settings: Any) -> None:
    settings.CLAMAV = ""
    _ticket, file = sent(cast)
    with told_scanner("stream: Old.Virus FOUND") as server:
        settings.CLAMAV = server.address
        assert Browser(cast.seller).get(f"/attachments/{file.pk}/").status_code == 409
        assert scan_waiting() == 1
    settings.CLAMAV = ""
    assert Browser(cast.seller).get(f"/attachments/{file.pk}/").status_code == 403, "it stays found"


def test_no_thumbnail_is_drawn_of_what_was_not_looked_at(cast: Cast, told: Told) -> None:
    from parley.conversations.picturing import make_thumbnail

    _ticket, file = sent(cast, PNG)
    assert not make_thumbnail(file.pk)
    assert scan(file.pk)
    assert make_thumbnail(file.pk)
    Attachment.objects.filter(pk=file.pk).update(scan=Scan.INFECTED)
    assert Browser(cast.seller).get(f"/attachments/{file.pk}/small/").status_code == 404


def test_what_the_scanner_refused_is_kept_back_and_tried_again(
    cast: Cast, told: Told, settings: Any
) -> None:
    told.answer = "INSTREAM size limit exceeded. ERROR"
    ticket, file = sent(cast)
    assert scan_waiting() == 1
    assert scan_waiting() == 0, "not at once"
    assert Browser(cast.seller).get(f"/attachments/{file.pk}/").status_code == 403
    assert "it could not be checked" in Browser(cast.seller).see(f"/tickets/{ticket.pk}/").words
    told.answer = "stream: OK"
    assert scan(file.pk)
    assert Attachment.objects.get().kept_back == ""


# --- what is kept back ---------------------------------------------------------------------------


def test_a_virus_is_kept_from_everyone_and_both_sides_are_told(
    cast: Cast, clamd: str, settings: Any
) -> None:
    settings.CLAMAV = clamd
    ticket, file = sent(cast, INFECTED)
    assert scan(file.pk)
    entry = Entry.objects.get(kind="FileKeptBack")
    run_later(entry.pk)
    told = Notice.objects.filter(kind=Kind.FILE_KEPT_BACK)
    parties = set(told.values_list("party__name", flat=True))
    assert {"Bright Home", "Northwind Supply"} <= parties

    for who in (cast.seller, cast.supplier, cast.agent):
        answer = Browser(who).get(f"/attachments/{file.pk}/")
        assert answer.status_code == 403
        assert MARK not in answer.content
        assert FOUND in Page(answer).words
    page = Browser(cast.seller).see(f"/tickets/{ticket.pk}/")
    assert f"Kept from everyone: virus {FOUND}" in page.words
    assert "there is a virus in it" in Browser(cast.seller).see("/notices/").words


def test_nobody_hears_of_a_file_they_may_not_see(cast: Cast, told: Told) -> None:
    ticket, file = cast.ticket(), upload(cast.agent)
    said = Reply(text="Look.", audience=Audience.OPERATOR, attachments=[file.pk])
    reply(ticket.pk, said, by=cast.agent)
    told.answer = "stream: A.Virus FOUND"
    scan(file.pk)
    entry = Entry.objects.get(kind="FileKeptBack")
    assert entry.data["seen"] == [cast.operator.pk]
    run_later(entry.pk)
    assert not Notice.objects.filter(kind=Kind.FILE_KEPT_BACK).exclude(party=cast.operator).exists()
    assert "A.Virus" not in Browser(cast.seller).see(f"/tickets/{ticket.pk}/").words


def test_what_is_found_before_it_is_sent_is_not_sent(cast: Cast, told: Told) -> None:
    ticket, file = cast.ticket(), upload(cast.supplier, name="photo.png")
    told.answer = "stream: A.Virus FOUND"
    scan(file.pk)
    with pytest.raises(FileInfected):
        reply(ticket.pk, Reply(text="Look.", attachments=[file.pk]), by=cast.supplier)
    answer = Browser(cast.supplier).post(
        f"/tickets/{ticket.pk}/replies/", {"text": "Look.", "attachment": [str(file.pk)]}
    )
    assert answer.status_code == 422
    page = Page(answer)
    assert "“photo.png” was not taken: there is a virus in it (A.Virus)." in page.words
    assert page.form("replies/").fields["text"] == ["Look."], "what was typed is kept"
    assert not Entry.objects.filter(kind="FileKeptBack").exists(), "nobody else has it"


def test_the_evidence_file_is_without_it(cast: Cast, told: Told) -> None:
    told.answer = "stream: A.Virus FOUND"
    ticket, file = sent(cast, INFECTED)
    scan(file.pk)
    step_in(ticket.pk, "Let us look.", by=cast.agent)
    with evidence(ticket.pk, by=cast.seller) as archive, zipfile.ZipFile(archive) as zipped:
        assert not any(name.startswith("attachments/") for name in zipped.namelist())
        messages = json.loads(zipped.read("messages.json"))
    files = [one for message in messages for one in message["attachments"]]
    assert [one["kept_back"] for one in files] == ["infected"]


def test_programs_and_the_messenger_are_not_given_it_either(cast: Cast, told: Told) -> None:
    ticket, file = sent(cast)
    _kept, token = make_token(cast.seller, "a program")
    browser = Browser(cast.seller)
    path = f"/api/v1/tickets/{ticket.pk}/attachments/{file.pk}"
    program = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    waiting = browser.get(path, **program)
    assert (waiting.status_code, waiting.json()["type"]) == (
        409, "urn:parley:problem:file-being-checked",
    )  # fmt: skip
    told.answer = "stream: A.Virus FOUND"
    scan(file.pk)
    refused = browser.get(path, **program)
    assert (refused.status_code, refused.json()["detail"]) == (403, "A.Virus")
    listed = browser.get(f"/api/v1/tickets/{ticket.pk}/messages", **program).json()
    kept = [one for message in listed["data"] for one in message["attachments"]]
    assert [(one["url"], one["kept_back"]) for one in kept] == [(None, "infected")]
    assert browser.get(f"/messenger/files/{file.pk}/").status_code in (403, 404)


# --- what is kept in one go ----------------------------------------------------------------------


def test_a_picture_of_a_product_is_looked_at_before_it_is_kept(
    shop: Shop, cast: Cast, told: Told, settings: Any
) -> None:
    def add() -> str:
        picture = SimpleUploadedFile("kettle.png", PNG)
        path = f"/products/{shop.kettle.pk}/images/"
        return Page(Browser(cast.supplier).post(path, {"files": [picture]}, follow=True)).words

    told.answer = "stream: A.Virus FOUND"
    assert "there is a virus in it (A.Virus)" in add()
    settings.CLAMAV = nobody_listens()
    assert "it can't be checked for viruses just now" in add()
    assert not ProductImage.objects.exists()
    settings.CLAMAV = told.address
    told.answer = "stream: OK"
    add()
    assert ProductImage.objects.count() == 1


def test_an_unknown_file_is_nothing_to_do(cast: Cast, told: Told) -> None:
    assert not scan(uuid.uuid4())
