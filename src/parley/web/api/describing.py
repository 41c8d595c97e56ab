"""The API's description of itself: OpenAPI 3.1."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from ninja import NinjaAPI

from parley.web.api.problems import MEDIA_TYPE
from parley.web.api.shapes import BASE

TAGS = {
    "me": "Who a token acts as",
    "topics": "What a ticket can be about, and to whom it can go",
    "tickets": "Finding, opening and reading tickets",
    "messages": "What is said on a ticket",
    "actions": "What either side can do to a ticket",
    "operator": "What only the operator's people can do",
    "attachments": "Files",
}
_REMAINING = {
    "RateLimit-Limit": "requests in a window",
    "RateLimit-Remaining": "requests that are left",
    "RateLimit-Reset": "seconds until all of them are back",
}


def description_view(api: NinjaAPI) -> Callable[[HttpRequest], HttpResponse]:
    """The view that serves the description, which is made once."""

    @cache
    def made() -> tuple[bytes, str]:
        content = json.dumps(description(api), ensure_ascii=False).encode()
        return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'

    def view(request: HttpRequest) -> HttpResponse:
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        content, etag = made()
        known = request.headers.get("If-None-Match") == etag
        response = HttpResponse(
            b"" if known else content,
            status=304 if known else 200,
            content_type="application/json; charset=utf-8",
        )
        response.headers.update({"ETag": etag, "Cache-Control": "public, no-cache"})
        return response

    return view


def description(api: NinjaAPI) -> dict[str, Any]:
    """The OpenAPI document: what ninja reads from the types, and what it can't know."""
    document: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="")))
    document["servers"] = [{"url": f"{settings.PUBLIC_URL}{BASE}"}]
    document["tags"] = [{"name": name, "description": words} for name, words in TAGS.items()]
    for operations in document["paths"].values():
        for operation in operations.values():
            _complete(operation)
    return document


def _complete(operation: dict[str, Any]) -> None:
    for status, response in operation["responses"].items():
        if int(status) >= 400 and "content" in response:
            response["content"] = {MEDIA_TYPE: response["content"].pop("application/json")}
        if status != "401":
            response["headers"] = {name: _header(words) for name, words in _REMAINING.items()}
    operation["responses"]["401"]["headers"] = {"WWW-Authenticate": _header("how to sign in")}
    operation["responses"]["429"]["headers"]["Retry-After"] = _header("seconds to wait")


def _header(words: str) -> dict[str, Any]:
    return {"description": words, "schema": {"type": "string"}}
