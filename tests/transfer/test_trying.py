"""*Test connection* names the step that fails, in plain words, whatever is wrong."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import asyncssh
import pytest
from django.utils import translation

from parley.transfer.kinds import STEPS, Kind, Place
from parley.transfer.places import Tried, put_whole, test, with_pinned
from parley.transfer.troubles import WORDS, PlaceTrouble, Step, Trouble, in_words
from servers import (
    SHORT,
    USER,
    Server,
    certificate,
    closed_port,
    ftp_server,
    rude_port,
    sftp_server,
    silent_port,
)
from transfer.conftest import KINDS, ON_THE_NET

TLS = [Kind.FTPS_EXPLICIT.value, Kind.FTPS_IMPLICIT.value]


def failed(place: Place) -> Tried:
    """The step that fails; those before it went well, those after it were not tried."""
    tried = test(place)
    at = next(n for n, one in enumerate(tried) if not one.ok)
    assert all(one.ok for one in tried[:at])
    assert tried[at].ok is False
    assert tried[at].words
    assert all(one.ok is None for one in tried[at + 1 :])
    return tried[at]


def _place(kind: str, port: int) -> Place:
    return Place(
        kind=Kind(kind),
        host="127.0.0.1",
        port=port,
        endpoint=f"http://127.0.0.1:{port}",
        bucket="orders",
        user="u",
        secret="s",
        timeout=SHORT,
    )


def trusting(place: Place) -> Place:
    """The place with the certificate that its server shows."""
    return replace(place, certificate=failed(place).fingerprint)


@pytest.mark.parametrize("server", KINDS, indirect=True)
def test_all_steps_of_a_good_place(server: Server) -> None:
    place = trusting(server.place) if server.place.kind in TLS else server.place
    tried = test(place)
    expected = [
        step for step in STEPS[place.kind] if (place.kind, step) != (Kind.S3, Step.CERTIFICATE)
    ]
    assert [one.step for one in tried] == expected
    assert all(one.ok for one in tried)
    assert server.content() == {}, "nothing is left behind"


@pytest.mark.parametrize("kind", KINDS[:-1])
def test_no_such_name(kind: str) -> None:
    place = Place(
        kind=Kind(kind), host="no such host", endpoint="https://nowhere.invalid", timeout=SHORT
    )
    found = failed(place)
    assert (found.step, found.trouble) == (Step.NAME, Trouble.NAME_UNKNOWN)


@pytest.mark.parametrize("kind", KINDS[:-1])
def test_this_machine_is_off_limits_unless_allowed(kind: str, settings: object) -> None:
    settings.ALLOW_LOCAL_HOSTS = False  # type: ignore[attr-defined]
    place = Place(kind=Kind(kind), host="127.0.0.1", endpoint="http://169.254.169.254/")
    found = failed(place)
    assert (found.step, found.trouble) == (Step.NAME, Trouble.HOST_REFUSED)


@pytest.mark.parametrize("kind", KINDS[:-1])
def test_nobody_listens(kind: str) -> None:
    port = closed_port()
    found = failed(_place(kind, port))
    assert (found.step, found.trouble) == (Step.CONNECTION, Trouble.CONNECTION_REFUSED)


@pytest.mark.parametrize("kind", KINDS[:-1])
def test_somebody_who_never_says_a_word(kind: str) -> None:
    with silent_port() as port:
        found = failed(_place(kind, port))
    assert found.trouble == Trouble.TIMED_OUT
    assert found.step in (Step.CONNECTION, Step.CERTIFICATE)


@pytest.mark.parametrize("kind", [*ON_THE_NET, "s3"])
def test_something_else_at_the_port(kind: str) -> None:
    with rude_port() as port:
        found = failed(_place(kind, port))
    assert found.step in (Step.CONNECTION, Step.CERTIFICATE, Step.FOLDER)


@pytest.mark.parametrize("server", ON_THE_NET, indirect=True)
def test_a_wrong_password(server: Server) -> None:
    place = trusting(server.place) if server.place.kind in TLS else server.place
    found = failed(replace(place, secret="wrong"))
    assert (found.step, found.trouble) == (Step.SIGN_IN, Trouble.SIGN_IN_REFUSED)


@pytest.mark.parametrize("server", [*ON_THE_NET], indirect=True)
def test_a_missing_folder(server: Server) -> None:
    place = trusting(server.place) if server.place.kind in TLS else server.place
    found = failed(replace(place, folder="not/there"))
    assert (found.step, found.trouble) == (Step.FOLDER, Trouble.FOLDER_MISSING)


@pytest.mark.parametrize("server", ["s3"], indirect=True)
def test_a_missing_bucket(server: Server) -> None:
    found = failed(replace(server.place, bucket="not-there"))
    assert (found.step, found.trouble) == (Step.FOLDER, Trouble.FOLDER_MISSING)


@pytest.mark.parametrize("server", ON_THE_NET, indirect=True)
def test_a_full_disk(server: Server) -> None:
    place = trusting(server.place) if server.place.kind in TLS else server.place
    server.wrong.full_after = 0
    assert failed(place).step == Step.SPACE


@pytest.mark.parametrize("server", ON_THE_NET, indirect=True)
def test_a_rename_that_is_refused(server: Server) -> None:
    place = trusting(server.place) if server.place.kind in TLS else server.place
    server.wrong.renames = False
    found = failed(place)
    assert (found.step, found.trouble) == (Step.RENAME, Trouble.RENAME_REFUSED)
    assert server.content() == {}


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Server]:
    with ftp_server(tmp_path, rights="elr") as server:
        yield server


def test_no_permission_to_write(read_only: Server) -> None:
    found = failed(read_only.place)
    assert (found.step, found.trouble) == (Step.PERMISSION, Trouble.NOT_PERMITTED)
    assert "550" in found.words, "the server's own words are there too"


# --- certificates and host keys ---


@pytest.mark.parametrize("server", TLS, indirect=True)
def test_a_certificate_of_ones_own_is_accepted_by_its_fingerprint(server: Server) -> None:
    found = failed(server.place)
    assert (found.step, found.trouble) == (Step.CERTIFICATE, Trouble.CERTIFICATE_UNTRUSTED)
    assert len(found.fingerprint) == 95
    accepted = replace(server.place, certificate=found.fingerprint)
    assert all(one.ok for one in test(accepted))


@pytest.mark.parametrize("kind", TLS)
def test_another_certificate_than_the_accepted_one_is_refused(tmp_path: Path, kind: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    with ftp_server(root, kind=Kind(kind), pem=certificate(tmp_path)) as before:
        accepted = trusting(before.place)
    with ftp_server(root, kind=Kind(kind), pem=certificate(tmp_path)) as after:
        found = failed(replace(accepted, port=after.place.port))
    assert (found.step, found.trouble) == (Step.CERTIFICATE, Trouble.CERTIFICATE_CHANGED)
    assert found.fingerprint not in ("", accepted.certificate)


def test_a_server_without_encryption_is_not_signed_in_to(tmp_path: Path) -> None:
    with ftp_server(tmp_path) as server:
        found = failed(replace(server.place, kind=Kind.FTPS_EXPLICIT))
    assert (found.step, found.trouble) == (Step.CERTIFICATE, Trouble.NO_TLS)


@pytest.mark.parametrize("server", ["sftp"], indirect=True)
def test_the_first_host_key_is_shown_and_pinned(server: Server) -> None:
    shown = {one.fingerprint for one in test(server.place)} - {""}
    fingerprint = shown.pop()
    assert fingerprint.startswith("SHA256:")
    pinned = with_pinned(server.place, fingerprint)
    assert pinned.host_key == fingerprint
    assert with_pinned(pinned, "SHA256:another").host_key == fingerprint
    assert all(one.ok for one in test(pinned))


def test_a_changed_host_key_is_refused_before_anything_is_said(tmp_path: Path) -> None:
    with sftp_server(tmp_path) as before:
        pinned = with_pinned(before.place, test(before.place)[2].fingerprint)
    with sftp_server(tmp_path) as after:
        place = replace(pinned, port=after.place.port)
        found = failed(place)
        with pytest.raises(PlaceTrouble) as caught:
            put_whole(place, "orders.csv", io.BytesIO(b"x"))
    assert (found.step, found.trouble) == (Step.HOST_KEY, Trouble.HOST_KEY_CHANGED)
    assert caught.value.fingerprint == found.fingerprint != pinned.host_key


@pytest.mark.parametrize("passphrase", ["", "open sesame"])
def test_signing_in_with_a_key(tmp_path: Path, passphrase: str) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    private = key.export_private_key(passphrase=passphrase or None).decode()
    with sftp_server(tmp_path, keys=(key.export_public_key().decode(),)) as server:
        place = replace(server.place, private_key=private, secret=passphrase)
        assert all(one.ok for one in test(place))
        stranger = asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode()
        assert failed(replace(place, private_key=stranger, secret="")).step == Step.SIGN_IN
        unreadable = failed(replace(place, private_key="-----BEGIN JUNK-----"))
    assert (unreadable.step, unreadable.trouble) == (Step.SIGN_IN, Trouble.KEY_UNREADABLE)


def test_a_key_with_a_wrong_passphrase(tmp_path: Path) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    private = key.export_private_key(passphrase="right").decode()
    place = Place(kind=Kind.SFTP, host="127.0.0.1", user=USER, private_key=private, secret="wrong")
    assert failed(place).trouble == Trouble.KEY_UNREADABLE


# --- words ---


def test_every_trouble_has_words_and_is_read_again_from_what_was_kept() -> None:
    for trouble in Trouble:
        told = PlaceTrouble(Step.FOLDER, trouble, "550 No\r\n  such\x00 thing")
        assert told.words == in_words(told.kept())
        assert str(WORDS[trouble]) in told.words
        assert "550 No such thing" in told.words
    assert in_words({}) == ""
    with translation.override("en"):
        assert in_words({"trouble": "of another version"}) == "Something went wrong on our side."
