"""The number of a merged ticket leads to the one it is part of now, for whoever may see either."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from parley.web.acting import ticket_address
from parley.web.ticket_page import WentInto


class MergedMiddleware:
    """Answers `WentInto`, which whatever shows a ticket may raise."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """The same page of the other ticket; a piece of a page sends the whole window there."""
        if not isinstance(exception, WentInto):
            return None
        whole = ticket_address(request.reader, exception.number)  # type: ignore[attr-defined]
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": whole})
        match = request.resolver_match
        if request.method != "GET" or match is None or match.kwargs.get("number") is None:
            return redirect(whole)
        same = reverse(match.view_name, kwargs={**match.kwargs, "number": exception.number})
        query = request.META.get("QUERY_STRING", "")
        return redirect(f"{same}?{query}" if query else same)
