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
    "orders": "Finding and reading orders",
    "order actions": "What can be done to an order",
    "attachments": "Files",
    "channels": "Where orders come from: sending them, and what became of each",
    "exports": "Where orders go as files: the runs, and asking for one",
}
_ALLOWANCE = {
    "RateLimit-Limit": "requests in a window",
    "RateLimit-Remaining": "requests that are left",
    "RateLimit-Reset": "seconds until all of them are back",
}
_SCHEMAS = "#/components/schemas/"


def header(words: str) -> dict[str, Any]:
    """A header of a response, described."""
    return {"description": words, "schema": {"type": "string"}}


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
        return HttpResponse(
            b"" if known else content,
            status=304 if known else 200,
            content_type="application/json; charset=utf-8",
            headers={"ETag": etag, "Cache-Control": "public, no-cache"},
        )

    return view


def description(api: NinjaAPI) -> dict[str, Any]:
    """The OpenAPI document: what ninja reads from the types, and what it can't know."""
    document: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="")))
    document["servers"] = [{"url": f"{settings.PUBLIC_URL}{BASE}"}]
    document["tags"] = [{"name": name, "description": words} for name, words in TAGS.items()]
    problems: dict[str, Any] = {}
    for operations in document["paths"].values():
        for operation in operations.values():
            _complete(operation, problems)
    headers = {name: header(words) for name, words in _ALLOWANCE.items()}
    document["components"] |= {"responses": problems, "headers": headers}
    _drop_unused(document)
    return document


def _complete(operation: dict[str, Any], problems: dict[str, Any]) -> None:
    for parameter in operation["parameters"]:
        parameter["schema"] = _never_null(parameter["schema"])
    for status, response in operation["responses"].items():
        if int(status) < 400:
            response.setdefault("headers", {}).update(_allowance())
            continue
        name = response["description"].replace(" ", "")
        problems.setdefault(name, _problem(status, response["description"]))
        operation["responses"][status] = {"$ref": f"#/components/responses/{name}"}


def _problem(status: str, words: str) -> dict[str, Any]:
    headers: dict[str, Any] = _allowance()
    if status == "401":
        headers = {"WWW-Authenticate": header("how to sign in")}
    if status in {"409", "429"}:
        headers["Retry-After"] = header("seconds to wait")
    return {
        "description": words,
        "content": {MEDIA_TYPE: {"schema": {"$ref": f"{_SCHEMAS}Problem"}}},
        "headers": headers,
    }


def _allowance() -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in _ALLOWANCE}


def _never_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter's schema without null, which no address can say; examples as 3.1 has them."""
    choices = [one for one in schema.pop("anyOf", []) if one != {"type": "null"}]
    merged = {**(choices[0] if choices else {}), **schema}
    if "example" in merged:
        merged["examples"] = [merged.pop("example")]
    return merged


def _drop_unused(document: dict[str, Any]) -> None:
    """Drop what no operation refers to: the parameters that were read from a class of their own."""
    written = json.dumps(document)
    schemas = document["components"]["schemas"]
    for name in [name for name in schemas if f'"{_SCHEMAS}{name}"' not in written]:
        del schemas[name]
