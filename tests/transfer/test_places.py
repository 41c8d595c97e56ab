"""Bringing files to real servers of every kind: they are there whole or not at all."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from parley.transfer import places
from parley.transfer.kinds import Kind, Place
from parley.transfer.places import fetch, listing, put_whole, was_renamed
from parley.transfer.troubles import PlaceTrouble, Step, Trouble
from servers import SHORT, Server, ftp_server
from transfer.conftest import KINDS, ON_THE_NET, RENAMING

CONTENT = b"order_number,sku\r\n" + b"1001,KET-100\r\n" * 120_000
"""Some 1.7 MB, so that it goes in several pieces."""
TLS = (Kind.FTPS_EXPLICIT, Kind.FTPS_IMPLICIT)


@pytest.fixture
def place(server: Server) -> Place:
    """The server's place; its certificate, where it has one, is accepted as it is shown."""
    if server.place.kind not in TLS:
        return server.place
    shown = next(step for step in places.test(server.place) if step.ok is False)
    return replace(server.place, certificate=shown.fingerprint)


def trouble_of(place: Place, content: bytes = CONTENT, **more: Any) -> PlaceTrouble:
    with pytest.raises(PlaceTrouble) as caught:
        put_whole(place, "orders.csv", io.BytesIO(content), **more)
    return caught.value


@pytest.mark.parametrize("server", KINDS, indirect=True)
def test_a_file_arrives_whole_and_under_its_name(server: Server, place: Place) -> None:
    put_whole(place, "orders.csv", io.BytesIO(CONTENT))
    assert server.content() == {"orders.csv": CONTENT}


@pytest.mark.parametrize("server", KINDS, indirect=True)
def test_a_repeat_replaces_the_same_file(server: Server, place: Place, tmp_path: Path) -> None:
    put_whole(place, "orders.csv", io.BytesIO(b"first"))
    again = tmp_path / "again.csv"
    again.write_bytes(CONTENT)
    put_whole(place, "orders.csv", again)
    assert server.content() == {"orders.csv": CONTENT}


@pytest.mark.parametrize("server", KINDS, indirect=True)
def test_an_empty_file_is_a_file(server: Server, place: Place) -> None:
    put_whole(place, "orders.csv", io.BytesIO(b""))
    assert server.content() == {"orders.csv": b""}


@pytest.mark.parametrize("server", KINDS, indirect=True)
def test_what_is_there_is_listed_and_fetched(server: Server, place: Place) -> None:
    put_whole(place, "stock.csv", io.BytesIO(CONTENT))
    put_whole(place, "prices.csv", io.BytesIO(b"a"))
    put_whole(place, "x.csv.1.part", io.BytesIO(b"half"))
    found = listing(place)
    assert [(one.name, one.size) for one in found] == [("prices.csv", 1), ("stock.csv", 1_680_018)]
    assert all(one.changed_at for one in found)
    into = io.BytesIO()
    assert fetch(place, "stock.csv", into) == len(CONTENT)
    assert into.getvalue() == CONTENT
    with pytest.raises(PlaceTrouble) as missing:
        fetch(place, "nothing.csv", io.BytesIO())
    assert missing.value.trouble == Trouble.FILE_MISSING
    with pytest.raises(PlaceTrouble) as large:
        fetch(place, "stock.csv", io.BytesIO(), limit=1000)
    assert large.value.trouble == Trouble.FILE_TOO_LARGE


