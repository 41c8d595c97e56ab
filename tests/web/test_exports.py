"""Settings → Exports, as the guide for suppliers walks through it, with a real server at its end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cast import Cast
from parley.exports import running
from parley.exports.models import Export, Run, State
from parley.journal.models import Entry
from parley.orders.models import Consignment
from parley.transfer.kinds import Kind
from servers import PASSWORD, USER, Server, certificate, ftp_server, sftp_server
from shop import Shop
from web.exported import export as an_export
from web.exported import run as a_run
from web.pages import HTMX, Browser, Page, words_of

NEW = "/settings/exports/new/"


@pytest.fixture
def local(settings: Any, tmp_path: Path) -> Path:
    settings.ALLOW_LOCAL_HOSTS = True
    settings.MEDIA_ROOT = tmp_path / "files"
    root = tmp_path / "root"
    root.mkdir()
    return root


@pytest.fixture
def ftp(local: Path) -> Iterator[Server]:
    with ftp_server(local) as server:
        yield server


@pytest.fixture
def sftp(local: Path) -> Iterator[Server]:
    with sftp_server(local) as server:
        yield server


def details(server: Server, **more: Any) -> dict[str, Any]:
    place = server.place
    return {
        "name": "Orders to the warehouse", "kind": str(place.kind), "host": place.host,
        "port": str(place.port), "user": USER, "secret": PASSWORD, **more,
    }  # fmt: skip


def test_the_way_through_it_step_by_step(cast: Cast, shop: Shop, ftp: Server) -> None:
    order = shop.passed(shop.kettle)
    browser = Browser(cast.supplier)
    settings_page = browser.see("/settings/")
    exports = browser.see(settings_page.links["Exports"])
    assert "Orders export" in exports.words
    form = browser.see(f"{NEW}?details=orders")
    fields = form.form("/new/").fields
    assert fields["file_name"] == ["orders-{date}-{time}-{run}.csv"]
    assert fields["which"] == ["not_yet"]
    assert fields["zone"] == ["Europe/London"]
    saved = Page(browser.send(NEW, "/new/", **details(ftp)))
    assert "Saved. The export is active." in saved.words
    export = Export.objects.get()
    assert (export.supplier, export.active) == (cast.northwind, True)
    assert export.next_run_at is not None
    page = f"/settings/exports/{export.pk}/"
    assert "No runs yet" in saved.words
    browser.send(page, "/run/")
    running.carry_out(Run.objects.get().pk)
    run = Run.objects.get()
    shown = browser.see(page)
    for words in (run.file_name, run.sha256, "1 order", "Delivered", "Nora North"):
        assert words in shown.words
    [content] = ftp.content().values()
    assert f"\r\n{order.number},".encode() in content
    download = browser.get(shown.links["Download this file"])
    assert b"".join(download.streaming_content) == content
    assert download.headers["Content-Disposition"] == f'attachment; filename="{run.file_name}"'
    browser.send(page, "/sending/")
    assert Run.objects.latest("pk").again_of == run
    off = browser.send(page, "/switching/", active="off")
    assert "switched off" in words_of(off)
    assert not Export.objects.get().active
    kinds = list(Entry.objects.filter(subject=f"export:{export.pk}").values_list("kind", flat=True))
    assert kinds == [
        "ExportMade",
        "ExportAsked",
        "ExportDelivered",
        "ExportAsked",
        "ExportSwitched",
    ]


def test_secrets_are_never_shown_again_and_kept_when_left_empty(cast: Cast, ftp: Server) -> None:
    browser = Browser(cast.supplier)
    browser.send(NEW, "/new/", **details(ftp))
    export = Export.objects.get()
    change = f"/settings/exports/{export.pk}/change/"
    for path in ("/settings/exports/", f"/settings/exports/{export.pk}/", change):
        assert PASSWORD not in browser.see(path).html
    with connection.cursor() as cursor:
        cursor.execute("SELECT secrets, place::text FROM exports_export")
        [(sealed, place)] = cursor.fetchall()
    assert PASSWORD.encode() not in bytes(sealed)
    assert PASSWORD not in place
    browser.send(change, "/change/", name="Another name")
    export.refresh_from_db()
    assert (export.name, export.secrets) == ("Another name", {"secret": PASSWORD})
    assert PASSWORD not in str(list(Entry.objects.values_list("data", flat=True)))


def test_a_kept_secret_is_not_told_to_another_server(cast: Cast, ftp: Server) -> None:
    browser = Browser(cast.supplier)
    browser.send(NEW, "/new/", **details(ftp))
    export = Export.objects.get()
    change = f"/settings/exports/{export.pk}/change/"
    answer = browser.send(change, "/change/", host="localhost")
    assert answer.status_code == 422
    assert "Write the password again: it is for another server now." in words_of(answer)
    trial = browser.post(
        f"{change}trial/", {**details(ftp), "host": "localhost", "secret": ""}, **HTMX
    )
    assert "Write the password again" in words_of(trial)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "", "Give it a name"),
        ("kind", "gopher", "Pick one from the list."),
        ("host", "ftp://x y", "Write the server's name"),
        ("port", "70000", "Write a whole number from 1 to 65535."),
        ("user", "", "Write the name of the user."),
        ("secret", "", "Write the password."),
        ("folder", "a\r\nDELE b", "Write the folder on one line."),
        ("file_name", "../{run}", "A file name has none of these"),
        ("file_name", "orders.csv", "Put {run} into the name"),
        ("columns", [], "Choose at least one column."),
        ("delimiter", "x", "Pick one from the list."),
        ("every", "never", "Pick one from the list."),
        ("minutes", "2", "Write a whole number from 5 to 1440."),
        ("at_time", "25:00", "Write a time such as 07:30."),
        ("zone", "Mars/Olympus", "Pick a time zone from the list."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    cast: Cast, ftp: Server, field: str, value: Any, says: str
) -> None:
    typed = details(ftp, every="minutes", folder="kept/in") | {field: value}
    answer = Browser(cast.supplier).send(NEW, "/new/", **typed)
    page = Page(answer)
    assert answer.status_code == 422
    assert says in page.words
    if field != "folder":
        assert page.form("/new/").fields["folder"] == ["kept/in"]
    assert PASSWORD not in page.html
    assert Export.objects.count() == 0


def test_two_exports_of_one_name_are_refused(cast: Cast, ftp: Server) -> None:
    browser = Browser(cast.supplier)
    browser.send(NEW, "/new/", **details(ftp))
    answer = browser.send(NEW, "/new/", **details(ftp))
    assert "You have an export of this name already." in words_of(answer)


# --- Test connection ---


def test_a_test_says_exactly_what_failed(cast: Cast, ftp: Server) -> None:
    browser = Browser(cast.supplier)
    good = words_of(browser.post(f"{NEW}trial/", details(ftp), **HTMX))
    assert "Everything works" in good
    bad = Page(browser.post(f"{NEW}trial/", details(ftp, secret="wrong"), **HTMX))
    assert "The connection does not work yet." in bad.words
    assert "Signing in The server does not know this user" in bad.words
    steps = [attributes["data-ok"] for _tag, attributes in bad.tags if "data-ok" in attributes]
    assert steps == ["yes", "yes", "no"] + ["untried"] * 5
    assert ftp.content() == {}


def test_a_test_without_scripts_is_the_form_again(cast: Cast, ftp: Server) -> None:
    page = Page(Browser(cast.supplier).post(f"{NEW}trial/", details(ftp, secret="wrong")))
    assert "The server does not know this user" in page.words
    assert page.form("/new/").fields["host"] == [ftp.place.host]


def test_a_test_of_what_is_incomplete_says_so(cast: Cast, local: Path) -> None:
    answer = Browser(cast.supplier).post(f"{NEW}trial/", {"kind": "ftp"}, **HTMX)
    assert "Write the server's name" in words_of(answer)


def test_the_first_host_key_is_shown_and_pinned_by_saving(cast: Cast, sftp: Server) -> None:
    browser = Browser(cast.supplier)
    shown = Page(browser.post(f"{NEW}trial/", details(sftp), **HTMX))
    [accept] = [a["value"] for _t, a in shown.tags if a.get("name") == "accept"]
    assert accept.startswith("host_key:SHA256:")
    assert accept.partition(":")[2] in shown.words
    browser.send(NEW, "/new/", accept=accept, **details(sftp))
    assert Export.objects.get().place["host_key"] == accept.partition(":")[2]


def test_without_a_test_the_first_run_pins_it(cast: Cast, shop: Shop, sftp: Server) -> None:
    shop.passed(shop.kettle)
    browser = Browser(cast.supplier)
    browser.send(NEW, "/new/", **details(sftp))
    export = Export.objects.get()
    browser.send(f"/settings/exports/{export.pk}/", "/run/")
    running.carry_out(Run.objects.get().pk)
    export.refresh_from_db()
    assert export.place["host_key"].startswith("SHA256:")
    assert Run.objects.get().state == State.DELIVERED
    assert export.place["host_key"] in browser.see(f"/settings/exports/{export.pk}/").words
    assert Entry.objects.filter(kind="HostKeyPinned").count() == 1


def test_a_changed_host_key_stops_the_run_until_it_is_accepted(
    cast: Cast, shop: Shop, local: Path
) -> None:
    shop.passed(shop.kettle)
    browser = Browser(cast.supplier)
    with sftp_server(local) as before:
        shown = Page(browser.post(f"{NEW}trial/", details(before), **HTMX))
        [accept] = [a["value"] for _t, a in shown.tags if a.get("name") == "accept"]
        browser.send(NEW, "/new/", accept=accept, **details(before))
    export = Export.objects.get()
    with sftp_server(local, port=before.place.port) as after:
        browser.send(f"/settings/exports/{export.pk}/", "/run/")
        running.carry_out(Run.objects.get().pk)
        assert (
            "shows another host key than before"
            in browser.see(f"/settings/exports/{export.pk}/").words
        )
        assert after.content() == {}
        assert Consignment.objects.filter(exported_at=None).count() == 1
        change = f"/settings/exports/{export.pk}/change/"
        fields = browser.see(change).form("/change/").fields
        tried = Page(browser.post(f"{change}trial/", {**fields, "secret": ""}, **HTMX))
        [accept] = [a["value"] for _t, a in tried.tags if a.get("name") == "accept"]
        browser.send(change, "/change/", accept=accept)
        browser.send(f"/settings/exports/{export.pk}/", "/run/")
        running.carry_out(Run.objects.get().pk)
        assert Run.objects.get().state == State.DELIVERED
        assert len(after.content()) == 1


def test_a_certificate_of_ones_own_is_accepted_in_the_form(
    cast: Cast, local: Path, tmp_path: Path
) -> None:
    browser = Browser(cast.supplier)
    with ftp_server(local, kind=Kind.FTPS_EXPLICIT, pem=certificate(tmp_path)) as server:
        tried = Page(browser.post(f"{NEW}trial/", details(server), **HTMX))
        assert "is not vouched for by anybody known" in tried.words
        [accept] = [a["value"] for _t, a in tried.tags if a.get("name") == "accept"]
        again = browser.post(f"{NEW}trial/", details(server, accept=accept), **HTMX)
        assert "Everything works" in words_of(again)
        browser.send(NEW, "/new/", accept=accept, **details(server))
    assert Export.objects.get().place["certificate"] == accept.partition(":")[2]


# --- the form ---


def test_columns_move_without_scripts_too(cast: Cast, ftp: Server) -> None:
    browser = Browser(cast.supplier)
    fields = browser.see(NEW).form("/new/").fields
    first, second = fields["order"][:2]
    data = {**fields, **details(ftp), "move": f"{second}:up"}
    moved = Page(browser.post(NEW, data))
    assert moved.form("/new/").fields["order"][:2] == [second, first]
    assert moved.form("/new/").fields["columns"][:2] == [second, first]
    browser.post(NEW, {**moved.form("/new/").fields, **details(ftp)})
    assert Export.objects.get().columns[:2] == [second, first]


def test_a_folder_is_offered_where_the_operator_has_one(
    cast: Cast, settings: Any, tmp_path: Path
) -> None:
    settings.EXPORT_FOLDER = None
    assert 'value="folder"' not in Browser(cast.supplier).see(NEW).html
    settings.EXPORT_FOLDER = tmp_path
    browser = Browser(cast.supplier)
    assert 'value="folder"' in browser.see(NEW).html
    browser.send(NEW, "/new/", name="Folder", kind="folder", folder="in")
    assert Export.objects.get().as_place().home == f"supplier-{cast.northwind.pk}"


def test_s3_has_its_own_details(cast: Cast) -> None:
    browser = Browser(cast.supplier)
    typed = {"name": "S3", "kind": "s3", "bucket": "b", "region": "eu-west-2", "user": "AK",
             "secret": "SK", "endpoint": "https://s3.example.com/"}  # fmt: skip
    browser.send(NEW, "/new/", **typed)
    place = Export.objects.get().as_place()
    assert (place.bucket, place.endpoint, place.secret) == ("b", "https://s3.example.com", "SK")
    assert Browser(cast.supplier).see("/settings/exports/").status == 200


# --- who ---


def test_members_and_the_operator_look_and_change_nothing(cast: Cast, local: Path) -> None:
    export, run = an_export(cast), a_run(cast)
    page = f"/settings/exports/{export.pk}/"
    for who in (cast.supplier_member, cast.agent, cast.admin):
        browser = Browser(who)
        assert run.file_name in browser.see(page).words
        html = browser.see(page).html
        assert "/run/" not in html
        assert f"/runs/{run.pk}/" not in html
    assert export.name in Browser(cast.admin).see("/settings/exports/").words


def test_a_seller_finds_no_exports_in_the_settings(cast: Cast) -> None:
    assert "/settings/exports/" not in Browser(cast.seller).see("/settings/").html


# --- many ---


def test_a_page_asks_little_and_no_more_for_more_rows(cast: Cast, local: Path) -> None:
    for _ in range(2):
        a_run(cast)
    export = an_export(cast)
    paths = ["/settings/exports/", f"/settings/exports/{export.pk}/", NEW,
             f"/settings/exports/{export.pk}/change/"]  # fmt: skip
    browser = Browser(cast.supplier)
    few = [_asked(browser, path) for path in paths]
    assert max(few) <= 6
    for number in range(30):
        a_run(cast, person=cast.supplier.person)
        Export.objects.create(
            supplier=cast.northwind, name=f"More {number}", kind="ftp", next_run_at=export.next_run_at,
            place={"host": "x.example"}, secrets={"secret": "x"}, file_name="{run}",
        )  # fmt: skip
    assert [_asked(browser, path) for path in paths] == few


def _asked(browser: Browser, path: str) -> int:
    browser.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(path).status_code == 200
    return len(captured)


def test_runs_are_leafed_through(cast: Cast, local: Path) -> None:
    for _ in range(30):
        a_run(cast)
    browser = Browser(cast.supplier_member)
    page = browser.see(f"/settings/exports/{an_export(cast).pk}/")
    names = re.findall(r"orders-\d+\.csv", page.words)
    assert len(names) == 25
    older = browser.see(next(address for address in page.links.values() if "before=" in address))
    assert len(re.findall(r"orders-\d+\.csv", older.words)) == 5


def test_while_a_run_moves_the_list_asks_again(cast: Cast, local: Path) -> None:
    export = an_export(cast)
    run = a_run(cast, state=State.RUNNING, next_try_at=export.next_run_at, finished_at=None)
    path = f"/settings/exports/{export.pk}/"
    browser = Browser(cast.supplier)
    assert 'hx-trigger="every 3s"' in browser.see(path).html
    Run.objects.filter(pk=run.pk).update(state=State.DELIVERED)
    fragment = browser.get(path, **HTMX).content.decode()
    assert "hx-trigger" not in fragment
    assert "<html" not in fragment
