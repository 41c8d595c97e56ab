"""A worker killed with SIGKILL between the upload and the mark: another takes over, exactly once."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from exports.conftest import Desk
from parley.exports import asking
from parley.exports.models import State


@pytest.mark.parametrize("where", ["_deliver", "_pin", "_finish"])
def test_a_killed_worker(transactional_db: None, desk: Desk, settings: Any, where: str) -> None:
    orders = desk.orders(3)
    run = asking.run_now(desk.export(), by=desk.cast.supplier)
    worker = [sys.executable, str(Path(__file__).with_name("dying.py"))]
    ended = subprocess.run(
        [*worker, str(run.pk), str(settings.MEDIA_ROOT), where],
        env={**os.environ, "DATABASE_URL": _this_database()},
        timeout=120,
        check=False,
    )
    assert ended.returncode == -9
    run.refresh_from_db()
    assert (run.state, bool(run.stored_as), desk.not_marked()) == (State.RUNNING, True, 3)
    assert len(desk.files()) == (0 if where == "_deliver" else 1)
    for path in desk.server.root.iterdir():
        path.unlink()  # the supplier's system has taken it
    desk.hurry()
    desk.tick()
    run.refresh_from_db()
    assert (run.state, desk.not_marked()) == (State.DELIVERED, 0)
    numbers = sorted(str(order.number) for order in orders)
    assert desk.numbers() == (numbers if where == "_deliver" else [])


def _this_database() -> str:
    name = connection.settings_dict["NAME"]
    return re.sub(r"@/[^?]*", f"@/{name}", os.environ["DATABASE_URL"], count=1)