@pytest.mark.parametrize("server", RENAMING, indirect=True)
def test_what_a_killed_try_left_is_cleaned_away(server: Server, place: Place) -> None:
    class Killed(BaseException):
        pass

    class Dying(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > 500_000:
                raise Killed
            return super().read(size)

    with pytest.raises(Killed):
        put_whole(place, "orders.csv", Dying(CONTENT), attempt="1")
    assert "orders.csv" not in server.content()
    (server.root / "orders.csv.old.part").write_bytes(b"from long ago")
    (server.root / "orders.csv.bak").write_bytes(b"somebody's own")
    put_whole(place, "orders.csv", io.BytesIO(CONTENT), attempt="2")
    assert server.content() == {"orders.csv": CONTENT, "orders.csv.bak": b"somebody's own"}


def test_pieces_of_a_killed_upload_never_make_an_object(tmp_path: Path, monkeypatch: Any) -> None:
    from parley.transfer import s3
    from servers import BUCKET, s3_server

    monkeypatch.setattr(s3, "PIECE", 5 * 1024 * 1024)
    content = b"0123456789abcdef" * (768 * 1024)  # 12 MB: three pieces

    class Killed(BaseException):
        pass

    class Dying(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > 6_000_000:
                raise Killed
            return super().read(size)

    with s3_server(tmp_path) as bucket:
        with pytest.raises(Killed):
            put_whole(bucket.place, "orders.csv", Dying(content))
        assert bucket.content() == {}
        client = bucket.client()
        client.create_multipart_upload(Bucket=BUCKET, Key="orders.csv")
        put_whole(bucket.place, "orders.csv", io.BytesIO(content))
        assert bucket.content() == {"orders.csv": content}
        assert not client.list_multipart_uploads(Bucket=BUCKET).get("Uploads")
        client.close()


@pytest.mark.parametrize("server", ON_THE_NET, indirect=True)
@pytest.mark.parametrize("after", [0, 400_000])
def test_a_full_disk_leaves_no_file(server: Server, place: Place, after: int) -> None:
    server.wrong.full_after = after
    trouble = trouble_of(place)
    assert trouble.step == Step.SPACE
    assert trouble.trouble in (Trouble.NO_SPACE, Trouble.WRITE_FAILED)
    assert "orders.csv" not in server.content()


@pytest.mark.parametrize("server", ON_THE_NET, indirect=True)
def test_a_server_that_breaks_off_has_no_file(server: Server, place: Place) -> None:
    server.wrong.dies_after = 300_000
    assert trouble_of(place).step in (Step.PERMISSION, Step.SPACE)
    assert "orders.csv" not in server.content()
    server.wrong.dies_after = None
    put_whole(place, "orders.csv", io.BytesIO(CONTENT))
    assert server.content() == {"orders.csv": CONTENT}


@pytest.mark.parametrize("server", ON_THE_NET, indirect=True)
def test_a_server_that_lies_about_the_size_gets_no_file(server: Server, place: Place) -> None:
    server.wrong.says_size = 17
    trouble = trouble_of(place)
    assert (trouble.step, trouble.trouble) == (Step.SIZE, Trouble.SIZE_DIFFERS)
    assert server.content() == {}


@pytest.mark.parametrize("server", ON_THE_NET, indirect=True)
def test_a_server_that_stalls_is_left(server: Server, place: Place) -> None:
    server.wrong.stalls_after = 300_000
    trouble = trouble_of(replace(place, timeout=SHORT), CONTENT * 12)
    assert trouble.trouble == Trouble.STALLED
    assert "orders.csv" not in server.content()


@pytest.mark.parametrize("server", ON_THE_NET, indirect=True)
def test_a_file_that_can_not_be_renamed_is_not_there(server: Server, place: Place) -> None:
    server.wrong.renames = False
    assert trouble_of(place).trouble == Trouble.RENAME_REFUSED
    assert "orders.csv" not in server.content()


@pytest.mark.parametrize("server", ["ftp"], indirect=True)
def test_a_server_whose_rename_replaces_nothing(server: Server, place: Place) -> None:
    server.wrong.replaces = False
    put_whole(place, "orders.csv", io.BytesIO(b"first"))
    put_whole(place, "orders.csv", io.BytesIO(CONTENT))
    assert server.content() == {"orders.csv": CONTENT}


@pytest.mark.parametrize("server", ["ftp"], indirect=True)
def test_a_server_that_knows_no_sizes_reads_the_file_back(server: Server, place: Place) -> None:
    server.wrong.knows_size = False
    put_whole(place, "orders.csv", io.BytesIO(CONTENT))
    assert server.content() == {"orders.csv": CONTENT}


@pytest.mark.parametrize("server", ["ftp"], indirect=True)
def test_active_mode(server: Server, place: Place) -> None:
    put_whole(replace(place, passive=False), "orders.csv", io.BytesIO(CONTENT))
    assert server.content() == {"orders.csv": CONTENT}


@pytest.mark.parametrize("server", RENAMING, indirect=True)
def test_one_can_tell_later_whether_a_try_that_was_cut_off_made_it(
    server: Server, place: Place
) -> None:
    """Even when the receiver has taken the file away by then."""

    class CutOff(Exception):
        pass

    noted: list[str] = []

    def before(part: str) -> None:
        noted.append(part)
        raise CutOff

    with pytest.raises(CutOff):
        put_whole(place, "orders.csv", io.BytesIO(CONTENT), about_to_rename=before)
    assert not was_renamed(place, noted[0])
    (server.root / noted[0]).rename(server.root / "orders.csv")
    (server.root / "orders.csv").unlink()
    assert was_renamed(place, noted[0])


@pytest.mark.parametrize("server", ["ftp", "sftp"], indirect=True)
def test_the_answer_to_the_rename_is_lost(server: Server, place: Place) -> None:
    server.wrong.loses_answer_to_rename = True
    noted: list[str] = []
    assert trouble_of(place, about_to_rename=noted.append).step == Step.RENAME
    assert server.content() == {"orders.csv": CONTENT}
    assert was_renamed(place, noted[0])


@pytest.mark.parametrize("server", KINDS, indirect=True)
@pytest.mark.parametrize("folder", ["in/orders", "/in/orders", "in/orders/"])
def test_a_folder_within(server: Server, place: Place, folder: str) -> None:
    (server.root / "in" / "orders").mkdir(parents=True)
    put_whole(replace(place, folder=folder), "orders.csv", io.BytesIO(b"x"))
    assert server.content() == {"in/orders/orders.csv": b"x"}


@pytest.mark.parametrize(
    "folder", ["..", "../other", "a/../../other", "/../../etc", "link/x", "a\0b"]
)
def test_no_folder_leads_out_of_ones_own(tmp_path: Path, settings: Any, folder: str) -> None:
    settings.EXPORT_FOLDER = tmp_path
    (tmp_path / "mine").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "mine" / "link").symlink_to(tmp_path / "other")
    place = Place(kind=Kind.FOLDER, home="mine", folder=folder)
    assert trouble_of(place).trouble == Trouble.FOLDER_OUTSIDE
    for name in ("../x.csv", "..", "", "a/b"):
        with pytest.raises(PlaceTrouble):
            put_whole(replace(place, folder=""), name, io.BytesIO(b"x"), attempt="")
    assert list((tmp_path / "other").iterdir()) == []


def test_links_are_not_followed_when_fetching(tmp_path: Path, settings: Any) -> None:
    settings.EXPORT_FOLDER = tmp_path
    (tmp_path / "mine").mkdir()
    (tmp_path / "secret").write_text("x")
    (tmp_path / "mine" / "stock.csv").symlink_to(tmp_path / "secret")
    place = Place(kind=Kind.FOLDER, home="mine")
    assert listing(place) == []
    with pytest.raises(PlaceTrouble):
        fetch(place, "stock.csv", io.BytesIO())


def test_without_a_folder_of_the_operators_there_is_none(settings: Any) -> None:
    settings.EXPORT_FOLDER = None
    assert trouble_of(Place(kind=Kind.FOLDER)).trouble == Trouble.NO_FOLDERS_HERE


def test_line_breaks_in_names_are_never_sent_as_commands(tmp_path: Path) -> None:
    with ftp_server(tmp_path) as server:
        for bad in (
            replace(server.place, folder="a\r\nDELE x"),
            replace(server.place, user="a\r\nQUIT"),
        ):
            with pytest.raises(PlaceTrouble):
                put_whole(bad, "orders.csv", io.BytesIO(b"x"))
        with pytest.raises(PlaceTrouble):
            put_whole(server.place, "a\r\nDELE x", io.BytesIO(b"x"))


def test_secrets_are_not_shown_with_a_place() -> None:
    shown = repr(Place(kind=Kind.SFTP, secret="hush", private_key="quiet"))
    assert "hush" not in shown
    assert "quiet" not in shown
