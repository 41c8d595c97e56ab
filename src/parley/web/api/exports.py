"""Exports: what there are, what became of their runs, and asking for one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self

from django.http import HttpResponse
from ninja import Path, Query, Router
from ninja.responses import Status as Answer
from pydantic import BaseModel, Field

from parley.exports.access import (
    exports_managed_by,
    exports_visible_to,
    may_look,
    runs_visible_to,
)
from parley.exports.asking import run_now
from parley.exports.models import Export as ExportRow
from parley.exports.models import Format, PlaceKind, State, Which
from parley.exports.models import Run as RunRow
from parley.web.api.addresses import number_of
from parley.web.api.auth import ApiRequest
from parley.web.api.paging import LINKED, Leafing, link_pages, newest, only_known
from parley.web.api.problems import not_found, refusals
from parley.web.api.shapes import one_of

router = Router(tags=["exports"])

ExportKey = Annotated[
    str,
    Path(..., description="the export's id", example="3"),
    Field(json_schema_extra={"pattern": "^[0-9]{1,18}$"}),
]
MOST = 200


class Export(BaseModel):
    """A supplier's open orders as files at a place of its own. Its secrets are in no answer."""

    id: int
    name: str
    kind: Annotated[str, one_of(PlaceKind.values)]
    file_name: str
    format: Annotated[str, one_of(Format.values)]
    which: Annotated[str, one_of(Which.values)]
    active: bool
    next_run_at: datetime | None = Field(description="null while it is switched off")

    @classmethod
    def of(cls, row: ExportRow) -> Self:
        return cls(
            id=row.pk,
            name=row.name,
            kind=row.kind,
            file_name=row.file_name,
            format=row.format,
            which=row.which,
            active=row.active,
            next_run_at=row.next_run_at,
        )


class Exports(BaseModel):
    data: list[Export]


class Run(BaseModel):
    """One file of an export, and what became of it."""

    id: int
    number: int
    state: Annotated[str, one_of(State.values)]
    asked_at: datetime
    finished_at: datetime | None
    next_try_at: datetime | None
    attempts: int
    orders: int
    file_name: str
    size: int = Field(description="bytes")
    sha256: str
    trouble: str = Field(description="what is wrong, in words; empty if nothing is")

    @classmethod
    def of(cls, row: RunRow) -> Self:
        return cls(
            id=row.pk,
            number=row.number,
            state=row.state,
            asked_at=row.asked_at,
            finished_at=row.finished_at,
            next_try_at=row.next_try_at,
            attempts=row.attempts,
            orders=row.orders,
            file_name=row.file_name,
            size=row.size,
            sha256=row.sha256,
            trouble=row.trouble_words,
        )


class Runs(BaseModel):
    data: list[Run]
    next: str | None = None


@router.get(
    "/exports",
    response={200: Exports, **refusals()},
    operation_id="exports",
    summary="Where open orders go as files",
)
def exports(request: ApiRequest) -> Exports:
    """The exports of one's party; the operator sees those of all suppliers."""
    only_known(request)
    if not may_look(request.auth):
        raise not_found()
    return Exports(data=[Export.of(row) for row in exports_visible_to(request.auth)[:MOST]])


@router.get(
    "/exports/{export}/runs",
    response={200: Runs, **refusals()},
    operation_id="export_runs",
    summary="What became of its runs",
    openapi_extra=LINKED,
)
def export_runs(
    request: ApiRequest, response: HttpResponse, export: ExportKey, wanted: Query[Leafing]
) -> Runs:
    """The runs of an export, the newest first."""
    only_known(request, "cursor", "limit")
    found = exports_visible_to(request.auth).filter(pk=number_of(export)).first()
    if found is None:
        raise not_found()
    rows = runs_visible_to(request.auth).filter(export=found)
    page, following = newest(rows, wanted)
    link_pages(request, response, f"/exports/{found.pk}/runs", next=following)
    return Runs(data=[Run.of(row) for row in page], next=following)


@router.post(
    "/exports/{export}/run",
    response={202: Run, **refusals()},
    operation_id="run_export",
    summary="Run it now",
)
def run_export(request: ApiRequest, export: ExportKey) -> Any:
    """Ask for a run; a supplier's owners may. While one is not finished, that one is hurried.

    The answer says that it is asked for, not that the file is there: look at the runs.
    """
    found = exports_managed_by(request.auth).filter(pk=number_of(export)).first()
    if found is None:
        raise not_found()
    return Answer(202, Run.of(run_now(found, by=request.auth)))
