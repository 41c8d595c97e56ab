"""A server of each kind, and leave to reach it on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from parley.transfer.kinds import Kind, Place
from servers import Server, certificate, ftp_server, s3_server, sftp_server

KINDS = [kind.value for kind in Kind]
RENAMING = [kind for kind in KINDS if kind != Kind.S3]
ON_THE_NET = [kind for kind in KINDS if kind not in (Kind.S3, Kind.FOLDER)]


@pytest.fixture(autouse=True)
def local_hosts(settings: Any) -> None:
    settings.ALLOW_LOCAL_HOSTS = True


@pytest.fixture(scope="session")
def pem(tmp_path_factory: Any) -> Path:
    return certificate(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def server(request: Any, tmp_path: Path, pem: Path, settings: Any) -> Iterator[Server]:
    """A server of the kind that the test is parametrised with."""
    kind = Kind(request.param)
    root = tmp_path / "root"
    root.mkdir()
    if kind == Kind.FOLDER:
        settings.EXPORT_FOLDER = tmp_path
        yield Server(Place(kind=kind, home="root"), root)
        return
    with _started(kind, root, pem) as running:
        yield running


def _started(kind: Kind, root: Path, pem: Path) -> Any:
    if kind == Kind.SFTP:
        return sftp_server(root)
    if kind == Kind.S3:
        return s3_server(root)
    return ftp_server(root, kind=kind, pem=pem)
