"""Pages: cursors of the next one and the one before, in the answer and its Link header."""

from __future__ import annotations

from typing import Annotated, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from parley.web.api.describing import header
from parley.web.api.problems import Fault, invalid
from parley.web.api.shapes import Plain, address_of

M = TypeVar("M", bound=Model)
Limit = Annotated[int, Field(ge=1, le=100, description="rows on a page")]
Cursor = Annotated[
    Plain, Field(max_length=100, description="`next` or `previous` of a page, as it is")
]

LINKED = {
    "responses": {
        200: {"headers": {"Link": header("the pages at `next` and `prev`, if there are any")}}
    }
}
"""What an operation that gives pages adds to its description."""


class Leafing(BaseModel):
    """Where in a list of fifty a page."""

    cursor: Cursor = ""
    limit: Limit = 50


def link_pages(
    request: HttpRequest, response: HttpResponse, path: str, **cursors: str | None
) -> None:
    """Give `response` the Link header (RFC 8288) to `next` and `prev`, with the same query."""
    links = [
        f'<{address_of(path)}?{_with_cursor(request, cursor)}>; rel="{rel}"'
        for rel, cursor in cursors.items()
        if cursor
    ]
    if links:
        response.headers["Link"] = ", ".join(links)


def newest(rows: QuerySet[M], wanted: Leafing) -> tuple[list[M], str | None]:
    """The page of `rows` (the newest first, by id) that is wanted, and the cursor of the next one.

    Raises a refusal for a cursor that is none.
    """
    if wanted.cursor:
        rows = rows.filter(pk__lt=_place(wanted.cursor))
    page = list(rows[: wanted.limit + 1])
    more, page = len(page) > wanted.limit, page[: wanted.limit]
    return page, str(page[-1].pk) if more else None


def _place(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
        raise invalid(Fault(detail=_("This is no cursor of a page."), parameter="cursor"))
    return int(cursor)


def only_known(request: HttpRequest, *names: str) -> None:
    """Refuse a query with other words than `names`: a misspelt filter would show everything."""
    strange = [name for name in request.GET if name not in names]
    if strange:
        detail = f"There is no such parameter; there are {', '.join(names)}."
        raise invalid(*(Fault(detail=detail, parameter=_short(name)) for name in strange))


def _short(name: str) -> str:
    return name[:100].encode(errors="replace").decode()


def _with_cursor(request: HttpRequest, cursor: str) -> str:
    kept = [(name, request.GET.getlist(name)) for name in request.GET if name != "cursor"]
    return urlencode([*kept, ("cursor", cursor)], doseq=True)
