"""The API put together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from ninja import NinjaAPI
from ninja.renderers import JSONRenderer

from parley.web.api import (
    assisting,
    attachments,
    channels,
    desk,
    ending,
    exports,
    fields,
    making_orders,
    me,
    messages,
    money,
    order_actions,
    tickets,
    topics,
)
from parley.web.api.auth import Token
from parley.web.api.bodies import StrictParser
from parley.web.api.describing import description_view
from parley.web.api.envelope import enveloped, nothing_here
from parley.web.api.problems import HANDLERS, Refused, answer

NAMESPACE = "api"


class CompactJson(JSONRenderer):
    """JSON in UTF-8, without blanks."""

    json_dumps_params = {"ensure_ascii": False, "separators": (",", ":")}  # noqa: RUF012


def _api() -> NinjaAPI:
    made = NinjaAPI(
        title="Parley",
        version="1",
        description="The support desk of a marketplace, for programs. See docs/api.md.",
        openapi_url=None,
        docs_url=None,
        urls_namespace=NAMESPACE,
        auth=Token(),
        parser=StrictParser(),
        renderer=CompactJson(),
    )
    for kind, tell in HANDLERS.items():
        made.add_exception_handler(kind, _told(tell))
    for resource in (
        me, topics, tickets, fields, messages, ending, desk, assisting, making_orders, order_actions,
        attachments, channels, exports, money,
    ):  # fmt: skip
        made.add_router("", resource.router)
    return made


def _told(
    tell: Callable[[HttpRequest, Any], Refused],
) -> Callable[[HttpRequest, Any], HttpResponse]:
    return lambda request, exc: answer(tell(request, exc))


def _patterns(api: NinjaAPI) -> list[URLPattern]:
    found = [p for p in api.urls[0] if isinstance(p, URLPattern) and p.name != "api-root"]
    return [
        path("openapi.json", enveloped(description_view(api)), name="openapi"),
        *(URLPattern(p.pattern, enveloped(p.callback), p.default_args, p.name) for p in found),
        re_path(r"", enveloped(nothing_here)),
    ]


api = _api()
urls: tuple[list[URLPattern], str, str] = (_patterns(api), "ninja", NAMESPACE)
