"""Exports for programs: what there are, what became of their runs, asking for one."""

from __future__ import annotations

from typing import Any

import pytest

from cast import Cast
from parley.exports.models import Run, State
from web.api.calling import Caller
from web.exported import export, run


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_exports_and_their_runs_are_told_without_secrets(cast: Cast) -> None:
    made = export(cast)
    runs = [run(cast) for _ in range(3)]
    caller = Caller(cast.supplier_member)
    answer = caller.get("/exports")
    assert [one["name"] for one in answer.json()["data"]] == [made.name]
    assert "hush" not in answer.content.decode()
    page = caller.get(f"/exports/{made.pk}/runs", {"limit": 2}).json()
    assert [one["id"] for one in page["data"]] == [runs[2].pk, runs[1].pk]
    assert page["data"][0]["sha256"] == "ab" * 32
    rest = caller.get(f"/exports/{made.pk}/runs", {"limit": 2, "cursor": page["next"]}).json()
    assert ([one["id"] for one in rest["data"]], rest["next"]) == ([runs[0].pk], None)
    assert caller.get(f"/exports/{made.pk}/runs", {"cursor": "x"}).status_code == 422


def test_an_owner_asks_for_a_run_and_asking_twice_is_one(cast: Cast) -> None:
    made = export(cast)
    first = Caller(cast.supplier).post(f"/exports/{made.pk}/run")
    assert (first.status_code, first.json()["state"]) == (202, State.WAITING)
    assert Caller(cast.supplier).post(f"/exports/{made.pk}/run").json()["id"] == first.json()["id"]
    assert Run.objects.count() == 1
    for other in (cast.supplier_member, cast.other_supplier, cast.agent, cast.seller):
        assert Caller(other).post(f"/exports/{made.pk}/run").status_code == 404
