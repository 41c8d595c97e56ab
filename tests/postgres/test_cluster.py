"""The embedded server: made, started, stopped, killed, found again."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from parley.postgres import making, places, reaching
from parley.postgres.cluster import Cluster
from parley.postgres.trouble import PostgresTrouble
from postgres.as_somebody import as_somebody_else

# Forking to become somebody else is fine here: the child leaves with os._exit.
pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """A data folder with a made, stopped server in it."""
    folder = Path(tempfile.mkdtemp(prefix="parley-cluster-"))
    try:
        with Cluster(folder, durable=False).held():
            pass
        yield folder
    finally:
        Cluster(folder).stop()
        shutil.rmtree(folder)


@pytest.fixture
def cluster(data: Path) -> Cluster:
    return Cluster(data, durable=False)


def ask(cluster: Cluster, question: str) -> Any:
    with reaching.connect(cluster.database_settings()) as connection:
        row = connection.execute(question).fetchone()
        return row[0] if row else None


def test_it_starts_and_the_last_to_leave_stops_it(cluster: Cluster, data: Path) -> None:
    with cluster.held():
        pid = cluster.pid()
        with Cluster(data).held() as second:
            assert second.pid() == pid
        assert cluster.pid() == pid
    assert cluster.pid() is None


def test_it_listens_on_a_private_socket_and_nowhere_else(cluster: Cluster) -> None:
    with cluster.held():
        assert ask(cluster, "SHOW listen_addresses") == ""
        assert stat.S_IMODE(cluster.socket.stat().st_mode) == 0o700
        assert stat.S_IMODE(cluster.folder.stat().st_mode) == 0o700


def test_it_has_the_extensions_and_knows_every_letter(cluster: Cluster) -> None:
    with cluster.held():
        with reaching.connect(cluster.database_settings()) as connection:
            names = {row[0] for row in connection.execute("SELECT extname FROM pg_extension")}
        assert {*reaching.EXTENSIONS, "vector"} <= names
        assert ask(cluster, "SELECT lower('ПОСЫЛКА')") == "посылка"
        assert ask(cluster, "SELECT similarity('посылка', 'посылки')") > 0.5


def test_a_killed_server_is_started_again_with_all_it_was_told(
    cluster: Cluster,
) -> None:
    with cluster.held():
        where = cluster.database_settings()
        with reaching.connect(where) as connection:
            connection.execute("SET synchronous_commit = on")  # as a durable server has it
            connection.execute("CREATE TABLE kept (word text)")
            connection.execute("INSERT INTO kept VALUES ('still here')")
        kill(cluster)
        wait_until_gone(cluster)
        assert cluster.restart_if_dead()
        assert ask(cluster, "SELECT word FROM kept") == "still here"
        assert not cluster.restart_if_dead()


def test_a_start_after_a_kill_sweeps_up_what_is_left(cluster: Cluster, data: Path) -> None:
    with cluster.held():
        busy = psycopg.connect(cluster.url())
        kill(cluster)
        with Cluster(data).held() as second:
            assert ask(second, "SELECT 1") == 1
        busy.close()


def test_a_pid_file_that_names_somebody_else_is_no_server(cluster: Cluster) -> None:
    pid_file = cluster.folder / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{cluster.folder}\n1\n5432\n{cluster.socket}\n\n\nready\n")
    shutil.chown(pid_file, cluster.folder.stat().st_uid, cluster.folder.stat().st_gid)
    assert cluster.pid() is None
    with cluster.held():
        assert ask(cluster, "SELECT 1") == 1


def test_a_server_that_outlives_its_parent_is_adopted(cluster: Cluster, data: Path) -> None:
    script = f"""
import os, signal
from pathlib import Path
from parley.postgres.cluster import Cluster
with Cluster(Path({str(data)!r})).held() as cluster:
    print(cluster.pid(), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    parent = subprocess.run(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, check=False
    )
    assert parent.returncode == -signal.SIGKILL
    assert cluster.pid() == int(parent.stdout)
    with cluster.held():
        assert cluster.pid() == int(parent.stdout)
    assert cluster.pid() is None


def test_a_half_made_cluster_and_a_long_path_are_no_obstacles(tmp_path: Path) -> None:
    folder = tmp_path / ("long-" * 20)
    unfinished = folder / "postgres.new"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18")
    with Cluster(folder, durable=False).held() as cluster:
        assert ask(cluster, "SELECT 1") == 1
        assert cluster.socket.parent == Path(tempfile.gettempdir())
        assert not unfinished.exists()
    cluster.socket.rmdir()


@pytest.mark.parametrize("letters", [1, 40, 90, 200])
def test_a_socket_has_room_wherever_the_folders_are(
    letters: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("d" * letters)
    monkeypatch.setattr(tempfile, "tempdir", str(deep))

    socket = places.socket_folder(deep / "data") / places.socket_name()

    assert len(str(socket)) <= places.LONGEST_SOCKET


def test_a_full_disk_is_said_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil._ntuple_diskusage(total=10, used=10, free=3 * 1024 * 1024)  # type: ignore[attr-defined]
    monkeypatch.setattr(making.shutil, "disk_usage", lambda folder: usage)
    with (
        pytest.raises(PostgresTrouble, match=r"^The disk of .* is full: 3 MB are free, .*\.$"),
        Cluster(tmp_path / "data").held(),
    ):
        pass


def test_a_folder_that_may_not_be_used_is_said_in_a_sentence(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    with (
        pytest.raises(PostgresTrouble, match=r"^The data folder .* can't be used: .*\.$"),
        Cluster(in_the_way / "data").held(),
    ):
        pass


def test_a_folder_of_somebody_else_is_said_in_a_sentence() -> None:
    with tempfile.TemporaryDirectory(prefix="parley-closed-") as folder:
        Path(folder).chmod(0o000)
        said = as_somebody_else(lambda: start_and_tell(Path(folder)))
        assert said == f"The data folder {folder} can't be used: Permission denied."


def test_an_ordinary_user_runs_it_too() -> None:
    with tempfile.TemporaryDirectory(prefix="parley-ordinary-") as folder:
        Path(folder).chmod(0o777)
        data = Path(folder) / "data"
        assert as_somebody_else(lambda: start_and_tell(data)) == "started"
        assert data.stat().st_uid == places.cluster_folder(data).stat().st_uid


def start_and_tell(data: Path) -> str:
    try:
        with Cluster(data, durable=False).held() as cluster:
            return "started" if ask(cluster, "SELECT 1") == 1 else "strange"
    except PostgresTrouble as trouble:
        return str(trouble)


def kill(cluster: Cluster) -> None:
    pid = cluster.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


def wait_until_gone(cluster: Cluster) -> None:
    end = time.monotonic() + 10
    while cluster.pid() is not None and time.monotonic() < end:
        time.sleep(0.01)
