"""The front on the real server: bodies, files, numbers, health, and how much it keeps in memory."""

from __future__ import annotations

import gzip
import json
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.middleware.csrf import _get_new_csrf_string

from cast import Cast
from parley.conversations.models import Attachment
from parley.parties.models import Membership
from web.running import Site, running, signed_in, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = _get_new_csrf_string()
MEGABYTE = 1024 * 1024
PAGE = "/account/sign-in/"


@pytest.fixture(scope="module")
def site(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site")) as site:
        yield site


def form(data: bytes, name: str = "photo.txt") -> tuple[bytes, dict[str, str]]:
    """A form with one file, and its headers."""
    body = (
        b'--part\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n'
        + SECRET.encode()
        + b'\r\n--part\r\nContent-Disposition: form-data; name="file"; filename="'
        + name.encode()
        + b'"\r\nContent-Type: text/plain\r\n\r\n'
        + data
        + b"\r\n--part--\r\n"
    )
    return body, {"Content_Type": "multipart/form-data; boundary=part"}


def cookie_of(who: Membership) -> str:
    return f"{signed_in(who)}; parley_csrf={SECRET}"


def begin(site: Site, cookie: str, length: int, start: bytes) -> socket.socket:
    """Send the head of an upload and the start of its body."""
    sending = site.connect()
    sending.sendall(
        b"POST /files/ HTTP/1.1\r\nHost: localhost\r\nCookie: " + cookie.encode() + b"\r\n"
        b"Content-Type: multipart/form-data; boundary=part\r\nContent-Length: "
        + str(length).encode()
        + b"\r\n\r\n"
        + start
    )
    return sending


def left_behind(site: Site) -> list[Path]:
    """Files that are there and should not be: in the folder for temporary ones and for uploads."""
    kept = [*site.temporary.rglob("*"), *(site.data / "files").rglob("*")]
    return [path for path in kept if path.is_file()]


def open_bodies(site: Site) -> int:
    """Files without a name that the web processes hold open: bodies taken in."""
    links = [
        link.readlink()
        for process in site.processes()
        for link in Path(f"/proc/{process.pid}/fd").iterdir()
        if link.is_symlink()
    ]
    return sum(str(link).startswith(str(site.temporary)) for link in links)


def test_an_upload_arrives_whole(site: Site, cast: Cast) -> None:
    data = b"0123456789" * 300_000
    body, headers = form(data, "Фото.txt")
    response, answer = site.get(
        "/files/", cookie=cookie_of(cast.seller), method="POST", body=body, **headers
    )
    assert response.status == 201, answer
    kept = Attachment.objects.get(pk=json.loads(answer)["id"])
    assert (kept.name, kept.size) == ("Фото.txt", len(data))
    assert open_bodies(site) == 0
    (site.data / "files" / kept.stored_as).unlink()


@pytest.mark.parametrize("megabytes", [1, 9, 30], ids=["small", "file-sized", "large"])
def test_an_upload_cut_half_way_leaves_nothing(site: Site, cast: Cast, megabytes: int) -> None:
    body, _headers = form(b"x" * megabytes * MEGABYTE)
    sending = begin(site, cookie_of(cast.seller), len(body), body[: len(body) // 2])
    time.sleep(0.5)
    sending.close()
    time.sleep(0.5)
    wait_until(lambda: open_bodies(site) == 0)
    assert left_behind(site) == []
    assert not Attachment.objects.exists()
    assert "Traceback" not in (site.data / "web.log").read_text()


def test_a_sender_who_only_stops_sending_is_told(site: Site, cast: Cast) -> None:
    body, _headers = form(b"x" * 1000)
    with begin(site, cookie_of(cast.seller), len(body), body[:-500]) as sending:
        sending.shutdown(socket.SHUT_WR)
        assert sending.recv(1000).startswith(b"HTTP/1.1 400")
    assert not Attachment.objects.exists()


def test_a_file_over_the_limit_is_refused_while_it_arrives(site: Site, cast: Cast) -> None:
    process = site.processes()[0]
    body, headers = form(b"x" * 30 * MEGABYTE, "film.txt")
    before = process.memory_info().rss
    response, answer = site.get(
        "/files/", cookie=cookie_of(cast.seller), method="POST", body=body, **headers
    )
    assert response.status == 413
    assert "film.txt" in json.loads(answer)["error"]
    assert process.memory_info().rss - before < 15 * MEGABYTE
    assert left_behind(site) == []
    assert not Attachment.objects.exists()


def test_a_body_of_no_told_length_has_a_limit_too(site: Site) -> None:
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    head = b"POST /files/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    with site.connect() as sending:
        try:
            sending.sendall(head + chunk * 300)
            answer = sending.recv(100)
        except (BrokenPipeError, ConnectionResetError):
            answer = b""
    assert answer == b"" or answer.split()[1] in (b"400", b"413")
    assert left_behind(site) == []


def test_slow_senders_keep_nobody_waiting(site: Site, cast: Cast) -> None:
    cookie = cookie_of(cast.seller)
    small, _ = form(b"x" * MEGABYTE)
    large, _ = form(b"x" * 30 * MEGABYTE)
    slow = [begin(site, cookie, len(body), body[:5000]) for body in [small] * 30 + [large] * 30]
    time.sleep(0.5)
    # They never end: an answer shows that nobody waits for them.
    assert site.get(PAGE, Host="localhost")[0].status == 200
    for sending in slow:
        sending.close()


def test_slow_readers_keep_nobody_waiting(site: Site, cast: Cast) -> None:
    slow = []
    for _ in range(30):
        reading = site.connect()
        reading.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        reading.sendall(b"GET /account/sign-in/ HTTP/1.1\r\nHost: localhost\r\n\r\n" * 20)
        slow.append(reading)
    time.sleep(0.5)
    assert site.get(PAGE, Host="localhost")[0].status == 200
    for reading in slow:
        reading.close()


def test_a_request_has_a_number(site: Site) -> None:
    response, _ = site.get(PAGE, X_Request_ID="proxy-4711")
    assert response.headers["x-request-id"] == "proxy-4711"
    response, _ = site.get(PAGE, X_Request_ID="a b\tforged line")
    assert re.fullmatch("[0-9a-f]{12}", response.headers["x-request-id"])
    numbers = {site.get("/healthz")[0].headers["x-request-id"] for _ in range(3)}
    assert numbers == {None}  # there is nothing to tell apart


def test_health_is_told_to_anybody_and_pages_to_known_hosts_only(site: Site) -> None:
    for path, words in (("/healthz", b"ok\n"), ("/readyz", b"ready\n")):
        response, body = site.get(path, Host="10.0.0.7:8000")
        assert (response.status, body) == (200, words)
        assert response.headers["cache-control"] == "no-store"
    assert site.get(PAGE, Host="elsewhere.example")[0].status == 400


def test_pages_are_compressed_for_those_who_ask(site: Site) -> None:
    plain, page = site.get(PAGE)
    assert "content-encoding" not in plain.headers
    packed = [site.get(PAGE, Accept_Encoding="gzip, br") for _ in range(8)]
    for response, body in packed:
        assert response.headers["content-encoding"] == "gzip"
        assert "Accept-Encoding" in response.headers["vary"]
        assert int(response.headers["content-length"]) == len(body) < len(page)
        assert gzip.decompress(body).startswith(page[:500])
    assert len({len(body) for _, body in packed}) > 2
    refused, _ = site.get(PAGE, Accept_Encoding="gzip;q=0")
    assert "content-encoding" not in refused.headers


def test_static_files_stay_with_the_browser(site: Site) -> None:
    page = site.get(PAGE)[1].decode()
    static = re.findall(r'"(/static/[0-9a-f]+/)', page)[0]
    ours, script = site.get(f"{static}js/live.js")
    assert ours.status == 200
    assert "immutable" in ours.headers["cache-control"]
    assert ours.headers["content-type"].startswith("text/javascript")
    assert ours.headers["x-content-type-options"] == "nosniff"
    packed, body = site.get(f"{static}js/live.js", Accept_Encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(body) == script
    library, _ = site.get(f"{static}django_htmx/htmx-2.min.js")
    assert library.status == 200
    assert "immutable" not in library.headers["cache-control"]
    again, _ = site.get(f"{static}django_htmx/htmx-2.min.js", If_None_Match=library.headers["etag"])
    assert again.status == 304
    assert site.get(f"{static}../settings.py")[0].status == 404
    part, two = site.get(f"{static}js/live.js", Range="bytes=0-1")
    assert (part.status, two) == (206, script[:2])


def test_a_header_with_an_underscore_is_nobodys_word(site: Site) -> None:
    with site.connect() as sending:
        sending.sendall(
            b"GET /account/sign-in/ HTTP/1.1\r\nHost: localhost\r\nX_Request_ID: forged\r\n"
            b"Connection: close\r\n\r\n"
        )
        assert b"forged" not in sending.recv(5000)


def test_a_server_without_its_database_lives_but_is_not_ready(
    transactional_db: None, tmp_path: Path
) -> None:
    from parley.site import health

    looked = health.Ready()
    broken = {**settings.DATABASES["default"], "HOST": str(tmp_path), "PORT": "1"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(settings.DATABASES, "default", broken)
        assert looked._look() == "The database does not answer."
    assert looked._look() == ""
